import { Alert, Button, Checkbox, Group, NativeSelect, NumberInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useDrawOnce, useTemplates } from '../../api/queries/questions';
import { usePeople } from '../../api/queries/staff';
import type { InterviewKind } from '../../api/types';
import { text } from '../../text';
import { interviews } from '../../text/interviews';
import { ErrorNote } from '../../ui/ErrorNote';
import { withDraw, type FormErrors, type InterviewForm } from './interviewForm';
import { QuestionsEditor } from './QuestionsEditor';

const words = interviews.form;

export interface FieldsProps {
  form: InterviewForm;
  change: (change: Partial<InterviewForm>) => void;
  errors: FormErrors;
}

/** Fills the form from a template, with a draw of its questions. */
function FromTemplate({ form, change }: FieldsProps) {
  const templates = useTemplates();
  const draw = useDrawOnce();
  const [chosen, setChosen] = useState('');
  const fill = (templateId: string) => {
    setChosen(templateId);
    if (templateId !== '') draw.mutate(templateId, { onSuccess: (drawn) => change(withDraw(form, drawn)) });
  };
  if (!templates.data?.length) return <ErrorNote error={templates.error} />;
  const options = [{ value: '', label: words.noTemplate }, ...templates.data.map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="xs">
        <NativeSelect flex={1} miw={220} label={words.template} description={words.templateHint} data={options} value={chosen} onChange={(event) => fill(event.currentTarget.value)} data-testid="template-choice" />
        {chosen !== '' && (
          <Button variant="default" leftSection={<IconRefresh size={18} />} loading={draw.isPending} onClick={() => fill(chosen)}>
            {words.drawAgain}
          </Button>
        )}
      </Group>
      {draw.data && draw.data.missing > 0 && (
        <Alert color="yellow" variant="light">
          {words.short(draw.data.missing)}
        </Alert>
      )}
      <ErrorNote error={draw.error} />
    </Stack>
  );
}

function Interviewers({ form, change, errors }: FieldsProps) {
  const people = usePeople();
  const able = people.data?.filter((person) => person.role !== 'candidate') ?? [];
  return (
    <Checkbox.Group
      label={words.interviewers}
      value={[...form.interviewerIds]}
      onChange={(interviewerIds) => change({ interviewerIds })}
      error={errors.interviewers}
    >
      <ErrorNote error={people.error} />
      <Stack gap="xs" mt="xs">
        {able.map((person) => (
          <Checkbox key={person.id} value={person.id} label={person.full_name} description={person.email} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function Times({ form, change }: FieldsProps) {
  const number = (value: number | string, least: number) => (typeof value === 'number' ? value : least);
  return (
    <>
      <Group grow align="flex-end" preventGrowOverflow={false}>
        <NumberInput miw={140} label={words.think} min={0} max={600} step={5} value={form.think} onChange={(value) => change({ think: number(value, 0) })} />
        <NumberInput miw={140} label={words.answer} min={5} max={3600} step={10} value={form.answer} onChange={(value) => change({ answer: number(value, 5) })} />
        <NumberInput miw={140} label={words.takes} min={1} max={10} value={form.takes} onChange={(value) => change({ takes: number(value, 1) })} />
      </Group>
      <Checkbox label={words.practice} checked={form.practice} onChange={(event) => change({ practice: event.currentTarget.checked })} />
    </>
  );
}

function Texts({ form, change, errors }: FieldsProps) {
  return (
    <>
      <TextInput label={words.title} maxLength={200} value={form.title} onChange={(event) => change({ title: event.currentTarget.value })} error={errors.title} data-testid="interview-title" />
      <Textarea
        label={words.description}
        description={words.descriptionHint}
        autosize
        minRows={2}
        maxLength={5000}
        value={form.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label={words.deadline}
        value={form.deadline}
        onChange={(event) => change({ deadline: event.currentTarget.value })}
        error={errors.deadline}
      />
    </>
  );
}

function Guide({ form, change }: FieldsProps) {
  return (
    <Textarea
      label={words.guide}
      description={words.guideHint}
      autosize
      minRows={2}
      maxRows={12}
      maxLength={20_000}
      value={form.guide}
      onChange={(event) => change({ guide: event.currentTarget.value })}
    />
  );
}

interface Props extends FieldsProps {
  /** Nobody has it yet, so a template may fill it. */
  fresh?: boolean;
  /** Somebody takes part: what they all share stays. */
  begun?: boolean;
}

/** What an interview asks, of whom, and how long it takes. */
export function WhatStep({ fresh = false, begun = false, ...fields }: Props) {
  const { form, change, errors } = fields;
  const kinds = Object.entries(text.common.kind).map(([value, label]) => ({ value, label }));
  return (
    <Stack gap="md">
      {fresh && <FromTemplate {...fields} />}
      <Texts {...fields} />
      {begun ? (
        <Alert color="yellow" variant="light">
          {interviews.wizard.fixed}
        </Alert>
      ) : (
        <>
          <Stack gap={4}>
            <SegmentedControl aria-label={words.kind} data={kinds} value={form.kind} onChange={(kind) => change({ kind: kind as InterviewKind })} />
            <Text size="sm" c="dimmed">
              {words.kindHint[form.kind]}
            </Text>
          </Stack>
          {form.kind === 'one_way' && <Times {...fields} />}
        </>
      )}
      {form.kind !== 'one_way' && <Interviewers {...fields} />}
      {!begun && <QuestionsEditor form={form} change={change} error={errors.questions} />}
      <Guide {...fields} />
    </Stack>
  );
}
