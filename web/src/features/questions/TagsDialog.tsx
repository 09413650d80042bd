import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState, type SyntheticEvent } from 'react';
import { useRemoveTag, useRenameTag, useTags } from '../../api/queries/questions';
import type { Tag } from '../../api/types';
import { questions as words } from '../../text/questions';
import { Dialog } from '../../ui/Dialog';
import { ErrorState, Loading } from '../../ui/States';
import { Refusal } from './Refusal';

function Line({ tag }: { tag: Tag }) {
  const [name, setName] = useState(tag.name);
  const rename = useRenameTag();
  const remove = useRemoveTag();
  const changed = name.trim() !== '' && name.trim() !== tag.name;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (changed) rename.mutate({ of: tag, name: name.trim() });
  };
  return (
    <form onSubmit={submit} data-testid="tag-row">
      <Group gap="xs" wrap="nowrap">
        <TextInput flex={1} maxLength={50} aria-label={words.tagName(tag.name)} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {changed ? (
          <Button type="submit" size="sm" loading={rename.isPending}>
            {words.tagSave}
          </Button>
        ) : (
          <Text size="sm" c="dimmed" miw="12ch" ta="right">
            {words.questions(tag.question_count)}
          </Text>
        )}
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.remove(tag.name)} loading={remove.isPending} onClick={() => remove.mutate(tag)}>
          <IconTrash size={18} />
        </ActionIcon>
      </Group>
      <Refusal error={rename.error ?? remove.error} />
    </form>
  );
}

/** The tags with how often they are used; each can be renamed everywhere at once. */
export function TagsDialog({ onClose }: { onClose: () => void }) {
  const tags = useTags();
  return (
    <Dialog drawer title={words.tagsTitle} width={480} onClose={onClose}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {words.tagsLead}
        </Text>
        {tags.isPending && <Loading />}
        {tags.isError && <ErrorState error={tags.error} onRetry={() => void tags.refetch()} />}
        {tags.data?.length === 0 && <Text>{words.tagsEmpty}</Text>}
        {tags.data?.map((tag) => (
          <Line key={`${tag.id} ${tag.version}`} tag={tag} />
        ))}
      </Stack>
    </Dialog>
  );
}
