import { Button } from '@mantine/core';
import { IconBrowserShare, IconDoorExit, IconPlugConnectedX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useConnection } from '../../session/context';
import { text } from '../../text';
import { Shell } from '../../ui/Page';
import { Message } from '../../ui/States';

const words = text.attend.tab;

/** Why this tab is no longer connected, and what can be done about it. */
export function ClosedPage({ error, title, isCandidate }: { error: string; title: string; isCandidate: boolean }) {
  const connection = useConnection();
  const again = (takeOver: boolean) => {
    connection.connect(takeOver);
    void connection.start();
  };

  if (error === 'already_connected' || error === 'superseded') {
    const already = error === 'already_connected';
    return (
      <Shell title={title} quiet>
        <Message
          title={already ? words.alreadyTitle : words.supersededTitle}
          hint={already ? words.alreadyLead : words.supersededLead}
          icon={<IconBrowserShare size={28} />}
          color="viva"
          code={error}
        >
          <Button variant={already ? 'filled' : 'default'} onClick={() => again(true)} data-testid="take-over">
            {already ? words.useThis : words.comeBack}
          </Button>
        </Message>
      </Shell>
    );
  }
  if (error === 'removed') {
    return (
      <Shell title={title} quiet>
        <Message
          title={words.removedTitle}
          hint={isCandidate ? words.removedCandidate : words.removedStaff}
          icon={<IconDoorExit size={28} />}
          code={error}
        >
          {isCandidate ? (
            <Button variant="default" onClick={() => again(false)} data-testid="knock-again">
              {words.knockAgain}
            </Button>
          ) : (
            <Button component={Link} to="/sessions" variant="default">
              {text.attend.done.toSessions}
            </Button>
          )}
        </Message>
      </Shell>
    );
  }
  return (
    <Shell title={title} quiet>
      <Message title={words.closedTitle} hint={text.errors.byCode(error)} icon={<IconPlugConnectedX size={28} />} color="red" code={error}>
        <Button onClick={() => again(false)}>{words.connectAgain}</Button>
      </Message>
    </Shell>
  );
}
