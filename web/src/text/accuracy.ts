export const accuracy = {
  figures: 'Figures',
  title: 'How well it sees',
  lead: 'What is detected, by which numbers, how well, and where it stops working: as measured and published with this version.',
  missing: 'The figures are not part of this build',
  missingHint: 'They are in docs/PROCTORING.md of the source.',
};
