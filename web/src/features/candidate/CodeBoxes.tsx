import { Fragment, useEffect, useRef, type KeyboardEvent } from 'react';
import { eraseAt, moveFocus, typeInto, type CodeEntry } from '../../core/codeEntry';
import { text } from '../../text';
import classes from './CodeBoxes.module.css';

interface Props {
  entry: CodeEntry;
  onChange: (entry: CodeEntry) => void;
  onSubmit: () => void;
  invalid: boolean;
}

/** A hyphen stands between the halves, as in the mail. */
const HALF = 3;

/** Six boxes for six digits; typing moves on, pasting fills all. */
export function CodeBoxes({ entry, onChange, onSubmit, invalid }: Props) {
  const boxes = useRef<(HTMLInputElement | null)[]>([]);

  useEffect(() => boxes.current[entry.focus]?.focus(), [entry]);

  const onKeyDown = (index: number) => (event: KeyboardEvent) => {
    const next =
      event.key === 'Backspace' ? eraseAt(entry, index)
      : event.key === 'ArrowLeft' ? moveFocus({ ...entry, focus: index }, -1)
      : event.key === 'ArrowRight' ? moveFocus({ ...entry, focus: index }, 1)
      : null;
    if (event.key === 'Enter') onSubmit();
    if (!next) return;
    event.preventDefault();
    onChange(next);
  };

  return (
    <div className={classes.code} role="group" aria-label={text.candidate.codeGroup}>
      {entry.boxes.map((box, index) => (
        <Fragment key={index}>
        {index === HALF && <i aria-hidden="true" />}
        <input
          ref={(element) => {
            boxes.current[index] = element;
          }}
          className={classes.box}
          value={box}
          inputMode="numeric"
          autoComplete={index === 0 ? 'one-time-code' : 'off'}
          aria-label={text.candidate.digit(index + 1)}
          aria-invalid={invalid}
          data-autofocus={index === entry.focus || undefined}
          data-testid={`code-${index + 1}`}
          onChange={(event) => onChange(typeInto(entry, index, event.currentTarget.value.replace(box, '') || event.currentTarget.value))}
          onPaste={(event) => {
            event.preventDefault();
            onChange(typeInto(entry, index, event.clipboardData.getData('text')));
          }}
          onKeyDown={onKeyDown(index)}
          onFocus={(event) => event.currentTarget.select()}
        />
        </Fragment>
      ))}
    </div>
  );
}
