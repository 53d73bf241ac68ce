import { AgentRefineError } from "../../errors.ts";
import { MARKS, markOf } from "../../persona/persona.ts";
import { readPlaced } from "../../runs/journal.ts";
import { openBytes } from "../../runs/journal-bytes.ts";
import type { RunFolder, RunPaths } from "../../runs/run-folder.ts";
import {
  LineTable,
  type MarkedLine,
  PlacedLines,
  personaLineTable,
  readPersonaLine,
} from "../persona-lines.ts";
import { CALLS, personaLine, SYNTHESES } from "../record.ts";

// The normal form of a run: its three files in the order of the whole list, the calls of a persona in the order in which
// they were bought, of each persona the one record that counts. Runs with equal replies have equal normal forms,
// however many worked at once and in however many shards.

/** Bytes that are written or compared at once. */
const BLOCK = 1024 * 1024;

/** Runs whose places lie between each other. */
export interface Merged {
  readonly parts: readonly Part[];
  /** Which of them has which shard. */
  readonly owners: readonly (number | undefined)[];
}

/** The files of a run that hold records. */
export const RECORD_FILES = ["personas", "calls", "syntheses"] as const;
type RecordFile = (typeof RECORD_FILES)[number];

/** A place of the whole list: which run has it, and the number of its line in that run's personas, from 0. */
interface Place {
  readonly index: number;
  readonly owner: number;
  readonly part: Part;
  readonly line: number;
}

/** The places of the whole list that are there, in order. Throws AgentRefineError at a gap. */
export function* placesOf({ parts, owners }: Merged): Generator<Place, void, undefined> {
  const taken = parts.map(() => 0);
  let left = parts.reduce((sum, { personas }) => sum + personas.size, 0);
  for (let index = 0; left > 0; index += 1) {
    const owner = owners[index % owners.length];
    const part = owner === undefined ? undefined : parts[owner];
    if (owner === undefined || part === undefined) continue;
    const { personas, run } = part;
    const line = taken[owner] ?? 0;
    if (line === personas.size || personas.indexAt(line) !== index) {
      throw new AgentRefineError(
        `${run.directory} does not have the persona of place ${index}, which is its own`,
        {
          fix: "Restore the run from a copy, or let it grow as the others did: give its generate command again.",
        },
      );
    }
    yield { index, owner, part, line };
    taken[owner] = line + 1;
    left -= 1;
  }
}

/** Opens the files of one kind that have lines. */
async function openAll(
  parts: readonly Part[],
  file: RecordFile,
): Promise<readonly (PlacedLines | undefined)[]> {
  const readers: (PlacedLines | undefined)[] = [];
  try {
    for (const part of parts)
      readers.push(part[file].size === 0 ? undefined : await PlacedLines.open(part.run.paths[file]));
    return readers;
  } catch (error) {
    for (const reader of readers) await reader?.close();
    throw error;
  }
}

async function* linesOf(merged: Merged, file: RecordFile): AsyncGenerator<Buffer> {
  const readers = await openAll(merged.parts, file);
  try {
    if (file === "personas") yield* personaLines(merged, readers);
    else yield* recordLines(merged, file, readers);
  } finally {
    for (const reader of readers) await reader?.close();
  }
}

async function* personaLines(
  merged: Merged,
  readers: readonly (PlacedLines | undefined)[],
): AsyncGenerator<Buffer> {
  let written = 0;
  for (const { index, owner, part, line } of placesOf(merged)) {
    const bytes = await readers[owner]?.line(part.personas.at(line));
    if (bytes === undefined) throw new TypeError("the personas of a run that is merged are gone");
    const { id, persona: text } = readPersonaLine(part.run.paths, line + 1, bytes);
    yield Buffer.from(personaLine({ index, persona: { id, text } }, written));
    written += 1;
  }
}

