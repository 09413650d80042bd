import { Button, FileButton, Group, Stack, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useListPreview } from '../../api/queries/invites';
import { interviews as words } from '../../text/interviews';
import { ErrorNote } from '../../ui/ErrorNote';
import { ListPreview } from './ListPreview';

const TYPING_MS = 300;
const MAX_PASTED = 300_000;

/** How a pasted list is looked over: `fine` counts those who can be invited, null while that is not known. */
export function useLookedOver(interviewId: string, pasted: string) {
  const [settled] = useDebouncedValue(pasted, TYPING_MS);
  const preview = useListPreview(interviewId, settled);
  const empty = pasted.trim() === '';
  const looked = !empty && settled === pasted && preview.isSuccess && !preview.isPlaceholderData;
  return { preview, empty, looked, fine: empty ? 0 : looked ? preview.data.fine : null };
}

interface Props {
  pasted: string;
  onChange: (pasted: string) => void;
  looked: ReturnType<typeof useLookedOver>;
}

/** People to invite, pasted or from a file; each line is marked before anything is sent. */
export function InviteList({ pasted, onChange, looked }: Props) {
  const { preview, empty } = looked;
  const read = async (file: File | null) => {
    if (file) onChange((await file.text()).slice(0, MAX_PASTED));
  };
  return (
    <Stack gap="md">
      <Stack gap="xs">
        <Textarea
          label={words.emails}
          description={words.emailsHint}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={MAX_PASTED}
          value={pasted}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={looked.looked && looked.fine === 0 && words.emailsMissing}
          data-autofocus
        />
        <Group>
          <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={(file) => void read(file)}>
            {(props) => (
              <Button {...props} variant="subtle" size="xs" leftSection={<IconFileSpreadsheet size={16} />}>
                {words.chooseFile}
              </Button>
            )}
          </FileButton>
        </Group>
      </Stack>
      {!empty && preview.data && <ListPreview lines={preview.data.items} fine={preview.data.fine} />}
      <ErrorNote error={empty ? null : preview.error} />
    </Stack>
  );
}
