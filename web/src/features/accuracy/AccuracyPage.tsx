import { Code, List, Table, Text, Title, type TitleOrder } from '@mantine/core';
import { useEffect } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { accuracyPage } from '../../api/published';
import { parse, plainText, type Block, type Inline } from '../../core/markdown/parse';
import { text } from '../../text';
import { accuracy as words } from '../../text/accuracy';
import { Page } from '../../ui/Page';
import { Message } from '../../ui/States';
import classes from './accuracy.module.css';

function Words({ parts }: { parts: readonly Inline[] }) {
  return parts.map((part, index) => {
    if (part.kind === 'code') return <Code key={index}>{part.text}</Code>;
    return part.kind === 'strong' ? <b key={index}>{part.text}</b> : part.text;
  });
}

/** The first cell of a row: an event type by the name it has on the other screens. */
function First({ parts }: { parts: readonly Inline[] }) {
  const [only] = parts;
  if (parts.length !== 1 || only?.kind !== 'code') return <Words parts={parts} />;
  return (
    <>
      <b>{text.events.label(only.text)}</b>
      <br />
      <Code>{only.text}</Code>
    </>
  );
}

/** What is wider than a phone scrolls, by the arrows too. */
const SCROLLS = { tabIndex: 0, role: 'group', 'aria-label': words.figures };

function Figures({ block, type }: { block: Extract<Block, { kind: 'table' }>; type: string | null }) {
  return (
    <Table.ScrollContainer minWidth={560} className={classes.table} scrollAreaProps={{ viewportProps: SCROLLS }}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {block.head.map((cell, index) => (
              <Table.Th key={index}>
                <Words parts={cell} />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {block.rows.map((cells, row) => (
            <Table.Tr key={row} data-asked={(cells[0] !== undefined && plainText(cells[0]) === type) || undefined}>
              {cells.map((cell, index) => (
                <Table.Td key={index}>{index === 0 ? <First parts={cell} /> : <Words parts={cell} />}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Part({ block, type }: { block: Block; type: string | null }) {
  switch (block.kind) {
    case 'heading':
      return (
        <Title order={Math.min(6, block.level) as TitleOrder} id={block.id} className={classes.heading}>
          <Words parts={block.text} />
        </Title>
      );
    case 'paragraph':
      return (
        <Text>
          <Words parts={block.text} />
        </Text>
      );
    case 'list':
      return (
        <List spacing={4}>
          {block.items.map((item, index) => (
            <List.Item key={index}>
              <Words parts={item} />
            </List.Item>
          ))}
        </List>
      );
    case 'code':
      return (
        <Code block {...SCROLLS}>
          {block.text}
        </Code>
      );
    case 'table':
      return <Figures block={block} type={type} />;
  }
}

/** What was published about how well proctoring sees, as it was when this version was made. */
export default function AccuracyPage() {
  const { hash } = useLocation();
  const [params] = useSearchParams();
  const type = params.get('type');
  // The page's own title stands above.
  const blocks = parse(accuracyPage ?? '').filter((block) => block.kind !== 'heading' || block.level > 1);

  useEffect(() => {
    // A page that is drawn later than its address is read does not scroll by itself.
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);

  return (
    <Page title={words.title} lead={words.lead}>
      {accuracyPage === null && <Message title={words.missing} hint={words.missingHint} />}
      {blocks.map((block, index) => (
        <Part key={index} block={block} type={type} />
      ))}
    </Page>
  );
}
