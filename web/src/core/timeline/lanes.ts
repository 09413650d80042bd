/** The lanes of the review timeline, top to bottom. */
export const LANES = ['face', 'attention', 'picture', 'sound', 'window', 'connection'] as const;
export type Lane = (typeof LANES)[number];

const LANE_OF: Record<string, Lane> = {
  no_face: 'face',
  multiple_faces: 'face',
  face_partly_hidden: 'face',
  identity_mismatch: 'face',
  looking_away: 'attention',
  phone_visible: 'attention',
  camera_covered: 'picture',
  camera_frozen: 'picture',
  poor_lighting: 'picture',
  virtual_camera: 'picture',
  microphone_muted: 'sound',
  second_voice: 'sound',
  tab_switch: 'window',
  window_blur: 'window',
  fullscreen_exit: 'window',
  copy: 'window',
  paste: 'window',
  multiple_displays: 'window',
  screen_share_stopped: 'window',
  device_changed: 'connection',
  connection_lost: 'connection',
  analysis_degraded: 'connection',
};

export const laneOf = (eventType: string): Lane => LANE_OF[eventType] ?? 'connection';
