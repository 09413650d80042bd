import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useAudit, useMembers } from '../../api/queries/admin';
import type { AuditEntry } from '../../api/types';
import { admin as words } from '../../text/admin';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { RowTable, Second, type Column } from '../../ui/RowTable';
import { ErrorState, Loading } from '../../ui/States';
import classes from './admin.module.css';

const said = (values: AuditEntry['before']): string =>
  Object.entries(values ?? {})
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

const COLUMNS: readonly Column[] = Object.values(words.columns).map((name) => ({ name }));

function Entry({ entry }: { entry: AuditEntry }) {
  return (
    <tr data-testid="audit-entry">
      <td data-whole>
        <Moment iso={entry.at} size="xs" />
      </td>
      <td>{entry.actor?.full_name ?? words.system}</td>
      <td>{entry.action}</td>
      <td title={entry.entity_id}>
        <Second>
          {entry.entity_type} …{entry.entity_id.slice(-6)}
        </Second>
      </td>
      <td className={classes.change}>{[said(entry.before), said(entry.after)].filter(Boolean).join(' → ')}</td>
      <td data-whole>
        <Second>{entry.ip}</Second>
      </td>
    </tr>
  );
}

/** Who did what in the organisation, for its administrators. */
export default function AuditPage() {
  const [action, setAction] = useState('');
  const [wanted] = useDebouncedValue(action.trim(), 250);
  const [actor, setActor] = useState<string | null>(null);
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const members = useMembers('');
  const audit = useAudit({ action: wanted, actor, since, until });
  const filtered = [wanted, actor, since, until].some(Boolean);
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  const people = members.data?.pages.flatMap((page) => page.items) ?? [];
  const actors = [{ value: '', label: words.anybody }, ...people.map((member) => ({ value: member.user_id, label: member.full_name }))];
  return (
    <Page title={words.audit} lead={words.auditLead} width="full">
      <div className={classes.filters}>
        <TextInput label={words.action} placeholder="member." maxLength={80} value={action} onChange={(event) => setAction(event.currentTarget.value)} />
        <NativeSelect label={words.actor} data={actors} value={actor ?? ''} onChange={(event) => setActor(event.currentTarget.value || null)} />
        <TextInput label={words.since} type="date" value={since} onChange={(event) => setSince(event.currentTarget.value)} />
        <TextInput label={words.until} type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
      </div>
      {audit.isPending && <Loading />}
      {audit.isError && <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />}
      {audit.isSuccess && entries.length === 0 && <Text>{filtered ? words.nothing : words.auditEmpty}</Text>}
      {entries.length > 0 && (
        <RowTable columns={COLUMNS}>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </RowTable>
      )}
      {audit.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {words.more}
          </Button>
        </Group>
      )}
    </Page>
  );
}
