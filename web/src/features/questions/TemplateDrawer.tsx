import { Button, Group, Input, MultiSelect, NumberInput, SegmentedControl, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useBanks, useSaveTemplate, useTags } from '../../api/queries/questions';
import type { Template } from '../../api/types';
import { text } from '../../text';
import { questions } from '../../text/questions';
import { Dialog } from '../../ui/Dialog';
import classes from './questions.module.css';
import { Refusal } from './Refusal';
import { tagNames } from './tagNames';
import { complete, formOf, nameProblem, percentSum, spreadOf, templateBody, type TemplateForm } from './templateForm';

const words = questions.templateForm;
const LEVELS = [1, 2, 3, 4, 5].map(String);
const KINDS = ['easy', 'medium', 'hard'] as const;

interface FieldsProps {
  form: TemplateForm;
  change: (part: Partial<TemplateForm>) => void;
}

function Spread({ form, change }: FieldsProps) {
  const sum = percentSum(form);
  const parts = spreadOf(form);
  return (
    <Stack gap="xs" component="fieldset" bd={0} p={0} m={0}>
      <Input.Label component="legend">{words.spread}</Input.Label>
      <Group grow gap="xs">
        {KINDS.map((kind) => (
          <NumberInput
            key={kind}
            label={words.percent[kind]}
            min={0}
            max={100}
            step={5}
            allowDecimal={false}
            clampBehavior="strict"
            value={form[kind]}
            onChange={(value) => change({ [kind]: value })}
            error={sum !== 100}
          />
        ))}
      </Group>
      <div className={classes.spread} aria-hidden>
        {KINDS.map((kind) => (
          <span key={kind} className={classes[kind]} style={{ width: `${Number(form[kind]) || 0}%` }} />
        ))}
      </div>
      <Group justify="space-between" gap="xs" role="status">
        <Text size="sm" c={sum === 100 ? 'dimmed' : 'var(--viva-danger)'} data-testid="template-sum">
          {words.sum(sum)}
        </Text>
        {parts && (
          <Text size="sm" c="dimmed" data-testid="template-spread">
            {words.becomes(...parts)}
          </Text>
        )}
      </Group>
    </Stack>
  );
}

function Sources({ form, change }: FieldsProps) {
  const banks = useBanks();
  const tags = useTags();
  return (
    <>
      <MultiSelect
        label={words.banks}
        description={words.banksHint}
        data={banks.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={form.bankIds}
        onChange={(bankIds) => change({ bankIds })}
        maxValues={20}
        comboboxProps={{ withinPortal: false }}
      />
      <TagsInput
        label={words.tags}
        description={words.tagsHint}
        data={tags.data?.map(({ name }) => name) ?? []}
        value={form.tags}
        onChange={(names) => change({ tags: tagNames(names) })}
        maxTags={20}
        maxLength={50}
        splitChars={[',', ';']}
        comboboxProps={{ withinPortal: false }}
      />
    </>
  );
}

function Amounts({ form, change }: FieldsProps) {
  return (
    <>
      <Group grow gap="xs">
        <NumberInput label={words.count} min={1} max={50} allowDecimal={false} clampBehavior="strict" value={form.count} onChange={(count) => change({ count })} />
        <NumberInput
          label={words.duration}
          min={1}
          max={480}
          step={5}
          allowDecimal={false}
          clampBehavior="strict"
          value={form.duration}
          onChange={(duration) => change({ duration })}
        />
      </Group>
      <Stack gap={4}>
        <Input.Label component="span">{words.difficulty}</Input.Label>
        <SegmentedControl aria-label={words.difficulty} data={LEVELS} value={String(form.difficulty)} onChange={(value) => change({ difficulty: Number(value) })} />
      </Stack>
    </>
  );
}

interface Props {
  /** Null writes a new one. */
  template: Template | null;
  onClose: () => void;
}

/** Writes a template, or writes it anew. */
export function TemplateDrawer({ template, onClose }: Props) {
  const [form, setForm] = useState(() => formOf(template));
  const [tried, setTried] = useState(false);
  const save = useSaveTemplate();
  const change = (part: Partial<TemplateForm>) => setForm((old) => ({ ...old, ...part }));
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (nameProblem(form) === null && complete(form)) save.mutate({ of: template, body: templateBody(form) }, { onSuccess: onClose });
  };
  return (
    <Dialog drawer title={template === null ? words.create : words.edit} width={520} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={words.name}
            description={words.nameHint}
            maxLength={200}
            value={form.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={tried ? nameProblem(form) : null}
            data-autofocus
          />
          <Textarea
            label={words.description}
            description={words.descriptionHint}
            autosize
            minRows={2}
            maxLength={5000}
            value={form.description}
            onChange={(event) => change({ description: event.currentTarget.value })}
          />
          <Amounts form={form} change={change} />
          <Spread form={form} change={change} />
          <Sources form={form} change={change} />
          <Textarea
            label={words.guide}
            description={words.guideHint}
            autosize
            minRows={3}
            maxLength={20_000}
            value={form.guide}
            onChange={(event) => change({ guide: event.currentTarget.value })}
          />
          <Refusal error={save.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" disabled={!complete(form)} loading={save.isPending} data-testid="template-save">
              {text.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
