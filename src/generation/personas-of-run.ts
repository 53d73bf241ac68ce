import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type RunSettings, SHIPPED_PERSONAS, STANDARD_INPUT } from "../config/run-settings.ts";
import { defined } from "../defined.ts";
import { AgentRefineError } from "../errors.ts";
import { readingError } from "../lines.ts";
import { counted } from "../numbers.ts";
import type { Persona } from "../persona/persona.ts";
import { readPersonas } from "../persona/read-personas.ts";
import { type BadLine, type SelectionCounts, selectPersonas } from "../persona/select-personas.ts";
import { readShard, type Shard } from "../runs/shard.ts";

/** The file of the personas that come with the program. */
export const SHIPPED_FILE: string = fileURLToPath(new URL("../../data/personas.jsonl", import.meta.url));

const BAD_LINES_SHOWN = 20;

/** The path of a source, or what it is called. */
function sourceName(source: string): string {
  if (source === STANDARD_INPUT) return "the standard input";
  return source === SHIPPED_PERSONAS ? SHIPPED_FILE : source;
}

/** Refuses a source that cannot be read, before anything is created for it. */
export async function checkSource(source: string): Promise<void> {
  if (source === STANDARD_INPUT) return;
  const file = sourceName(source);
  try {
    if (!(await stat(file)).isDirectory()) return;
  } catch (error) {
    throw readingError(error, file);
  }
  throw new AgentRefineError(`cannot read ${file}: it is a folder`, { fix: "Give the path of a file." });
}

/** The shard that a run is; undefined for a whole run. Throws AgentRefineError. */
export function shardOf({ personas: { shard } }: Pick<RunSettings, "personas">): Shard | undefined {
  return shard === undefined ? undefined : readShard(shard);
}

/** How many personas a run may have. */
export function mostOf({ personas: { limit, sample } }: Pick<RunSettings, "personas">): number {
  return Math.min(limit ?? Number.POSITIVE_INFINITY, sample ?? Number.POSITIVE_INFINITY);
}

/** What was left out of the personas; undefined when nothing was. */
function leftOutText({
  read,
  bad,
  duplicates,
  nearDuplicates,
  selected,
}: SelectionCounts): string | undefined {
  if (bad + duplicates + nearDuplicates === 0) return undefined;
  const left = [
    ...(bad > 0 ? [counted(bad, "bad line")] : []),
    ...(duplicates > 0 ? [counted(duplicates, "duplicate")] : []),
    ...(nearDuplicates > 0 ? [counted(nearDuplicates, "near-duplicate")] : []),
  ];
  return `Selected ${counted(selected, "persona")} from ${counted(read, "line")}; left out ${left.join(", ")}.`;
}

/** What selecting personas touches of the outside. */
export interface PersonaInput {
  /** Opens the standard input. */
  readonly stdin: () => Readable;
  /** Told of what is taken and what is left out. */
  readonly onNote: (note: string) => void;
}

interface SelectionOptions {
  readonly strict: boolean;
  /** Ends the reading. */
  readonly stop: AbortSignal;
  /** Whether nothing is said: it was said when the run began. */
  readonly quiet?: boolean;
}

/**
 * Selects the personas of a run. That the shipped ones are taken is told first, bad lines as they are met, and at the end what
 * was left out. None at all is an AgentRefineError.
 */
export async function* selectForRun(
  { personas, seed }: Pick<RunSettings, "personas" | "seed">,
  { stdin, onNote }: PersonaInput,
  { strict, stop, quiet = false }: SelectionOptions,
): AsyncGenerator<Persona, void, undefined> {
  const name = sourceName(personas.source);
  const { sample, limit, nearDuplicates, field } = personas;
  if (personas.source === SHIPPED_PERSONAS && !quiet)
    onNote("No personas were given, so those that come with agentrefine are used (data/personas.jsonl).");
  let bad = 0;
  const onBadLine = ({ line, problem }: BadLine): void => {
    bad += 1;
    if (!quiet && !strict && bad <= BAD_LINES_SHOWN) onNote(`${name}: line ${line} ${problem}; left out`);
  };
  const lines = readPersonas(personas.source === STANDARD_INPUT ? stdin() : name, {
    name,
    ...defined({ field }),
  });
  const { personas: selected, counts } = selectPersonas(lines, {
    name,
    strict,
    onBadLine,
    ...defined({ nearDuplicates }),
    ...(sample === undefined ? {} : { sample: { count: sample, seed: String(seed) } }),
    ...defined({ limit }),
  });
  for await (const persona of selected) {
    stop.throwIfAborted();
    yield persona;
  }
  const total = counts();
  if (quiet) return;
  if (total.bad > BAD_LINES_SHOWN)
    onNote(`and ${counted(total.bad - BAD_LINES_SHOWN, "more bad line")}, left out as well`);
  const left = leftOutText(total);
  if (left !== undefined) onNote(left);
  if (total.selected > 0) return;
  throw new AgentRefineError(`there is no persona in ${name}`, {
    fix: 'Give JSON lines such as {"persona": "…"}, or one persona a line.',
  });
}
