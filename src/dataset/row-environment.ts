/** Names of one environment in different data sets, each under the name that this project uses, in letters only. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["sciworld", "scienceworld"],
  ["mind", "mindweb"],
  ["kg", "knowledgegraph"],
  ["db", "database"],
]);

/** The environments of AgentInstruct and of AgentGym's AgentTraj-L, which the ids of their rows name. */
const KNOWN: readonly string[] = [
  ...["alfworld", "webshop", "mindweb", "knowledgegraph", "os", "database", "scienceworld", "babyai"],
  ...["textcraft", "maze", "wordle", "movie", "sheet", "todo", "weather", "bird", "sqlgym", "academia"],
  "webarena",
];

/** The ids of this project and other hashes, UUIDs too. */
const HASH = /^(?:[\da-f]{8,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** The name of an environment in one way of writing: lower case, letters only, aliases resolved. */
export function environmentName(name: string): string {
  const letters = name.toLowerCase().replace(/[^a-z]/g, "");
  return ALIASES.get(letters) ?? letters;
}

/**
 * The environments that the id of a baseline's row names in words of its own, such as `alfworld_12` or
 * `react_sciworld-3` (App. F: where the row was sampled): of those that are asked for and those that are known. An id
 * such as a number names none, and what its row was sampled from cannot be told.
 *
 * @param asked names as {@link environmentName} gives them
 */
export function environmentsOf(asked: readonly string[]): (id: string) => readonly string[] {
  const names = new Set([...asked, ...KNOWN]);
  return (id) =>
    // The letters between the digits of a hash are no words.
    (HASH.test(id) ? "" : id)
      .toLowerCase()
      .split(/[^a-z]+/)
      .map((word) => ALIASES.get(word) ?? word)
      .filter((word) => names.has(word));
}
