/** Puts a loaded video at a time and lets it play or stand. */
export function seekElement(element: HTMLVideoElement, timeMs: number, play: boolean): void {
  element.currentTime = timeMs / 1000;
  // A refused play() (no gesture yet) leaves the video paused at the right place.
  if (play) element.play().catch(() => undefined);
  else element.pause();
}

export function toggleElement(element: HTMLVideoElement | null): void {
  if (element?.paused) element.play().catch(() => undefined);
  else element?.pause();
}

export function setRate(element: HTMLVideoElement | null, rate: number): void {
  if (element) element.playbackRate = rate;
}

/** Shows an element in full screen, or ends that. */
export function toggleFullScreen(element: HTMLElement | null): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : element?.requestFullscreen();
  // Refused where a page may not, as in a frame.
  done?.catch(() => undefined);
}

export function setVolume(element: HTMLVideoElement | null, volume: number, muted: boolean): void {
  if (!element) return;
  element.volume = volume;
  element.muted = muted;
}
