import { VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { CSSProperties, ReactNode } from 'react';
import { readableOn } from '../core/colour';
import { text } from '../text';
import classes from './CandidateShell.module.css';
import { OfflineBanner } from './Offline';

interface ShellProps {
  title: string;
  /** Who asks: named at the top instead of the product. */
  company?: string | undefined;
  /** The company's own colour, #rrggbb. */
  colour?: string | null;
  /** At the right of the bar: how far one is, or that it is being recorded. */
  end?: ReactNode;
  /** Grey ground instead of paper: the live room, whose page lays out its own inside. */
  room?: boolean;
  children: ReactNode;
}

/** The frame of every page a candidate sees on their way: the company, how far they are, one thing to do. */
export function CandidateShell({ title, company = text.common.product, colour = null, end, room = false, children }: ShellProps) {
  useDocumentTitle(`${title} · ${text.common.product}`);
  const brand = colour ? ({ '--company-accent': colour, '--company-ink': readableOn(colour) } as CSSProperties) : {};
  return (
    <div className={classes.shell} style={brand} data-ground={room || undefined}>
      <a href="#main" className={classes.skip}>
        {text.common.skipToContent}
      </a>
      <OfflineBanner />
      <header className={classes.top}>
        <span className={classes.company}>
          <span className={classes.mark} aria-hidden="true">
            {company.charAt(0).toUpperCase()}
          </span>
          <span>{company}</span>
        </span>
        {end && <div className={classes.end}>{end}</div>}
      </header>
      <main id="main" className={classes.main} tabIndex={-1}>
        {room ? children : <div className={classes.inside}>{children}</div>}
      </main>
    </div>
  );
}

/** How far one is: a segment for each step, and the word for this one. */
export function Steps({ at, of, word }: { at: number; of: number; word: string }) {
  return (
    <div className={classes.steps}>
      {of <= 8 && (
        <span className={classes.segments} aria-hidden="true">
          {Array.from({ length: of }, (_, index) => (
            <i key={index} data-on={index < at || undefined} />
          ))}
        </span>
      )}
      <span>
        {word}
        <VisuallyHidden> {text.attend.stepOf(at, of)}</VisuallyHidden>
      </span>
    </div>
  );
}

/** Two columns where there is room for them; on a phone the second follows the first. */
export function Two({ top = false, children }: { top?: boolean; children: ReactNode }) {
  return (
    <div className={classes.two} data-top={top || undefined}>
      {children}
    </div>
  );
}

export function Lead({ children }: { children: ReactNode }) {
  return <p className={classes.lead}>{children}</p>;
}

interface FootProps {
  /** After unread text nothing is pinned over it. */
  still?: boolean;
  /** A hairline above, where what is above can scroll under it. */
  line?: boolean;
  note?: ReactNode;
  children?: ReactNode;
}

/** The one button, always in view on a phone, and a line about it. */
export function Foot({ still = false, line = false, note, children }: FootProps) {
  return (
    <div className={classes.foot} data-still={still || undefined} data-line={line || undefined}>
      {children}
      {note && <p className={classes.note}>{note}</p>}
    </div>
  );
}
