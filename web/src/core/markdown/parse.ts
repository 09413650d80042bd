/** A piece of a line. */
export interface Inline {
  kind: 'text' | 'code' | 'strong';
  text: string;
}

export type Block =
  | { kind: 'heading'; level: number; id: string; text: Inline[] }
  | { kind: 'paragraph'; text: Inline[] }
  | { kind: 'list'; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] };

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\([^)]*\)/g;

/** Code, bold and plain text of a line; of a link its words, since it leads to another file of the source. */
export function inline(line: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const found of line.matchAll(INLINE)) {
    const [whole, code, strong, link] = found;
    if (found.index > from) parts.push({ kind: 'text', text: line.slice(from, found.index) });
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (strong !== undefined) parts.push({ kind: 'strong', text: strong });
    else parts.push({ kind: 'text', text: link ?? whole });
    from = found.index + whole.length;
  }
  if (from < line.length) parts.push({ kind: 'text', text: line.slice(from) });
  return parts;
}

/** What a heading is addressed by. */
export const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const cells = (line: string): Inline[][] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => inline(cell.trim()));

const heading = /^(#{1,6}) (.*)$/;
const isIndented = (line: string): boolean => line.startsWith('    ');
const isItem = (line: string): boolean => line.startsWith('- ');
const isRow = (line: string): boolean => line.startsWith('|');
const isPlain = (line: string): boolean => line !== '' && !heading.test(line) && ![isIndented, isItem, isRow].some((is) => is(line));

/** Takes lines from the front while they belong together. */
function takeWhile(lines: string[], belongs: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !belongs(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function list(lines: string[]): Block {
  const items: string[] = [];
  for (const line of takeWhile(lines, (each) => isItem(each) || /^ {2}\S/.test(each))) {
    if (isItem(line)) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return { kind: 'list', items: items.map(inline) };
}

function table(lines: string[]): Block {
  const [head = '', , ...rows] = takeWhile(lines, isRow);
  return { kind: 'table', head: cells(head), rows: rows.map(cells) };
}

function block(lines: string[]): Block | null {
  const [line = ''] = lines;
  const [, marks, title] = heading.exec(line) ?? [];
  if (marks !== undefined && title !== undefined) {
    lines.shift();
    return { kind: 'heading', level: marks.length, id: slug(title), text: inline(title) };
  }
  if (isRow(line)) return table(lines);
  if (isItem(line)) return list(lines);
  if (isIndented(line)) return { kind: 'code', text: takeWhile(lines, isIndented).map((each) => each.slice(4)).join('\n') };
  const text = takeWhile(lines, isPlain).join(' ');
  if (text === '') lines.shift();
  return text === '' ? null : { kind: 'paragraph', text: inline(text) };
}

/** The blocks of a page: the part of Markdown that Viva's own pages are written in. */
export function parse(page: string): Block[] {
  const lines = page.split('\n');
  const blocks: Block[] = [];
  while (lines.length > 0) {
    const next = block(lines);
    if (next) blocks.push(next);
  }
  return blocks;
}

export const plainText = (parts: readonly Inline[]): string => parts.map((part) => part.text).join('');
