import { Alert, Anchor, Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { ApiError, errorCode } from '../../api/errors';
import { useChangeInterview, useFunnel, useInterview } from '../../api/queries/interviews';
import type { Interview } from '../../api/types';
import { interviews } from '../../text/interviews';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';
import { useShowFirstProblem } from '../../ui/useShowFirstProblem';
import { changeBody, formErrors, formOf, type FormErrors } from './interviewForm';
import classes from './interviews.module.css';
import { Seen } from './Seen';
import { WhatStep } from './WhatStep';

const words = interviews.wizard;

/** A refused change; when somebody else was faster, the way to what they made of it. */
function Refusal({ error, onReload }: { error: unknown; onReload: () => void }) {
  if (errorCode(error) === 'stale_version') {
    return (
      <Alert color="yellow" variant="light" role="alert" data-error="stale_version">
        <Group justify="space-between">
          {words.stale}
          <Button size="xs" variant="default" onClick={onReload} data-testid="stale-reload">
            {words.reload}
          </Button>
        </Group>
      </Alert>
    );
  }
  if (error instanceof ApiError && error.problems.length > 0) {
    return (
      <Alert color="red" variant="light" role="alert">
        {error.problems.join(' ')}
      </Alert>
    );
  }
  return <ErrorNote error={error} />;
}

function Editor({ interview, begun, onReload }: { interview: Interview; begun: boolean; onReload: () => void }) {
  const [form, setForm] = useState(() => formOf(interview));
  const [errors, setErrors] = useState<FormErrors>({});
  useShowFirstProblem(errors);
  const change = useChangeInterview();
  const navigate = useNavigate();
  const back = `/interviews/${interview.id}`;
  const save = () => {
    const found = formErrors(form, Date.now());
    if (begun) delete found.questions;
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    change.mutate({ interview, body: changeBody(form, begun) }, { onSuccess: () => void navigate(back) });
  };
  return (
    <div className={classes.columns}>
      <Stack gap="lg" className={classes.main}>
        <WhatStep form={form} change={(part) => setForm((old) => ({ ...old, ...part }))} errors={errors} begun={begun} />
        <Refusal error={change.error} onReload={onReload} />
        <Group justify="space-between" className={classes.bar}>
          <Button component={Link} to={back} variant="default">
            {words.back}
          </Button>
          <Button onClick={save} loading={change.isPending} data-testid="interview-save">
            {words.save}
          </Button>
        </Group>
      </Stack>
      <Seen form={form} />
    </div>
  );
}

/** Changes an interview; once somebody takes part, only what they do not all share. */
export default function EditPage() {
  const { interviewId = '' } = useParams();
  const interview = useInterview(interviewId);
  const funnel = useFunnel(interviewId);
  const [reloads, setReloads] = useState(0);
  const failed = interview.error ?? funnel.error;
  const reload = () => void interview.refetch().then(() => setReloads((n) => n + 1));
  return (
    <Page
      title={interview.data ? words.editTitle(interview.data.title) : interviews.title}
      width={1080}
      actions={
        <Anchor component={Link} to="/interviews" size="sm">
          {interviews.back}
        </Anchor>
      }
    >
      {failed && <ErrorState error={failed} onRetry={() => void Promise.all([interview.refetch(), funnel.refetch()])} />}
      {!failed && (interview.isPending || funnel.isPending) && <Loading />}
      {!failed && interview.data && funnel.data && (
        <Editor key={reloads} interview={interview.data} begun={funnel.data.joined > 0} onReload={reload} />
      )}
    </Page>
  );
}
