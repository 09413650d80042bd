import { describe, expect, it } from 'vitest';
import { inline, parse, plainText, slug } from './parse';
import { publishedFor } from './published';

const PAGE = `# Proctoring

Flags, **people decide**.
Second line of [a link](docs/OTHER.md).

- **Start** is the first
  observation of \`no_face\`.
- End

    encoded -> decoded
    twice

## How well

| event | spans | recall | false/h own | false/h ordinary |
|---|---|---|---|---|
| \`no_face\` | 150 | 0.98 | 0.00 | 0.50 |
| \`looking_away\` | 6 | 0.83 | 0.00 | - |
| \`poor_lighting\` | - | - | 0.00 | - |
`;

describe('parse', () => {
  it('finds the blocks of a page', () => {
    const blocks = parse(PAGE);
    expect(blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'list', 'code', 'heading', 'table']);
    expect(blocks[1]).toEqual({
      kind: 'paragraph',
      text: [
        { kind: 'text', text: 'Flags, ' },
        { kind: 'strong', text: 'people decide' },
        { kind: 'text', text: '. Second line of ' },
        { kind: 'text', text: 'a link' },
        { kind: 'text', text: '.' },
      ],
    });
    expect(blocks[2]?.kind === 'list' && blocks[2].items.map(plainText)).toEqual(['Start is the first observation of no_face.', 'End']);
    expect(blocks[3]).toEqual({ kind: 'code', text: 'encoded -> decoded\ntwice' });
    expect(blocks[5]?.kind === 'table' && [blocks[5].head.length, blocks[5].rows.length]).toEqual([5, 3]);
  });

  it('ends with any line, also one that belongs to nothing', () => {
    expect(parse('  indented by two\n\n\n   \nend')).toEqual([
      { kind: 'paragraph', text: [{ kind: 'text', text: '  indented by two' }] },
      { kind: 'paragraph', text: [{ kind: 'text', text: '    end' }] },
    ]);
    expect(parse('')).toEqual([]);
  });

  it('addresses headings and leaves lone marks alone', () => {
    expect(slug('How well, really?')).toBe('how-well-really');
    expect(inline('2 * 3 ` 4')).toEqual([{ kind: 'text', text: '2 * 3 ` 4' }]);
  });
});

describe('publishedFor', () => {
  it('counts what was found of what was staged', () => {
    expect(publishedFor(PAGE, 'no_face')).toEqual({ staged: 150, found: 147, perHour: '0.50', careful: false });
    expect(publishedFor(PAGE, 'looking_away')).toEqual({ staged: 6, found: 5, perHour: null, careful: true });
  });

  it('asks for care with all figures of a run that was cut short', () => {
    const short = PAGE.replace('Flags,', '**Preliminary**: a short run.');
    expect(publishedFor(short, 'no_face')?.careful).toBe(true);
  });

  it('says nothing of what was not measured', () => {
    expect(publishedFor(PAGE, 'poor_lighting')).toBeNull();
    expect(publishedFor(PAGE, 'tab_switch')).toBeNull();
    expect(publishedFor('', 'no_face')).toBeNull();
  });
});
