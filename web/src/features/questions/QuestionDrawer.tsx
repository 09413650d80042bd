import { Button, Group, Input, SegmentedControl, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useId, useState, type SyntheticEvent } from 'react';
import { useChangeQuestion, useCreateQuestion, useRemoveQuestion, useTags } from '../../api/queries/questions';
import type { BankQuestion, Difficulty } from '../../api/types';
import { text } from '../../text';
import { questions } from '../../text/questions';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Dialog } from '../../ui/Dialog';
import { Refusal } from './Refusal';
import { tagNames } from './tagNames';

const words = questions.form;
const LONGEST = 500;
const DIFFICULTIES = Object.entries(questions.difficulty).map(([value, label]) => ({ value, label }));
const CATEGORIES = ['technical', 'behavioral', 'domain-specific', 'custom'];

interface Props {
  /** Null writes a new one. */
  question: BankQuestion | null;
  onClose: () => void;
}

/** Asks before a question goes. */
function Remove({ question, onDone }: { question: BankQuestion; onDone: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveQuestion();
  return (
    <>
      <Button variant="subtle" color="red" leftSection={<IconTrash size={18} />} onClick={() => setAsking(true)} data-testid="question-remove">
        {words.archive}
      </Button>
      <Refusal error={remove.error} />
      <ConfirmDialog
        opened={asking}
        danger
        title={questions.removeTitle}
        lead={questions.removeLead}
        confirm={words.archive}
        busy={remove.isPending}
        testId="question-remove-confirm"
        onConfirm={() => remove.mutate(question, { onSuccess: onDone, onError: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

/** Writes a question, or writes it anew. */
export function QuestionDrawer({ question, onClose }: Props) {
  const [asked, setAsked] = useState(question?.text ?? '');
  const [category, setCategory] = useState(question?.category ?? 'technical');
  const [difficulty, setDifficulty] = useState<Difficulty>(question?.difficulty ?? 'medium');
  const [tags, setTags] = useState(question?.tags.map((tag) => tag.name) ?? []);
  const [tried, setTried] = useState(false);
  const known = useTags();
  const create = useCreateQuestion();
  const change = useChangeQuestion();
  const list = useId();

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (asked.trim() === '' || category.trim() === '') return;
    const body = { text: asked.trim(), category: category.trim(), difficulty, tags };
    if (question === null) create.mutate(body, { onSuccess: onClose });
    else change.mutate({ of: question, body }, { onSuccess: onClose });
  };

  return (
    <Dialog drawer title={question === null ? words.create : words.edit} width={480} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Textarea
            label={words.text}
            description={words.left(LONGEST - asked.length)}
            autosize
            minRows={4}
            maxLength={LONGEST}
            value={asked}
            onChange={(event) => setAsked(event.currentTarget.value)}
            error={tried && asked.trim() === '' ? words.textMissing : null}
            data-autofocus
          />
          <Stack gap={4}>
            <Input.Label component="span">{questions.difficultyLabel}</Input.Label>
            <SegmentedControl aria-label={questions.difficultyLabel} data={DIFFICULTIES} value={difficulty} onChange={(value) => setDifficulty(value as Difficulty)} />
          </Stack>
          <TextInput
            label={words.category}
            description={words.categoryHint}
            maxLength={50}
            list={list}
            value={category}
            onChange={(event) => setCategory(event.currentTarget.value)}
            error={tried && category.trim() === '' ? words.categoryMissing : null}
          />
          <datalist id={list}>
            {CATEGORIES.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <TagsInput
            label={words.tags}
            description={words.tagsHint}
            data={known.data?.map((tag) => tag.name) ?? []}
            value={tags}
            onChange={(names) => setTags(tagNames(names))}
            maxTags={20}
            maxLength={50}
            splitChars={[',', ';']}
            acceptValueOnBlur
            comboboxProps={{ withinPortal: false }}
          />
          <Refusal error={create.error ?? change.error} />
          <Group justify="space-between">
            {question !== null && question.archived_at === null ? <Remove question={question} onDone={onClose} /> : <span />}
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {text.common.cancel}
              </Button>
              <Button type="submit" loading={create.isPending || change.isPending} data-testid="question-save">
                {text.common.save}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
