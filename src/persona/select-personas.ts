import { AgentRefineError } from "../errors.ts";
import { IdSet } from "./id-set.ts";
import { type NearDuplicateOptions, NearDuplicates } from "./near-duplicates.ts";
import type { Persona } from "./persona.ts";
import type { PersonaLine } from "./read-personas.ts";
import { samplePersonas } from "./sample-personas.ts";

/** A line that holds no persona. */
export interface BadLine {
  readonly line: number;
  /** What is wrong, to be read after "line n", such as `is not valid JSON`. */
  readonly problem: string;
}

/** Which personas of a source are taken. Steps that are not given are left out. */
export interface SelectPersonasOptions {
  /** What the source is called in errors. */
  readonly name: string;
  /** Leaves out personas that are near to one before them. */
  readonly nearDuplicates?: NearDuplicateOptions;
  /** Takes a random sample, whose order is random too: see {@link samplePersonas}. */
  readonly sample?: { readonly count: number; readonly seed: string };
  /** Takes the first personas only; without a sample, no more than needed is then read. */
  readonly limit?: number;
  /** Whether the first bad line is an AgentRefineError; else bad lines are counted and left out. */
  readonly strict?: boolean;
  /** Called with each bad line as it is met. */
  readonly onBadLine?: (bad: BadLine) => void;
}

/** What became of the lines so far. */
export interface SelectionCounts {
  /** Lines read that are not empty. */
  readonly read: number;
  readonly bad: number;
  readonly duplicates: number;
  readonly nearDuplicates: number;
  readonly selected: number;
}

/** Personas that are selected while they are read. */
export interface Selection {
  /** To be read once. */
  readonly personas: AsyncIterable<Persona>;
  /** Final when all personas have been read. */
  readonly counts: () => SelectionCounts;
}

async function* goodLines(
  lines: AsyncIterable<PersonaLine>,
  onRead: () => void,
  onBad: (bad: BadLine) => void,
): AsyncGenerator<Persona, void, undefined> {
  for await (const line of lines) {
    onRead();
    if ("persona" in line) yield line.persona;
    else onBad(line);
  }
}

async function* filtered(
  personas: AsyncIterable<Persona>,
  isKept: (persona: Persona) => boolean,
  onLeftOut: () => void,
): AsyncGenerator<Persona, void, undefined> {
  for await (const persona of personas) {
    if (isKept(persona)) yield persona;
    else onLeftOut();
  }
}

async function* sampled(
  personas: AsyncIterable<Persona>,
  sample: { readonly count: number; readonly seed: string },
): AsyncGenerator<Persona, void, undefined> {
  yield* await samplePersonas(personas, sample.count, sample.seed);
}

async function* limited(
  personas: AsyncIterable<Persona>,
  limit: number,
  onTaken: () => void,
): AsyncGenerator<Persona, void, undefined> {
  if (limit <= 0) return;
  let taken = 0;
  for await (const persona of personas) {
    taken += 1;
    onTaken();
    yield persona;
    if (taken >= limit) return;
  }
}

/**
 * Selects personas from the lines of a source, as a stream: exact duplicates are left out (10 to 15 bytes of
 * memory for each persona), then near-duplicates, then a sample is taken, then the first ones.
 */
export function selectPersonas(lines: AsyncIterable<PersonaLine>, options: SelectPersonasOptions): Selection {
  const counts = { read: 0, bad: 0, duplicates: 0, nearDuplicates: 0, selected: 0 };
  const onBad = (bad: BadLine): void => {
    counts.bad += 1;
    options.onBadLine?.(bad);
    if (options.strict !== true) return;
    throw new AgentRefineError(`${options.name}: line ${bad.line} ${bad.problem}`, {
      fix: "Correct the line, or let bad lines be left out.",
    });
  };
  const count = (what: keyof typeof counts) => (): void => {
    counts[what] += 1;
  };

  const ids = new IdSet();
  let personas: AsyncIterable<Persona> = goodLines(lines, count("read"), onBad);
  personas = filtered(personas, (persona) => ids.add(persona.id), count("duplicates"));
  if (options.nearDuplicates !== undefined) {
    const near = new NearDuplicates(options.nearDuplicates);
    const isKept = (persona: Persona): boolean => near.addUnlessNear(persona) === undefined;
    personas = filtered(personas, isKept, count("nearDuplicates"));
  }
  if (options.sample !== undefined) personas = sampled(personas, options.sample);
  return {
    personas: limited(personas, options.limit ?? Number.POSITIVE_INFINITY, count("selected")),
    counts: () => ({ ...counts }),
  };
}
