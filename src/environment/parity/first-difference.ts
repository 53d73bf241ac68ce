/** Names the first field whose recorded value is not equal to ours; undefined when all are. */
export function firstDifference(
  recorded: Readonly<Record<string, unknown>>,
  ours: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [field, value] of Object.entries(recorded)) {
    const expected = JSON.stringify(value);
    const actual = JSON.stringify(ours[field]);
    if (expected !== actual) return `${field}: recorded ${expected}, ours ${actual}`;
  }
  return undefined;
}
