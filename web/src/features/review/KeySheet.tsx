import { Kbd, Table } from '@mantine/core';
import { review as reviewText } from '../../text/review';
import { Dialog } from '../../ui/Dialog';

const { shortcut, key } = reviewText;
const ROWS: [string[], string][] = [
  [[key.space, 'K'], shortcut.toggle],
  [['←', '→'], shortcut.back],
  [['J', 'L'], shortcut.back_far],
  [['⇧ ←', '⇧ →'], shortcut.previous_incident],
  [['C'], shortcut.confirm],
  [['D'], shortcut.dismiss],
  [['U'], shortcut.take_back],
  [['N'], shortcut.note],
  [['Z', '⇧ Z'], shortcut.zoom],
  [['Home', 'End'], shortcut.ends],
  [['?'], shortcut.help],
];

/** All keys of the desk. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={reviewText.keys} onClose={onClose}>
      <Table data-testid="key-sheet">
        <Table.Tbody>
          {ROWS.map(([keys, label]) => (
            <Table.Tr key={label}>
              <Table.Td w={152}>
                {keys.map((name) => (
                  <Kbd key={name} mr={6}>
                    {name}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{label}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Dialog>
  );
}
