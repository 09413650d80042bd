import { ActionIcon, Button, Group, NumberInput, Text, Textarea } from '@mantine/core';
import { IconClock, IconGripVertical, IconPlus, IconTrash, IconZoomQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import { interviews } from '../../text/interviews';
import { AddQuestions } from '../../ui/collection/AddQuestions';
import { useReorder } from '../../ui/useReorder';
import { newQuestion, withBank, type FormQuestion, type InterviewForm } from './interviewForm';
import classes from './interviews.module.css';

const words = interviews.form;

interface RowProps {
  question: FormQuestion;
  place: number;
  of: number;
  form: InterviewForm;
  dragged: boolean;
  handle: object;
  onChange: (part: Partial<FormQuestion>) => void;
  onRemove: () => void;
}

const seconds = (value: number | string) => (typeof value === 'number' ? value : null);

function Row({ question, place, of, form, dragged, handle, onChange, onRemove }: RowProps) {
  const [timed, setTimed] = useState(question.think !== null || question.answer !== null);
  return (
    <li className={dragged ? `${classes.asked} ${classes.dragged}` : classes.asked} data-place={place} data-testid="form-question">
      <ActionIcon variant="subtle" color="gray" size={36} className={classes.handle} aria-label={words.move(place + 1, of)} data-testid="question-handle" {...handle}>
        <IconGripVertical size={18} />
      </ActionIcon>
      <div className={classes.who}>
        <Textarea
          autosize
          minRows={1}
          maxLength={500}
          aria-label={words.question(place + 1)}
          value={question.text}
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
        {timed && (
          <Group gap="xs" mt={4}>
            <NumberInput w={120} size="xs" label={words.ownThink} min={0} max={600} placeholder={String(form.think)} value={question.think ?? ''} onChange={(value) => onChange({ think: seconds(value) })} />
            <NumberInput w={120} size="xs" label={words.ownAnswer} min={5} max={3600} placeholder={String(form.answer)} value={question.answer ?? ''} onChange={(value) => onChange({ answer: seconds(value) })} />
          </Group>
        )}
      </div>
      <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.ownTimes(place + 1)} aria-expanded={timed} onClick={() => setTimed(!timed)}>
        <IconClock size={18} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.removeQuestion(place + 1)} onClick={onRemove}>
        <IconTrash size={18} />
      </ActionIcon>
    </li>
  );
}

interface Props {
  form: InterviewForm;
  change: (part: Partial<InterviewForm>) => void;
  error: string | undefined;
}

/** The questions of an interview in their order: written, taken from the collection, moved, removed. */
export function QuestionsEditor({ form, change, error }: Props) {
  const [said, setSaid] = useState('');
  const [choosing, setChoosing] = useState(false);
  const { questions } = form;
  const { dragged, handle } = useReorder(questions, (next) => {
    const place = next.findIndex((item, index) => item.id !== questions[index]?.id);
    if (place !== -1) setSaid(words.moved(place + 1, next.length));
    change({ questions: next });
  });
  const set = (id: string, part: Partial<FormQuestion>) => change({ questions: questions.map((old) => (old.id === id ? { ...old, ...part } : old)) });
  const present = questions.flatMap(({ source }) => (source === null ? [] : [{ id: source }]));

  return (
    <section aria-label={words.questions}>
      <Text fw={600}>{words.questions}</Text>
      <Text size="sm" c="dimmed" mb="xs">
        {words.questionsHint}
      </Text>
      <ol className={classes.lines}>
        {questions.map((question, place) => (
          <Row
            key={question.id}
            question={question}
            place={place}
            of={questions.length}
            form={form}
            dragged={dragged === question.id}
            handle={handle(question, place)}
            onChange={(part) => set(question.id, part)}
            onRemove={() => change({ questions: questions.filter(({ id }) => id !== question.id) })}
          />
        ))}
      </ol>
      {error && (
        <Text size="sm" c="var(--viva-danger)" role="alert" mt={4} data-problem>
          {error}
        </Text>
      )}
      <Group gap="xs" mt="xs">
        <Button variant="default" size="sm" leftSection={<IconPlus size={16} />} onClick={() => change({ questions: [...questions, newQuestion()] })} data-testid="question-add">
          {words.addQuestion}
        </Button>
        <Button variant="default" size="sm" leftSection={<IconZoomQuestion size={16} />} onClick={() => setChoosing(true)} data-testid="question-choose">
          {words.fromCollection}
        </Button>
      </Group>
      <span className={classes.hidden} role="status">
        {said}
      </span>
      {choosing && (
        <AddQuestions
          present={present}
          onAdd={(chosen) => {
            change(withBank(form, chosen));
            setChoosing(false);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </section>
  );
}
