import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertCircle, IconArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { errorCode } from '../../api/errors';
import { usePolicy, usePresets, useSavePolicy, useWithdrawPolicy } from '../../api/queries/policy';
import { useInterviews } from '../../api/queries/staff';
import type { PolicyInForce, PolicyPresets, PolicyRules } from '../../api/types';
import { policy as words } from '../../text/policy';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';
import classes from './policy.module.css';
import { policyBody, problemCount, sameNumbers } from './policyForm';
import { PolicyNumbers } from './PolicyNumbers';
import { PresetChoice } from './PresetChoice';

/** Whose rules hold, since when and by whom. */
function InForce({ policy }: { policy: PolicyInForce }) {
  return (
    <Text size="sm" data-testid="policy-in-force" data-origin={policy.origin} data-version={policy.version} data-preset={policy.rules.preset}>
      {words.inForce}: <b>{words.preset[policy.rules.preset]}</b>, {words.origin[policy.origin]}
      {policy.origin !== 'preset' && `, ${words.version(policy.version)}`}
      {policy.origin !== 'preset' && policy.changed_by && `, ${words.changedBy(policy.changed_by.full_name)}`}
      {policy.origin !== 'preset' && policy.changed_at && (
        <>
          , <Moment iso={policy.changed_at} inherit />
        </>
      )}
    </Text>
  );
}

/** A refused change; when somebody else was faster, with a way to see what they made of it. */
function Refusal({ error, onReload }: { error: unknown; onReload: () => void }) {
  if (error === null) return null;
  if (errorCode(error) !== 'stale_version') return <ErrorNote error={error} />;
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertCircle size={20} />} role="alert" data-error="stale_version">
      <Stack gap="xs" align="flex-start">
        {words.stale}
        <Button size="xs" variant="default" onClick={onReload} data-testid="policy-reload">
          {words.reload}
        </Button>
      </Stack>
    </Alert>
  );
}

function BackToOrganisation({ interviewId, version, onDone, onError }: { interviewId: string; version: number; onDone: () => void; onError: (error: unknown) => void }) {
  const [asking, setAsking] = useState(false);
  const withdraw = useWithdrawPolicy(interviewId);
  const confirm = () =>
    withdraw.mutate(version, {
      onSuccess: onDone,
      onError,
      onSettled: () => setAsking(false),
    });
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setAsking(true)} data-testid="policy-withdraw">
        {words.toOrganisation}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={words.toOrganisationTitle}
        lead={words.toOrganisationLead}
        confirm={words.toOrganisation}
        busy={withdraw.isPending}
        testId="policy-withdraw-confirm"
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

interface EditorProps {
  policy: PolicyInForce;
  presets: PolicyPresets;
  interviewId: string | null;
  onReload: () => Promise<unknown>;
}

function Editor({ policy, presets, interviewId, onReload }: EditorProps) {
  // Null while nothing was touched, so that what the server says later shows.
  const [draft, setDraft] = useState<PolicyRules | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const save = useSavePolicy(interviewId);
  const rules = draft ?? policy.rules;
  const wrong = problemCount(rules, presets);
  // Choosing what holds anyway is a choice where nobody has made one.
  const changed = draft !== null && (policy.own_version === 0 || draft.preset !== policy.rules.preset || !sameNumbers(draft, policy.rules));

  const change = (next: PolicyRules) => {
    setDraft(next);
    save.reset();
    setRefusal(null);
  };
  const submit = () =>
    save.mutate(policyBody(rules, policy.own_version), { onSuccess: () => setDraft(null), onError: setRefusal });
  const reload = () =>
    void onReload().then(() => {
      setDraft(null);
      setRefusal(null);
    });
  const status = wrong > 0 ? words.problems(wrong) : changed ? words.unsaved : save.isSuccess ? words.saved : '';

  return (
    <>
      <Group justify="space-between" gap="sm">
        <InForce policy={policy} />
        {interviewId !== null && policy.origin === 'interview' && (
          <BackToOrganisation interviewId={interviewId} version={policy.own_version} onDone={() => setDraft(null)} onError={setRefusal} />
        )}
      </Group>
      {interviewId !== null && policy.origin !== 'interview' && (
        <Text size="sm" c="dimmed" mt={-16}>
          {words.follows}
        </Text>
      )}
      <PresetChoice rules={rules} presets={presets} onChange={change} />
      <PolicyNumbers rules={rules} presets={presets} onChange={change} />
      <Text size="sm" c="dimmed">
        {words.keeps}
      </Text>
      <div className={classes.bar}>
        <Refusal error={refusal} onReload={reload} />
        <Text size="sm" c={wrong > 0 ? 'var(--viva-danger)' : 'dimmed'} role="status" data-testid="policy-status">
          {status}
        </Text>
        <Group gap="xs">
          {changed && (
            <Button variant="subtle" color="gray" onClick={() => setDraft(null)}>
              {words.discard}
            </Button>
          )}
          <Button disabled={!changed || wrong > 0} loading={save.isPending} onClick={submit} data-testid="policy-save">
            {words.save}
          </Button>
        </Group>
      </div>
    </>
  );
}

/** What an organisation's or an interview's sessions are watched for, and what it weighs. */
export default function PolicyPage() {
  const { interviewId = null } = useParams<'interviewId'>();
  const policy = usePolicy(interviewId);
  const presets = usePresets();
  const interviews = useInterviews();
  const interview = interviews.data?.find((each) => each.id === interviewId);
  const failed = policy.error ?? presets.error;
  const back = interviewId !== null && (
    <Anchor component={Link} to="/interviews" size="sm">
      <Group gap={4} wrap="nowrap">
        <IconArrowLeft size={16} aria-hidden />
        {words.back}
      </Group>
    </Anchor>
  );

  return (
    <Page title={words.title} lead={interview ? words.interviewLead(interview.title) : words.lead} actions={back}>
      {failed && <ErrorState error={failed} onRetry={() => void Promise.all([policy.refetch(), presets.refetch()])} />}
      {!failed && (policy.isPending || presets.isPending) && <Loading />}
      {!failed && policy.data && presets.data && (
        <Editor key={interviewId} policy={policy.data} presets={presets.data} interviewId={interviewId} onReload={() => policy.refetch()} />
      )}
    </Page>
  );
}