async function* recordLines(
  merged: Merged,
  file: Exclude<RecordFile, "personas">,
  readers: readonly (PlacedLines | undefined)[],
): AsyncGenerator<Buffer> {
  const sources = merged.parts.map((part) => part[file].inOrder());
  const next = sources.map((source) => source.next());
  for (const { index, owner } of placesOf(merged)) {
    for (let head = next[owner]; head?.done === false && head.value.index === index; head = next[owner]) {
      const bytes = await readers[owner]?.line(head.value);
      if (bytes !== undefined) yield bytes;
      const source = sources[owner];
      if (source !== undefined) next[owner] = source.next();
    }
  }
}

export async function* normalForm(
  merged: Merged,
  file: RecordFile,
  stop?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  let lines: Buffer[] = [];
  let size = 0;
  for await (const line of linesOf(merged, file)) {
    lines.push(line);
    size += line.length;
    if (size < BLOCK) continue;
    stop?.throwIfAborted();
    yield Buffer.concat(lines);
    [lines, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(lines);
}

/** Whether a journal holds exactly these bytes, packed or not. */
async function holds(path: string, blocks: AsyncIterable<Buffer>): Promise<boolean> {
  await using journal = await openBytes(path);
  let at = 0;
  for await (const block of blocks) {
    if (journal === undefined || !block.equals(await journal.read(at, block.length))) return false;
    at += block.length;
  }
  return journal?.size === at;
}

/** The first file of a run that is not as the normal form has it; undefined when it is the normal form. */
export async function otherFile(merged: Merged, paths: RunPaths): Promise<RecordFile | undefined> {
  for (const file of RECORD_FILES) if (!(await holds(paths[file], normalForm(merged, file)))) return file;
  return undefined;
}

/** Added to the mark of a persona that failed. */
const FAILED = MARKS;

/** A run that is merged: where its lines stand, some hundred bytes a persona. */
export interface Part {
  readonly run: RunFolder;
  readonly personas: LineTable;
  readonly calls: LineTable;
  /** One line for each persona that has ended: that which counts. */
  readonly syntheses: LineTable;
}

/** Of the records of each persona that which counts: the first that did not fail, or the last. */
function counting(all: LineTable): LineTable {
  const counted = new LineTable();
  let kept: MarkedLine | undefined;
  for (const line of all.inOrder()) {
    if (kept !== undefined && kept.index !== line.index) counted.add(kept);
    if (kept?.index !== line.index || kept.mark >= FAILED) kept = line;
  }
  if (kept !== undefined) counted.add(kept);
  return counted;
}

/** Refuses records of personas that the run does not have: replies would go to others. */
function requireKnown(personas: LineTable, records: LineTable, path: string): void {
  for (let line = 0; line < records.size; line += 1) {
    const { index, mark } = records.at(line);
    if (personas.markOf(index) === mark % FAILED) continue;
    throw new AgentRefineError(
      `${path} is damaged: a record of place ${index} is not of the persona that personas.jsonl has there`,
      { fix: "Restore the run from a copy." },
    );
  }
}

/** Looks through a run that is to be merged: checks every record. Throws AgentRefineError. */
export async function readPart(run: RunFolder, stop?: AbortSignal): Promise<Part> {
  const { paths } = run;
  const personas = await personaLineTable(paths);
  const [calls, syntheses] = [new LineTable(), new LineTable()];
  for await (const { value, start, length } of readPlaced(paths.calls, CALLS)) {
    stop?.throwIfAborted();
    calls.add({ index: value.index, mark: markOf(value.persona), start, length });
  }
  for await (const { value, start, length } of readPlaced(paths.syntheses, SYNTHESES)) {
    stop?.throwIfAborted();
    const mark = markOf(value.id) + (value.outcome === "failed" ? FAILED : 0);
    syntheses.add({ index: value.index, mark, start, length });
  }
  requireKnown(personas, calls, paths.calls);
  requireKnown(personas, syntheses, paths.syntheses);
  return { run, personas, calls, syntheses: counting(syntheses) };
}
