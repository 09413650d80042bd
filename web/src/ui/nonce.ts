import { setNonce } from 'get-nonce';

/** What the page's policy asks of every style element; the build puts it into a meta element. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** Tell the libraries that add style elements of their own, such as the one that stops a page from scrolling. */
export function announceNonce(): void {
  setNonce(styleNonce());
}
