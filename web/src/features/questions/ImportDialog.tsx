import { Alert, Badge, Button, FileInput, Group, SegmentedControl, Stack, Table, Text, Textarea } from '@mantine/core';
import { IconCheck, IconFileText } from '@tabler/icons-react';
import { useState } from 'react';
import { useImport } from '../../api/queries/questions';
import type { Imported } from '../../api/types';
import { text } from '../../text';
import { questions as words } from '../../text/questions';
import { Dialog } from '../../ui/Dialog';
import { Refusal } from './Refusal';
import classes from './questions.module.css';

type Line = Imported['items'][number];

const SHOWN = 200;
const LARGEST_CHARACTERS = 1_000_000;
const COLOR: Record<Line['status'], string> = { new: 'viva', duplicate: 'gray', wrong: 'red' };

function Preview({ checked }: { checked: Imported }) {
  const [only, setOnly] = useState<'all' | 'wrong'>(checked.wrong_count > 0 ? 'wrong' : 'all');
  const lines = checked.items.filter((line) => only === 'all' || line.status === 'wrong');
  return (
    <Stack gap="sm" data-testid="import-preview">
      <Group justify="space-between">
        <Group gap="xs">
          <Badge color="viva" variant="light" tt="none">
            {words.importNew(checked.new_count)}
          </Badge>
          <Badge color="gray" variant="light" tt="none">
            {words.importDuplicate(checked.duplicate_count)}
          </Badge>
          <Badge color="red" variant="light" tt="none">
            {words.importWrong(checked.wrong_count)}
          </Badge>
        </Group>
        <SegmentedControl
          size="xs"
          data={[
            { value: 'all', label: words.importAll },
            { value: 'wrong', label: words.importOnlyWrong },
          ]}
          value={only}
          onChange={setOnly}
        />
      </Group>
      <div className={classes.scroll}>
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {lines.slice(0, SHOWN).map((line) => (
              <Table.Tr key={line.line} data-testid="import-line" data-status={line.status}>
                <Table.Td c="dimmed" w={48} ta="right">
                  <Text span size="xs" title={words.importLine}>
                    {line.line}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" lineClamp={2}>
                    {line.text || '–'}
                  </Text>
                  {line.problems.map((problem) => (
                    <Text key={`${problem.field} ${problem.problem}`} size="xs" c="var(--viva-danger)">
                      {words.importColumn[problem.field] ?? problem.field}: {problem.problem}
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td ta="right" w={1}>
                  <Badge color={COLOR[line.status]} variant="light" tt="none" size="sm" miw="max-content">
                    {words.importStatus[line.status]}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {lines.length > SHOWN && (
          <Text size="sm" c="dimmed" p="sm">
            {words.importMore(lines.length - SHOWN)}
          </Text>
        )}
      </div>
    </Stack>
  );
}

/** Takes a CSV file, shows what would become of each line, and imports what is new. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [csv, setCsv] = useState('');
  const check = useImport();
  const go = useImport();
  const tooLarge = csv.length > LARGEST_CHARACTERS;
  const checked = check.data;

  const change = (next: string) => {
    setCsv(next);
    check.reset();
    go.reset();
  };
  const read = (file: File | null) => {
    if (file === null) change('');
    else if (file.size > 4 * LARGEST_CHARACTERS) change('x'.repeat(LARGEST_CHARACTERS + 1));
    else
      void file.text().then((content) => {
        change(content);
        if (content.length <= LARGEST_CHARACTERS) check.mutate({ csv: content, dry_run: true });
      });
  };

  return (
    <Dialog title={words.importTitle} width={720} onClose={onClose}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {words.importLead}
        </Text>
        <FileInput
          label={words.importFile}
          placeholder={words.importChoose}
          accept=".csv,text/csv,text/plain"
          clearable
          leftSection={<IconFileText size={18} aria-hidden />}
          onChange={read}
          error={tooLarge ? words.importTooLarge : null}
        />
        {!tooLarge && (
          <Textarea label={words.importPaste} autosize minRows={2} maxRows={6} value={csv} onChange={(event) => change(event.currentTarget.value)} data-testid="import-text" />
        )}
        <Refusal error={check.error ?? go.error} />
        {checked && !go.isSuccess && <Preview checked={checked} />}
        {go.isSuccess && (
          <Alert color="viva" variant="light" icon={<IconCheck size={20} />} role="status" data-testid="import-done">
            {words.importDone(go.data.new_count)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {go.isSuccess ? text.common.close : text.common.cancel}
          </Button>
          {!checked && (
            <Button disabled={csv.trim() === '' || tooLarge} loading={check.isPending} onClick={() => check.mutate({ csv, dry_run: true })} data-testid="import-check">
              {words.importCheck}
            </Button>
          )}
          {checked && !go.isSuccess && (
            <Button disabled={checked.new_count === 0} loading={go.isPending} onClick={() => go.mutate({ csv, dry_run: false })} data-testid="import-go">
              {checked.new_count === 0 ? words.importNothing : words.importGo(checked.new_count)}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
