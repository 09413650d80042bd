import { Button } from '@mantine/core';
import { IconCompass } from '@tabler/icons-react';
import { Link } from 'react-router';
import { text } from '../text';
import { Shell } from '../ui/Page';
import { Message } from '../ui/States';

export function NotFound() {
  return (
    <Shell title={text.common.notFoundTitle}>
      <Message title={text.common.notFoundTitle} hint={text.common.notFoundHint} icon={<IconCompass size={28} />} code="not_found" alone>
        <Button component={Link} to="/">
          {text.common.home}
        </Button>
      </Message>
    </Shell>
  );
}
