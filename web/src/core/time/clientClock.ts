/** This page's clock as the server is told it: monotonic, and about the same after a reload. Milliseconds. */
export const clientClockMs = (): number => performance.timeOrigin + performance.now();
