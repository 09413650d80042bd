/** What a browser can notice (docs/PROTOCOL.md, `noticed`). */
export type NoticeType =
  | 'tab_switch'
  | 'window_blur'
  | 'fullscreen_exit'
  | 'copy'
  | 'paste'
  | 'multiple_displays'
  | 'screen_share_stopped'
  | 'device_changed'
  | 'virtual_camera';

export type NoticeStep = 'began' | 'ended' | 'happened';

export interface NoticeDetails {
  /** What the camera in use calls itself. */
  label?: string;
  /** A device that changed. */
  kind?: 'camera' | 'microphone';
  name?: string;
  before?: string;
  change?: 'added' | 'removed' | 'switched';
  length?: number;
  by?: 'button' | 'browser';
}

export interface Notice {
  id: string;
  event_type: NoticeType;
  step: NoticeStep;
  /** The clock that the pings carry. */
  at_ms: number;
  details: NoticeDetails;
}

/** Who takes what was noticed. */
export type Tell = (type: NoticeType, step: NoticeStep, details?: NoticeDetails, atMs?: number) => void;

const MAX_NAME = 200;

/** A device's name, no longer than the server takes. */
export const named = (label: string): string => label.slice(0, MAX_NAME);
