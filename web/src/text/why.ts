/** What the sentence about an incident is made of; null where it is not known. */
export interface Told {
  /** How long it lasted, or lasts so far. */
  lasted: string | null;
  /** From which length on it is noted. */
  dwell: string | null;
  /** A measured value, as its mean where it varied; without its sign. */
  value: (key: string) => string | null;
  /** A limit of the policy. */
  limit: (key: string) => string | null;
  cause: string | null;
  /** What the browser or the recording said, as it is: a kind, a name, a number. */
  said: (key: string) => string | number | null;
}

const noted = ({ dwell }: Told): string => (dwell === null ? '' : ` It is noted from ${dwell} on.`);
const during = ({ lasted }: Told): string => (lasted === null ? '' : ` for ${lasted}`);
const past = (value: string | null, limit: string | null): string => (value === null ? '' : limit === null ? `, by ${value}` : `, by ${value} where ${limit} are allowed`);

function lookedAway(told: Told): string {
  const [way, key] = told.cause === 'up_or_down' ? ['up or down', 'pitch_deg'] : ['sideways', 'yaw_deg'];
  return `The head was turned ${way}${during(told)}${past(told.value(key), told.limit(`max_${key}`))}, counted from how this person usually sits.${noted(told)}`;
}

const COVERED: Record<string, string> = { black: 'was black', uniform: 'was of one colour', blurred: 'was all blur' };
const LIGHT: Record<string, string> = {
  dark: 'The picture was too dark',
  bright: 'Much of the picture was burnt out by light',
  backlight: 'The face was too dark against the light behind it',
};
const LOST: Record<string, string> = {
  connection_lost: 'Nothing arrived from the camera any more',
  unpublished: 'The camera was taken out of the room',
};
const UNSEEN: Record<string, string> = {
  overload: 'The server was too busy to look at the picture',
  worker_restarted: 'The analysis was restarted and saw nothing meanwhile',
  undecodable: 'The picture could not be read',
};

/** `12 characters were copied`, or how often where it was more than once. */
function handled(told: Told, verb: string): string {
  const [length, times] = [told.said('length'), told.said('times')];
  if (typeof times === 'number' && times > 1) return `Text was ${verb} ${times} times`;
  if (typeof length !== 'number') return `Text was ${verb}`;
  return length === 1 ? `1 character was ${verb}` : `${length} characters were ${verb}`;
}

const sentences: Record<string, (told: Told) => string> = {
  no_face: (told) => `No face was seen${during(told)}, though the camera could see.${noted(told)}`,
  multiple_faces: (told) => `${told.value('faces') ?? 'Several'} living faces were seen at the same time${during(told)}.${noted(told)}`,
  looking_away: lookedAway,
  face_partly_hidden: (told) => `Part of the face could not be seen${during(told)}${past(told.value('hidden_share'), told.limit('max_hidden_share'))}.${noted(told)}`,
  camera_covered: (told) => `The picture ${COVERED[told.cause ?? ''] ?? 'showed nothing'}${during(told)}.${noted(told)}`,
  camera_frozen: (told) => `The picture with a face in it stood quite still${during(told)}; a living picture never does.${noted(told)}`,
  poor_lighting: (told) => `${LIGHT[told.cause ?? ''] ?? 'There was too little light'}${during(told)} to see the face well.${noted(told)}`,
  microphone_muted: (told) => `${told.cause === 'muted' ? 'The microphone was switched off' : 'The microphone was on and gave digital silence, which no room does,'}${during(told)}.${noted(told)}`,
  tab_switch: (told) => `Another tab was in front${during(told)}.${noted(told)}`,
  window_blur: (told) => `Another window had the focus${during(told)}.${noted(told)}`,
  fullscreen_exit: (told) => `The page was not in full screen any more${during(told)}.${noted(told)}`,
  copy: (told) => `${handled(told, 'copied')} from the page.`,
  paste: (told) => `${handled(told, 'pasted')} into the page.`,
  multiple_displays: (told) => `The browser said that more than one display was connected${during(told)}.`,
  screen_share_stopped: (told) => `Sharing of the screen was ended ${told.said('by') === 'button' ? 'with the button on the page' : 'by the browser, or with what was shared'}.`,
  device_changed: (told) => `A ${told.said('kind') === 'microphone' ? 'microphone' : 'camera'} was ${told.said('change') ?? 'changed'}.`,
  virtual_camera: (told) =>
    told.cause === 'loop'
      ? `The picture repeated itself${during(told)}, as a film does that a program plays.${noted(told)}`
      : `The camera calls itself by the name of a program${told.said('label') === null ? '' : `: “${told.said('label') ?? ''}”`}.`,
  connection_lost: (told) => `${LOST[String(told.said('reason'))] ?? LOST.connection_lost ?? ''}${during(told)}; nothing was recorded meanwhile.`,
  analysis_degraded: (told) => `${UNSEEN[String(told.said('reason'))] ?? 'The picture was not looked at'}${during(told)}. Nothing can be said about this time.`,
};

