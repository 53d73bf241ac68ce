import { AgentRefineError } from "../errors.ts";
import { OPENING } from "../react.ts";
import { readChatRow } from "./read-chat-row.ts";
import type { JsonRow } from "./read-data-file.ts";
import { environmentName, environmentsOf } from "./row-environment.ts";
import type { TrainingExample } from "./training-example.ts";

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
