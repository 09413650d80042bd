export const organisation = {
  title: 'Company',
  lead: 'How your letters and your candidates’ first page look.',
  color: 'Accent colour',
  colorHint: 'Six hexadecimal digits after #, as #663399. Words on it are made light or dark, whichever is read more easily.',
  pick: 'Pick the accent colour',
  wrong: 'This is no colour.',
  hard: (ratio: string) => `Words on this colour are hard to read (contrast ${ratio} : 1, at least 4.5 is needed). Take a lighter or a darker one.`,
  good: (ratio: string) => `Words on this colour can be read well: contrast ${ratio} : 1.`,
  preview: 'What candidates see',
  save: 'Save',
  saved: 'Saved. New letters and pages have this colour.',
  own: 'Use the colour of Viva',
};