/** What a number means, where its name does not say it. */
const about: Record<string, string> = {
  best_score: 'How much the clearest spot looked like a face: 0 not at all, 1 without doubt.',
  first_score: 'How much the clearest spot looked like a face: 0 not at all, 1 without doubt.',
  second_score: 'The same for the faintest of the faces.',
  score: 'How much it looked like a face: 0 not at all, 1 without doubt.',
  second_width: 'As part of the picture’s width; the smaller, the farther away.',
  brightness: '0 % is black, 100 % is white.',
  face_brightness: '0 % is black, 100 % is white.',
  bright_share: 'Where there is only white left.',
  dark_share: 'Where there is only black left.',
  contrast: 'How far light and dark are apart; a covered lens has next to none.',
  sharpness: 'How much fine detail there is; a covered lens shows next to none.',
  yaw_deg: '0° is how this person usually sits.',
  pitch_deg: '0° is how this person usually sits.',
  usual_yaw_deg: 'Learnt in the first ten seconds.',
  usual_pitch_deg: 'Learnt in the first ten seconds.',
  gaze_x: 'Where the eyes point within the head. Shown, never judged.',
  gaze_y: 'Where the eyes point within the head. Shown, never judged.',
  hidden_share: 'What does not look as it did before.',
  level_db: '−127 dB is digital silence; a quiet room has about −60 dB.',
  nth_in_session: 'Repetition can make later ones weigh more.',
};

export const why = {
  title: 'Why',
  sentence: (eventType: string, told: Told): string | null => sentences[eventType]?.(told) ?? null,
  about: (key: string): string | null => about[key] ?? null,
  sure: 'How sure this is',
  looks: (showing: number, all: number, share: string | null) =>
    `${showing} of ${all} looks at the picture showed it${share === null ? '' : `; ${share} would be enough`}.`,
  unseen: (span: string) => `For ${span} of it nothing was looked at.`,
  gap: 'Afterwards nothing was looked at for a while, so it may have lasted longer.',
  spread: 'Averages over the incident; in brackets the least and the most.',
  exact: 'Told by the browser or the connection, not estimated from a picture.',
  published: (found: number, staged: number, perHour: string | null) =>
    `In the published measurement ${found} of ${staged} staged cases were found, hard conditions included${perHour === null ? '' : `; ${perHour} false alarms an hour of ordinary behaviour`}.`,
  careful: 'Little was measured: read it with care.',
  unpublished: 'How well this is found has not been measured.',
  accuracy: 'How well it sees',
  values: (n: number) => `Measured values (${n})`,
  limits: (n: number) => `Other limits of the policy (${n})`,
  series: (name: string, from: string, to: string) => `${name}, ${from} to ${to}`,
  seriesLimit: (limit: string) => `dashed: ${limit}`,
  seriesOf: {
    no_face: 'Faces seen',
    multiple_faces: 'Faces seen',
    looking_away: 'Turned sideways',
    face_partly_hidden: 'Hidden part of the face',
    camera_covered: 'Brightness',
    camera_frozen: 'Unchanged for',
    poor_lighting: 'Brightness',
    microphone_muted: 'Loudness',
    virtual_camera: 'Picture repeats every',
  } as Record<string, string>,
};
