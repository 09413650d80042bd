import { ActionIcon, Button, Paper, Text } from '@mantine/core';
import { IconPencil, IconPlus, IconTemplate, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useRemoveTemplate, useTemplates } from '../../api/queries/questions';
import type { Template } from '../../api/types';
import { apportion } from '../../core/apportion';
import { questions as words } from '../../text/questions';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorState, Loading, Message } from '../../ui/States';
import { Collection } from './Collection';
import { DrawDialog } from './DrawDialog';
import classes from './questions.module.css';
import { Refusal } from './Refusal';
import { TemplateDrawer } from './TemplateDrawer';

const names = (items: { name: string }[]): string => items.map(({ name }) => name).join(', ');

function Summary({ template }: { template: Template }) {
  const { easy_percent, medium_percent, hard_percent } = template;
  const [easy = 0, medium = 0, hard = 0] = apportion(template.question_count, [easy_percent, medium_percent, hard_percent]);
  const from = template.banks.length > 0 ? words.fromBanks(names(template.banks)) : words.fromAll;
  const tagged = template.tags.length > 0 ? `, ${words.withTags(names(template.tags))}` : '';
  return (
    <>
      <Text size="sm" c="dimmed">
        {words.questions(template.question_count)}: {words.templateForm.becomes(easy, medium, hard)}
      </Text>
      <Text size="sm" c="dimmed">
        {words.minutes(template.duration_minutes)} · {words.level(template.difficulty)} · {from}
        {tagged}
      </Text>
    </>
  );
}

interface RowProps {
  template: Template;
  onEdit: () => void;
  onPreview: () => void;
}

function Row({ template, onEdit, onPreview }: RowProps) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveTemplate();
  return (
    <li className={`${classes.row} ${classes.stacks}`} data-testid="template-row">
      <div className={classes.text}>
        <Text fw={600}>{template.name}</Text>
        <Summary template={template} />
        <Refusal error={remove.error} />
      </div>
      <div className={classes.actions}>
        <Button variant="default" size="sm" aria-label={words.previewOf(template.name)} onClick={onPreview} data-testid="template-preview">
          {words.preview}
        </Button>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.edit(template.name)} onClick={onEdit} data-testid="template-edit">
          <IconPencil size={18} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.remove(template.name)} onClick={() => setAsking(true)}>
          <IconTrash size={18} />
        </ActionIcon>
      </div>
      <ConfirmDialog
        opened={asking}
        danger
        title={words.templateRemoveTitle(template.name)}
        lead={words.templateRemoveLead}
        confirm={words.form.archive}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(template, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      />
    </li>
  );
}

/** The interview templates of the organisation. */
export default function TemplatesPage() {
  const templates = useTemplates();
  const [editing, setEditing] = useState<Template | 'create' | null>(null);
  const [previewing, setPreviewing] = useState<Template | null>(null);
  const button = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setEditing('create')} data-testid="template-create">
      {words.templateCreate}
    </Button>
  );
  return (
    <Collection title={words.templatesTitle} lead={words.templatesLead} actions={templates.data?.length ? button : null}>
      {templates.isPending && <Loading />}
      {templates.isError && <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />}
      {templates.data?.length === 0 && (
        <Message title={words.templatesEmptyTitle} hint={words.templatesEmptyHint} icon={<IconTemplate size={28} />} color="viva">
          {button}
        </Message>
      )}
      {templates.data && templates.data.length > 0 && (
        <Paper withBorder radius="lg" component="ul" className={classes.list}>
          {templates.data.map((template) => (
            <Row key={template.id} template={template} onEdit={() => setEditing(template)} onPreview={() => setPreviewing(template)} />
          ))}
        </Paper>
      )}
      {editing && <TemplateDrawer template={editing === 'create' ? null : editing} onClose={() => setEditing(null)} />}
      {previewing && <DrawDialog template={previewing} onClose={() => setPreviewing(null)} />}
    </Collection>
  );
}
