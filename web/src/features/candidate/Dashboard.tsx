import { Button } from '@mantine/core';
import { IconPlus, IconTicket } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useCandidateInterviews, useInvitations } from '../../api/queries/candidate';
import type { CandidateInterview } from '../../api/types';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';
import { Note } from '../../ui/Note';
import { Page } from '../../ui/Page';
import { ErrorState, Loading, Message } from '../../ui/States';
import { AddInterview } from './AddInterview';
import classes from './candidate.module.css';
import { InterviewCard } from './InterviewCard';
import { Invitations } from './Invitations';

export default function Dashboard() {
  const [params, setParams] = useSearchParams();
  const code = params.get('code');
  const [adding, setAdding] = useState(code !== null);
  const [added, setAdded] = useState<string | null>(null);
  const interviews = useCandidateInterviews();
  const invitations = useInvitations();
  const invited = invitations.data ?? [];

  const close = () => {
    setAdding(false);
    if (code !== null) setParams({}, { replace: true });
  };
  const done = (item: CandidateInterview) => {
    setAdded(item.interview.title);
    close();
  };
  const addButton = (
    <Button size="lg" leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)} data-testid="add-interview">
      {text.candidate.add}
    </Button>
  );

  return (
    <Page title={text.candidate.title} lead={text.candidate.lead} width={800} actions={interviews.data?.length || invited.length > 0 ? addButton : null}>
      {added && (
        <Note tone="good" card>
          {text.candidate.added(added)}
        </Note>
      )}
      {interviews.isPending && <Loading />}
      {interviews.isError && <ErrorState error={interviews.error} onRetry={() => void interviews.refetch()} />}
      <ErrorNote error={invitations.error} />
      {invited.length > 0 && <Invitations items={invited} />}
      {interviews.data?.length === 0 && !invitations.isPending && invited.length === 0 && (
        <Message title={text.candidate.emptyTitle} hint={text.candidate.emptyHint} icon={<IconTicket size={28} />} color="viva">
          {addButton}
        </Message>
      )}
      <div className={classes.cards}>
        {interviews.data?.map((item) => <InterviewCard key={item.participant_id} item={item} />)}
      </div>
      {adding && <AddInterview initialCode={code ?? ''} onClose={close} onAdded={done} />}
    </Page>
  );
}
