type Player = Pick<HTMLVideoElement, 'srcObject' | 'play'>;

/** Lets an element play a live stream; `onBlocked` is called where the browser plays no sound before a click. */
export async function show(player: Player, stream: MediaStream | null, onBlocked?: () => void): Promise<void> {
  if (player.srcObject === stream) return;
  player.srcObject = stream;
  if (!stream) return;
  try {
    await player.play();
  } catch (error) {
    // AbortError only says that another stream came in between.
    if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked?.();
  }
}
