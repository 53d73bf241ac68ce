import { AgentRefineError } from "../errors.ts";
import { rankOf } from "../random.ts";
import { NearDuplicates } from "./near-duplicates.ts";
import type { Persona } from "./persona.ts";
import type { PersonaLine } from "./read-personas.ts";

export interface BadLine {
  readonly line: number;
  /** What is wrong, to be read after "line n", such as `is not valid JSON`. */
  readonly problem: string;
}

/** Which personas of a source are taken. Steps that are not given are left out. */
export interface SelectPersonasOptions {
  /** What the source is called in errors. */
  readonly name: string;
  /** Leaves out personas that are as similar as this to one before them; see {@link NearDuplicates}. */
  readonly nearDuplicates?: number;
  /** Takes a random sample, whose order is random too: see {@link samplePersonas}. */
  readonly sample?: { readonly count: number; readonly seed: string };
  /** Takes the first personas only; without a sample, no more than needed is then read. */
  readonly limit?: number;
  /** Whether the first bad line is an AgentRefineError; else bad lines are counted and left out. */
  readonly strict?: boolean;
  readonly onBadLine?: (bad: BadLine) => void;
}

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
  readonly personas: AsyncIterable<Persona>;
  /** Final when all personas have been read. */
  readonly counts: () => SelectionCounts;
}

interface Drawn {
  readonly rank: number;
  readonly persona: Persona;
}

function byRank(one: Drawn, other: Drawn): number {
  return one.rank - other.rank || (one.persona.id < other.persona.id ? -1 : 1);
}

/**
 * A random sample of `count` personas, each equally likely, that depends on the seed and on which personas there
 * are but not on their order. A larger sample of the same seed begins with the smaller one. Never more than
 * twice `count` personas are held: when there are so many, those that cannot be in the sample any more are let
 * go, which costs a sort every `count` personas at most.
 */
export async function samplePersonas(
  personas: AsyncIterable<Persona>,
  count: number,
  seed: string,
): Promise<readonly Persona[]> {
  let drawn: Drawn[] = [];
  /** Once `count` are held, a rank above this cannot be in the sample. */
  let bound = Number.POSITIVE_INFINITY;
  for await (const persona of personas) {
    const rank = rankOf(seed, "sample", persona.id);
    if (rank > bound) continue;
    drawn.push({ rank, persona });
    if (drawn.length < 2 * count) continue;
    drawn = drawn.sort(byRank).slice(0, count);
    bound = drawn.at(-1)?.rank ?? Number.NEGATIVE_INFINITY;
  }
  return drawn
    .sort(byRank)
    .slice(0, count)
    .map(({ persona }) => persona);
}

/** The personas that are in `lines`, each once; what is left out is counted. */
async function* differing(
  lines: AsyncIterable<PersonaLine>,
  { name, nearDuplicates, strict, onBadLine }: SelectPersonasOptions,
  counts: Record<keyof SelectionCounts, number>,
): AsyncGenerator<Persona, void, undefined> {
  const ids = new Set<string>();
  const near = nearDuplicates === undefined ? undefined : new NearDuplicates(nearDuplicates);
  for await (const line of lines) {
    counts.read += 1;
    if ("problem" in line) {
      counts.bad += 1;
      onBadLine?.(line);
      if (strict !== true) continue;
      throw new AgentRefineError(`${name}: line ${line.line} ${line.problem}`, {
        fix: "Correct the line, or let bad lines be left out.",
      });
    }
    const { persona } = line;
    if (ids.has(persona.id)) {
      counts.duplicates += 1;
      continue;
    }
    ids.add(persona.id);
    if (near?.addUnlessNear(persona) === undefined) yield persona;
    else counts.nearDuplicates += 1;
  }
}

/**
 * Selects personas from the lines of a source, as a stream: exact duplicates are left out (about a hundred bytes of
 * memory for each persona), then near-duplicates, then a sample is taken, then the first ones.
 */
export function selectPersonas(lines: AsyncIterable<PersonaLine>, options: SelectPersonasOptions): Selection {
  const counts = { read: 0, bad: 0, duplicates: 0, nearDuplicates: 0, selected: 0 };
  const { sample, limit = Number.POSITIVE_INFINITY } = options;
  async function* selected(): AsyncGenerator<Persona, void, undefined> {
    if (limit <= 0) return;
    const all = differing(lines, options, counts);
    for await (const persona of sample === undefined
      ? all
      : await samplePersonas(all, sample.count, sample.seed)) {
      counts.selected += 1;
      yield persona;
      if (counts.selected >= limit) return;
    }
  }
  return { personas: selected(), counts: () => ({ ...counts }) };
}
