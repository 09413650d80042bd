import { Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useBanks, useTags, type QuestionFilter } from '../../api/queries/questions';
import { questions as words } from '../../text/questions';

export const NONE: QuestionFilter = { q: '', difficulty: null, tag: null, bank: null, archived: false };

const options = (items: { id: string; name: string }[]) => [{ value: '', label: words.any }, ...items.map(({ id, name }) => ({ value: id, label: name }))];

interface Props {
  filter: QuestionFilter;
  onChange: (filter: QuestionFilter) => void;
}

/** What the list of questions shows. */
export function QuestionFilters({ filter, onChange }: Props) {
  const tags = useTags();
  const banks = useBanks();
  const difficulties = Object.entries(words.difficulty).map(([id, name]) => ({ id, name }));
  return (
    <Group gap="md" align="flex-end" role="search">
      <TextInput
        flex="1 1 240px"
        label={words.search}
        maxLength={200}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={filter.q}
        onChange={(event) => onChange({ ...filter, q: event.currentTarget.value })}
      />
      <NativeSelect
        label={words.difficultyLabel}
        data={options(difficulties)}
        value={filter.difficulty ?? ''}
        onChange={(event) => onChange({ ...filter, difficulty: (event.currentTarget.value || null) as QuestionFilter['difficulty'] })}
      />
      <NativeSelect
        label={words.tag}
        maw={180}
        data={options(tags.data ?? [])}
        value={filter.tag ?? ''}
        onChange={(event) => onChange({ ...filter, tag: event.currentTarget.value || null })}
      />
      <NativeSelect
        label={words.bank}
        maw={220}
        data={options(banks.data ?? [])}
        value={filter.bank ?? ''}
        onChange={(event) => onChange({ ...filter, bank: event.currentTarget.value || null })}
      />
      <Checkbox pb={8} label={words.archive} checked={filter.archived} onChange={(event) => onChange({ ...filter, archived: event.currentTarget.checked })} />
    </Group>
  );
}
