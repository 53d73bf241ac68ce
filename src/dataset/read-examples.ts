import { AgentRefineError } from "../errors.ts";
import { OPENING } from "../react.ts";
import { readChatRow } from "./read-chat-row.ts";
import type { JsonRow } from "./read-data-file.ts";
import type { TrainingExample } from "./training-example.ts";

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
function environmentsOf(asked: readonly string[]): (id: string) => readonly string[] {
  const names = new Set([...asked, ...KNOWN]);
  return (id) =>
    // The letters between the digits of a hash are no words.
    (HASH.test(id) ? "" : id)
      .toLowerCase()
      .split(/[^a-z]+/)
      .map((word) => ALIASES.get(word) ?? word)
      .filter((word) => names.has(word));
}

function hasOnly(value: unknown, ...keys: readonly string[]): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const found = Object.keys(value);
  return found.length === keys.length && keys.every((key) => found.includes(key));
}

/**
 * Whether a row is one of the format `prefix`: a conversation of this project without an id and without any mask. Only
 * its last turn may be trained, and nothing in it says so. All other formats that can be read carry a mask.
 */
function isPrefixRow(value: unknown): boolean {
  if (!hasOnly(value, "messages") || !Array.isArray(value.messages)) return false;
  const messages: readonly unknown[] = value.messages;
  const [first] = messages;
  return (
    messages.every((message) => hasOnly(message, "role", "content")) &&
    hasOnly(first, "role", "content") &&
    typeof first.content === "string" &&
    first.content.startsWith(OPENING)
  );
}

/** How somebody else's data is read. */
export interface ReadExamplesOptions {
  /** The name of the data, for the ids of rows that have none. */
  readonly name: string;
  /** Rows whose id names one of these environments are left out (App. F). */
  readonly excludeEnvironment?: readonly string[];
  /** Called for each row that cannot be used, with its number from 1. */
  readonly onProblem?: (row: number, problem: string) => void;
  /** Called for each row that is left out because of its environment, with that environment as it was given. */
  readonly onExcluded?: (environment: string) => void;
  /** Called for each row that is kept although its id names no environment that is known. */
  readonly onUnplaced?: () => void;
}

/** Refuses a row of the format `prefix`. Throws AgentRefineError. */
export function refusePrefix(value: unknown, name: string): void {
  if (!isPrefixRow(value)) return;
  throw new AgentRefineError(
    `${name} is in the format prefix, in which only the last turn of a row may be trained and nothing marks the others`,
    { fix: "Give the run itself, or export it as messages." },
  );
}

/**
 * The usable rows of somebody else's data as training examples; see {@link readChatRow}.
 *
 * @throws AgentRefineError when the data is an export in the format `prefix`, of which every turn would be trained
 */
export async function* readExamples(
  rows: AsyncIterable<JsonRow> | Iterable<JsonRow>,
  options: ReadExamplesOptions,
): AsyncGenerator<TrainingExample> {
  const { name, excludeEnvironment = [], onProblem, onExcluded, onUnplaced } = options;
  const asked = new Map(excludeEnvironment.map((given) => [environmentName(given), given]));
  const environments = environmentsOf([...asked.keys()]);
  let number = 0;
  for await (const row of rows) {
    number += 1;
    refusePrefix(row.value, name);
    const read = row.problem === undefined ? readChatRow(row.value, `${name}-${number}`) : row;
    if (read.problem !== undefined) {
      onProblem?.(number, read.problem);
      continue;
    }
    const named = environments(read.example.id);
    const excluded = named.map((each) => asked.get(each)).find((given) => given !== undefined);
    if (excluded !== undefined) onExcluded?.(excluded);
    else {
      if (named.length === 0) onUnplaced?.();
      yield read.example;
    }
  }
}
