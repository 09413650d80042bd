import { Anchor, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { client, unwrap } from '../../api/client';
import { grouped, search, type Document } from '../../core/apidoc/document';
import { apidoc as words } from '../../text/apidoc';
import { ErrorNote } from '../../ui/ErrorNote';
import { Shell } from '../../ui/Page';
import { Loading } from '../../ui/States';
import classes from './apidoc.module.css';
import { OperationCard } from './OperationCard';

const DOCUMENT = '/api/v1/openapi.json';

const useDocument = () =>
  useQuery({
    queryKey: ['openapi'],
    queryFn: async () => (await unwrap(client.GET(DOCUMENT))) as unknown as Document,
    staleTime: Infinity,
  });

function Operations({ document }: { document: Document }) {
  const [wanted, setWanted] = useState('');
  const all = grouped(document);
  const shown = search(all, wanted);
  const count = (groups: typeof all) => groups.reduce((sum, { operations }) => sum + operations.length, 0);
  return (
    <>
      <TextInput type="search" label={words.search} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} maw={400} />
      <Text size="sm" c="dimmed" role="status">
        {count(shown) === 0 ? words.none : words.count(count(shown), count(all))}
      </Text>
      {shown.map(({ tag, operations }) => (
        <section key={tag} aria-labelledby={`tag-${tag}`}>
          <Title order={2} id={`tag-${tag}`} mb="xs">
            {tag}
          </Title>
          <div className={classes.operations}>
            {operations.map((operation) => (
              <OperationCard key={operation.id} document={document} operation={operation} />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

/** The OpenAPI document to read: what can be asked, with what, and what comes back. */
export default function ApiPage() {
  const found = useDocument();
  return (
    <Shell title={words.title} anonymous>
      <Stack gap="lg" className={classes.page}>
        <div>
          <Title order={1}>{words.title}</Title>
          <Text c="dimmed">{words.lead}</Text>
        </div>
        <Text>{words.more}</Text>
        <Group gap="lg">
          <Anchor href={DOCUMENT}>{words.document}</Anchor>
          <Anchor component={Link} to="/account">
            {words.tokens}
          </Anchor>
        </Group>
        {found.isPending && <Loading />}
        <ErrorNote error={found.error} />
        {found.data && <Operations document={found.data} />}
      </Stack>
    </Shell>
  );
}
