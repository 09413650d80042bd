import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { interviews } from '../../text/interviews';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { Message } from '../../ui/States';
import { useShowFirstProblem } from '../../ui/useShowFirstProblem';
import { Codes } from './Codes';
import { InviteList } from './InviteList';
import classes from './interviews.module.css';
import { Seen } from './Seen';
import { useWizard, type Wizard } from './useWizard';
import { WhatStep } from './WhatStep';

const words = interviews.wizard;

function Steps({ step }: { step: number }) {
  return (
    <ol className={classes.steps} aria-label={words.step(step + 1, words.steps.length)}>
      {words.steps.map((name, index) => (
        <li key={name} className={classes.step} {...(index === step && { 'aria-current': 'step' })} data-done={index < step}>
          <span className={classes.number} aria-hidden>
            {index < step ? <IconCheck size={14} /> : index + 1}
          </span>
          {name}
        </li>
      ))}
    </ol>
  );
}

function Whom({ wizard }: { wizard: Wizard }) {
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {words.draft} {words.later}
      </Text>
      <InviteList pasted={wizard.pasted} onChange={wizard.paste} looked={wizard.looked} />
    </Stack>
  );
}

function Last({ wizard }: { wizard: Wizard }) {
  const { form, looked } = wizard;
  return (
    <Stack gap="md">
      <ol className={classes.lines} aria-label={interviews.asks}>
        {form.questions
          .filter(({ text }) => text.trim() !== '')
          .map((question, index) => (
            <li key={question.id} className={classes.line}>
              <Text size="sm" c="dimmed">
                {index + 1}
              </Text>
              <Text size="sm" className={classes.who}>
                {question.text}
              </Text>
            </li>
          ))}
      </ol>
      <Alert variant="light" color="viva" data-testid="review-people">
        {looked.fine ? words.reviewPeople(looked.fine) : words.nobodyYet}
      </Alert>
    </Stack>
  );
}

function Buttons({ wizard }: { wizard: Wizard }) {
  const { step, busy, looked } = wizard;
  const last = step === words.steps.length - 1;
  return (
    <Group justify="space-between" className={classes.bar}>
      <Button variant="default" onClick={wizard.back} disabled={step === 0 || busy}>
        {words.back}
      </Button>
      {last ? (
        <Button onClick={() => void wizard.finish()} loading={busy} data-testid="wizard-create">
          {words.create(looked.fine ?? 0)}
        </Button>
      ) : (
        <Button onClick={() => void wizard.next()} loading={busy} disabled={step === 1 && looked.fine === null} data-testid="wizard-next">
          {words.next}
        </Button>
      )}
    </Group>
  );
}

function Done({ wizard }: { wizard: Wizard }) {
  const { invites, draft } = wizard;
  return (
    <>
      <Message title={words.doneTitle} hint={words.doneHint(invites.filter((invite) => invite.code).length)} icon={<IconCheck size={28} />} color="viva">
        <Button component={Link} to={`/interviews/${draft?.id ?? ''}`} data-testid="to-interview">
          {words.toInterview}
        </Button>
      </Message>
      {invites.length > 0 && <Codes invites={invites} />}
    </>
  );
}

/** A new interview in three steps: what, whom, and a last look before anything is sent. */
export default function WizardPage() {
  const wizard = useWizard();
  const { form, change, errors, step } = wizard;
  useShowFirstProblem(errors);
  if (wizard.done) {
    return (
      <Page title={form.title || words.title} width={760}>
        <Done wizard={wizard} />
      </Page>
    );
  }
  return (
    <Page
      title={words.title}
      width={1080}
      actions={
        <Anchor component={Link} to="/interviews" size="sm">
          {interviews.back}
        </Anchor>
      }
    >
      <Steps step={step} />
      <div className={classes.columns}>
        <Stack gap="lg" className={classes.main}>
          {step === 0 && <WhatStep form={form} change={change} errors={errors} fresh />}
          {step === 1 && <Whom wizard={wizard} />}
          {step === 2 && <Last wizard={wizard} />}
          <ErrorNote error={wizard.error} />
          <Buttons wizard={wizard} />
        </Stack>
        <Seen form={form} />
      </div>
    </Page>
  );
}
