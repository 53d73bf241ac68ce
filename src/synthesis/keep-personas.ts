import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { AgentRefineError } from "../errors.ts";
import type { Persona } from "../persona/persona.ts";
import { type AtomicFile, exists, writeAtomically } from "../runs/atomic-file.ts";
import { keepWholeList } from "../runs/change-run.ts";
import { lockFolder } from "../runs/lock.ts";
import type { RunFolder, WholeList } from "../runs/run-folder.ts";
import { isInShard, type Shard } from "../runs/shard.ts";
import { personaLineTable, readPersonaLines } from "./persona-lines.ts";
import { type PlacedPersona, personaLine } from "./record.ts";

// The list of a run's personas: what is selected, or a shard of it.

/** Counts the personas of a whole list and takes their hash. */
export class WholeListFold {
  readonly #hash = createHash("sha256");
  #personas = 0;

  /** Takes the next persona; gives its place. */
  take({ id }: Pick<Persona, "id">): number {
    this.#hash.update(`${id}\n`);
    this.#personas += 1;
    return this.#personas - 1;
  }

  /** What was taken in all. To be asked once. */
  end(): WholeList {
    return { personas: this.#personas, hash: this.#hash.digest("hex").slice(0, 16) };
  }
}

/** Lines that are written at once, and bytes that are copied at once. */
const LINES = 1000;
const COPIED = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Writes personas into a file that `generate` and `readPersonas` take, in their order: a selection that is made once for
 * all shards. The file appears under its name when it is complete. Gives how many there are.
 *
 * @throws AgentRefineError when the disk refuses
 */
export async function writePersonas(path: string, personas: AsyncIterable<Persona>): Promise<number> {
  return writeAtomically(path, (file) => writeLines(file, ownPersonas(personas, undefined)));
}

/** Writes lines of `personas.jsonl` after `before` others; gives how many. */
async function writeLines(
  file: AtomicFile,
  personas: AsyncIterable<PlacedPersona>,
  before = 0,
): Promise<number> {
  let count = 0;
  let lines: string[] = [];
  for await (const each of personas) {
    lines.push(personaLine(each, before + count));
    count += 1;
    if (lines.length < LINES) continue;
    await file.write(lines.join(""));
    lines = [];
  }
  await file.write(lines.join(""));
  return count;
}

/** Those of the selected personas that are a run's own, with their places in the whole list. */
export async function* ownPersonas(
  personas: AsyncIterable<Persona>,
  shard: Shard | undefined,
  whole: WholeListFold = new WholeListFold(),
): AsyncGenerator<PlacedPersona> {
  for await (const persona of personas) {
    const index = whole.take(persona);
    if (isInShard(shard, index)) yield { index, persona };
  }
}

/** Writes the selected personas into a run, or its shard of them, so that it no longer depends on where they came from. */
export async function keepPersonas(
  { directory, paths }: RunFolder,
  personas: AsyncIterable<Persona>,
  shard: Shard | undefined,
): Promise<void> {
  await writeAtomically(paths.personas, async (file) => {
    const whole = new WholeListFold();
    await writeLines(file, ownPersonas(personas, shard, whole));
    // Before the personas have their name: whoever is killed in between selects them again.
    if (shard !== undefined) await keepWholeList(directory, whole.end());
  });
}

/** Adds lines to a run's personas, if any come; gives how many. The old ones stay as they are, since records name their places. */
async function appendPersonas(
  path: string,
  before: number,
  personas: AsyncGenerator<PlacedPersona>,
): Promise<number> {
  const first = await personas.next();
  if (first.done === true) return 0;
  return writeAtomically(path, async (file) => {
    let last: number | undefined;
    for await (const block of createReadStream(path, { highWaterMark: COPIED })) {
      await file.write(block);
      last = block.at(-1);
    }
    if (last !== undefined && last !== NEWLINE) await file.write("\n");
    return writeLines(file, startingWith(first.value, personas), before);
  });
}

async function* startingWith(
  first: PlacedPersona,
  rest: AsyncIterable<PlacedPersona>,
): AsyncGenerator<PlacedPersona> {
  yield first;
  yield* rest;
}

/** Those of the selected personas that a run has not, after those that it has, until it has `most`. */
async function* moreForRun(
  ids: Set<string>,
  personas: AsyncIterable<Persona>,
  most: number,
): AsyncGenerator<PlacedPersona> {
  if (ids.size >= most) return;
  for await (const persona of personas) {
    if (ids.has(persona.id)) continue;
    yield { index: ids.size, persona };
    ids.add(persona.id);
    if (ids.size >= most) return;
  }
}

/** Those of the selected personas that a shard has not; they have their places in the whole list. */
async function* moreForShard(
  places: ReadonlyMap<number, string>,
  personas: AsyncIterable<Persona>,
  shard: Shard,
  whole: WholeListFold,
): AsyncGenerator<PlacedPersona> {
  for await (const { index, persona } of ownPersonas(personas, shard, whole)) {
    const known = places.get(index);
    if (known === undefined) yield { index, persona };
    else if (known !== persona.id) {
      throw new AgentRefineError(
        `the personas are not those that this shard was taken of: at place ${index} there is another one now`,
        {
          fix: "Resume it with `agentrefine resume`, which takes none anew, or give the personas as they were.",
        },
      );
    }
  }
}

/**
 * The personas that a run would have more of when it is to grow: selected, and not yet its own. `most` is how many a
 * whole run may have; a shard has what is its own of the selected ones. To be called with a run that has personas.
 */
export async function* morePersonas(
  { paths }: RunFolder,
  personas: AsyncIterable<Persona>,
  { most, shard }: GrowOptions,
  whole: WholeListFold = new WholeListFold(),
): AsyncGenerator<PlacedPersona> {
  const known = new Map<number, string>();
  for await (const { index, persona } of readPersonaLines(paths)) known.set(index, persona.id);
  if (shard !== undefined) yield* moreForShard(known, personas, shard, whole);
  else if (known.size > 0) yield* moreForRun(new Set(known.values()), personas, most);
}

interface GrowOptions {
  /** How many personas it may have in all, when it is a whole run. */
  readonly most: number;
  /** Which of the selected personas are its own; undefined for a whole run. */
  readonly shard?: Shard | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
}

/**
 * Lets a run grow by the personas of {@link morePersonas}. Gives how many were added. A run that has not yet kept its
 * personas is left for `generate` to begin. Rejects with an AgentRefineError when another process drives the run, or
 * when a shard's personas are no longer what they were.
 */
export async function addPersonas(
  run: RunFolder,
  personas: AsyncIterable<Persona>,
  options: GrowOptions,
): Promise<number> {
  const { directory, paths } = run;
  await using _lock = await lockFolder(directory, { note: options.onNote });
  if (!(await exists(paths.personas))) return 0;
  const whole = new WholeListFold();
  const { size: before } = await personaLineTable(paths);
  const added = await appendPersonas(paths.personas, before, morePersonas(run, personas, options, whole));
  if (options.shard !== undefined) {
    const now = whole.end();
    if (!isDeepStrictEqual(run.description.wholeList, now)) await keepWholeList(directory, now);
  }
  return added;
}
