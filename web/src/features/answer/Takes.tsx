import { Button } from '@mantine/core';
import { useSelectTake } from '../../api/queries/session';
import type { Question } from '../../api/types';
import { currentTakes, isLast, takesLeft, type Take } from '../../core/flow/oneWay';
import { text } from '../../text';
import { Foot, Lead, Two } from '../../ui/CandidateShell';
import { ErrorNote } from '../../ui/ErrorNote';
import { Note } from '../../ui/Note';
import classes from './answer.module.css';
import type { AnswerFlow } from './useAnswerFlow';

const words = text.attend.answer;

function TakeChoice({ take, onChoose }: { take: Take; onChoose: () => void }) {
  return (
    <label data-testid="take" data-selected={take.selected || undefined}>
      <input type="radio" name="take" checked={take.selected} onChange={onChoose} />
      <b>{words.take(take.number)}</b>
      <span>{words.takeSaved}</span>
    </label>
  );
}

function FreeTake({ number, question }: { number: number; question: Question }) {
  return (
    <label data-free>
      <input type="radio" name="take" disabled />
      <b>{words.take(number)}</b>
      <span>{words.takeYours(text.common.duration(question.answer_seconds))}</span>
    </label>
  );
}

interface Props {
  sessionId: string;
  answer: AnswerFlow;
  question: Question;
  /** The recording ended because the server went away. */
  cut: boolean;
}

/** The takes of one answer: listen back, choose the one that counts, or try once more. */
export function Takes({ sessionId, answer, question, cut }: Props) {
  const select = useSelectTake(sessionId);
  const takes = currentTakes(answer.flow);
  const chosen = takes.find((take) => take.selected) ?? takes.at(-1);
  const left = takesLeft(answer.flow);
  const number = chosen?.number ?? 1;

  const choose = (videoId: string) => select.mutate(videoId, { onSuccess: () => answer.select(videoId) });
  return (
    <Two>
      <div>
        {chosen && (
          // eslint-disable-next-line jsx-a11y/media-has-caption -- one's own words, a minute ago
          <video key={chosen.videoId} className={classes.take} src={`/api/v1/videos/${chosen.videoId}/file`} controls preload="metadata" playsInline />
        )}
      </div>
      <div data-testid="answer-saved">
        <h1 className={classes.happy}>{words.happy}</h1>
        <Lead>{words.happyLead}</Lead>
        {cut && <Note tone="hint">{words.savedCut}</Note>}
        <fieldset className={classes.takes} aria-label={words.takes}>
          {takes.map((take) => (
            <TakeChoice key={take.videoId} take={take} onChoose={() => choose(take.videoId)} />
          ))}
          {left > 0 && <FreeTake number={takes.length + 1} question={question} />}
        </fieldset>
        <ErrorNote error={select.error} />
        <Foot>
          <Button size="lg" onClick={answer.next} data-testid="next-question">
            {isLast(answer.flow) ? words.keepLast(number) : words.keep(number)}
          </Button>
          {left > 0 && (
            <Button size="lg" variant="default" onClick={answer.retake} data-testid="retake">
              {words.retake}
            </Button>
          )}
        </Foot>
      </div>
    </Two>
  );
}
