/** The page of docs/ that says what is detected, how well and where it stops; it is part of a build that has docs/ beside web/. */
const pages = import.meta.glob<string>('../../../docs/PROCTORING.md', { query: '?raw', import: 'default', eager: true });

/** As it was published with this version; null in a build without it. */
export const accuracyPage: string | null = Object.values(pages)[0] ?? null;
