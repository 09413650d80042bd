export const datarules = {
  title: 'Data and consent',
  lead: 'How long interviews are kept, and the text candidates agree to before anything is recorded.',
  days: 'Days to keep a session after it ended',
  daysHint: 'Then its recordings, pictures and everything noticed are deleted, with the invitation. Who agreed to fewer days is held to those.',
  text: 'Consent text',
  textHint: '{organisation} and {retention_days} are filled in. The list of signs that are watched for is shown below it.',
  save: 'Publish a new version',
  saved: (version: string) => `Version ${version} is in force.`,
  asks: 'A change is a new version: everybody is asked to agree again before anything more is recorded. Sessions keep the version they were agreed under.',
  confirmTitle: 'Publish a new version?',
  shorter: (sessions: number, days: number) =>
    sessions === 0
      ? `Keeping things for ${days} days deletes nothing now.`
      : `Keeping things for ${days} days deletes ${sessions === 1 ? '1 session' : `${sessions} sessions`} within the hour. This cannot be undone.`,
  versions: 'Versions',
  inForce: 'In force',
  first: 'The text everybody starts with',
  by: (name: string) => `by ${name}`,
  kept: (days: number) => `${days} days`,
  none: 'There was no other version yet.',
  restore: 'Edit from this',
};
