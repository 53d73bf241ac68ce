/** Names of one environment in different data sets, each under the name that this project uses. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["sciworld", "scienceworld"],
  ["mind", "mind2web"],
  ["kg", "knowledgegraph"],
  ["db", "database"],
]);

/** The name of an environment in one way of writing: lower case, letters only, aliases resolved. */
export function environmentName(name: string): string {
  const letters = name.toLowerCase().replace(/[^a-z]/g, "");
  return ALIASES.get(letters) ?? letters;
}

/**
 * Says of the id of a baseline's row, such as `alfworld_12` or `react_sciworld-3`, whether a word of it names one of
 * the environments (App. F: the rows that were sampled where the evaluation takes place). An id without such a word,
 * a number for example, is kept: what it was sampled from cannot be told.
 */
export function namesEnvironment(environments: readonly string[]): (id: string) => boolean {
  const named = new Set(environments.map(environmentName));
  return (id) =>
    id
      .toLowerCase()
      .split(/[^a-z]+/)
      .some((word) => word !== "" && named.has(ALIASES.get(word) ?? word));
}
