/** What was typed or pasted as tags, split where the CSV file and people split; each once. */
export function tagNames(given: readonly string[]): string[] {
  const names = given.flatMap((each) => each.split(/[,;\n]/)).map((name) => name.trim().replace(/\s+/g, ' '));
  const seen = new Map(names.filter((name) => name !== '').map((name) => [name.toLowerCase(), name]));
  return [...seen.values()];
}
