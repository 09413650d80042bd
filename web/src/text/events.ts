interface EventText {
  label: string;
  /** How it is explained to the candidate before anything is recorded. */
  explained: string;
  /** What the candidate reads when it was noted. */
  noted?: string;
}

const types: Record<string, EventText> = {
  no_face: { label: 'No face', explained: 'No face can be seen in the picture for some time' },
  multiple_faces: { label: 'More than one face', explained: 'More than one face is in the picture' },
  looking_away: { label: 'Looking away', explained: 'The face is turned away from the screen for some time' },
  face_partly_hidden: { label: 'Face partly hidden', explained: 'The face is partly covered or outside the picture' },
  camera_covered: { label: 'Camera covered', explained: 'The camera is covered or shows nothing' },
  camera_frozen: { label: 'Picture frozen', explained: 'The picture does not change any more' },
  poor_lighting: { label: 'Poor lighting', explained: 'There is too little light to see a face' },
  microphone_muted: { label: 'Microphone muted', explained: 'The microphone is muted or silent' },
  second_voice: { label: 'Second voice', explained: 'A second voice can be heard' },
  identity_mismatch: { label: 'Different person', explained: 'The face differs from the one at the start' },
  phone_visible: { label: 'Phone visible', explained: 'A phone can be seen' },
  tab_switch: { label: 'Tab switched', explained: 'Another browser tab is opened', noted: 'You left this tab.' },
  window_blur: { label: 'Window left', explained: 'Another window is used', noted: 'Another window was in front.' },
  fullscreen_exit: { label: 'Full screen left', explained: 'The full screen is left', noted: 'The full screen was left.' },
  copy: { label: 'Copied', explained: 'Text is copied from the page', noted: 'Text was copied. What it says is not recorded.' },
  paste: { label: 'Pasted', explained: 'Text is pasted into the page', noted: 'Text was pasted. What it says is not recorded.' },
  multiple_displays: { label: 'More than one display', explained: 'More than one display is connected', noted: 'More than one display is connected.' },
  screen_share_stopped: { label: 'Screen share stopped', explained: 'Sharing of the screen is stopped', noted: 'Sharing of your screen has stopped.' },
  device_changed: { label: 'Device changed', explained: 'The camera or microphone is changed', noted: 'The camera or microphone was changed.' },
  virtual_camera: { label: 'Virtual camera', explained: 'The camera is a program, not a device', noted: 'The camera is a program.' },
  connection_lost: { label: 'Connection lost', explained: 'The connection is interrupted' },
  analysis_degraded: { label: 'Analysis interrupted', explained: 'The automatic check itself did not run for a while' },
};

const readable = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ');

export const events = {
  label: (type: string): string => types[type]?.label ?? readable(type),
  explained: (type: string): string => types[type]?.explained ?? readable(type),
  noted: (type: string): string => `Noted for the reviewer: ${types[type]?.noted ?? readable(type)}`,
  lanes: { face: 'Face', attention: 'Attention', picture: 'Picture', sound: 'Sound', window: 'Window', connection: 'Connection' },
  from: (from: string, to: string) => `${from} – ${to}`,
  lasting: (seconds: number) => `${seconds.toFixed(1)} s`,
  ongoing: 'ongoing',
};
