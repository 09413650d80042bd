import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { text } from '../text';
import { Message } from '../ui/States';

/** Catches a page that broke or could not be loaded, and offers a reload. */
export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Message title={text.common.errorTitle} hint={text.common.newVersion} icon={<IconRefresh size={28} />} color="red" code="page_failed" alone>
        <Button onClick={() => window.location.reload()}>{text.common.reload}</Button>
      </Message>
    );
  }
}
