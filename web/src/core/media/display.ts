type GetDisplayMedia = (options: DisplayMediaStreamOptions) => Promise<MediaStream>;

/** Whether this browser can share a screen (phones cannot). */
export const canShareScreen = (): boolean => 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;

/** Chromium's way to leave the person where they are: it would bring the shared tab or window to the front. */
interface FocusController {
  setFocusBehavior(behavior: 'no-focus-change'): void;
}

function stayHere(): { controller?: FocusController } {
  const Controller = (globalThis as { CaptureController?: new () => FocusController }).CaptureController;
  if (!Controller || !('setFocusBehavior' in Controller.prototype)) return {};
  const controller = new Controller();
  controller.setFocusBehavior('no-focus-change');
  return { controller };
}

/** The picture of a screen, window or tab that the person chooses; null when they choose none. */
export async function captureScreen(getDisplayMedia: GetDisplayMedia): Promise<MediaStream | null> {
  try {
    // Sound stays with the microphone: what else plays would be heard twice.
    return await getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false, ...stayHere() });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') return null;
    throw error;
  }
}
