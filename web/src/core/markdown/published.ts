import { parse, plainText } from './parse';

/** What was measured of one event type. */
export interface Published {
  /** Cases that were staged, and how many of them were found. */
  staged: number;
  found: number;
  /** False alarms in an hour of ordinary behaviour, as published. */
  perHour: string | null;
  /** Too few cases, or too short a run, to rely on. */
  careful: boolean;
}

/** Fewer cases than this say little: one more or less changes the share by five per cent. */
const ENOUGH = 20;

/** The page's own word for a run that was cut short. */
const PRELIMINARY = 'Preliminary';

/** The figures of an event type in the table of the published page that has them; null where it was not measured. */
export function publishedFor(page: string, eventType: string): Published | null {
  const blocks = parse(page);
  const preliminary = blocks.some((block) => block.kind === 'paragraph' && block.text.some(({ kind, text }) => kind === 'strong' && text === PRELIMINARY));
  for (const block of blocks) {
    if (block.kind !== 'table') continue;
    const names = block.head.map(plainText);
    const [spans, recall, perHour] = ['spans', 'recall', 'false/h ordinary'].map((name) => names.indexOf(name));
    if (spans === undefined || recall === undefined || perHour === undefined || spans < 0 || recall < 0) continue;
    const row = block.rows.find(([first]) => first !== undefined && plainText(first) === eventType)?.map(plainText);
    const staged = Number(row?.[spans]);
    const share = Number.parseFloat(row?.[recall] ?? '');
    if (!row || !(staged > 0) || Number.isNaN(share)) continue;
    const alarms = row[perHour];
    return {
      staged,
      found: Math.round(share * staged),
      perHour: Number.isNaN(Number.parseFloat(alarms ?? '')) ? null : (alarms ?? null),
      careful: preliminary || staged < ENOUGH,
    };
  }
  return null;
}
