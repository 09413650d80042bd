import { CloseButton, Title } from '@mantine/core';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { text } from '../text';
import classes from './Dialog.module.css';

interface Props {
  title: string;
  /** Largest width in pixels. */
  width?: number;
  /** At the right edge, as high as the window: for forms beside a list. */
  drawer?: boolean;
  /** On a phone it comes from below, as wide as the screen. */
  sheet?: boolean;
  /** On a phone it is the page. */
  page?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog, shown while mounted. The browser's own element traps the focus and knows Escape, for a tenth of the script. */
export function Dialog({ title, width = 480, drawer = false, sheet = false, page = false, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const opener = document.activeElement;
    element.showModal();
    // Without this the close button would get the focus first.
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      element.close();
      // It has left the document by now, and with it what the browser would have gone back to.
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);

  return (
    <dialog
      ref={ref}
      className={[classes.dialog, drawer && classes.drawer, sheet && classes.sheet, page && classes.page].filter(Boolean).join(' ')}
      style={{ maxWidth: sheet ? undefined : width }}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={classes.head}>
        <Title order={2} {...(page && { size: 'h1' })} id={id}>
          {title}
        </Title>
        <CloseButton aria-label={text.common.close} onClick={onClose} />
      </div>
      {children}
    </dialog>
  );
}
