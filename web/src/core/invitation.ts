/** The six digits behind the # of an invitation's link, which never reach a server's log; null without them. */
export function codeOf(hash: string): string | null {
  return /^#(\d{6})$/.exec(hash)?.[1] ?? null;
}
