import type * as z from "zod";
import { AgentRefineError, storageError } from "../errors.ts";
import { lineBlocks } from "../lines.ts";
import { markOf } from "../persona/persona.ts";
import { LONGEST_LINE, type RecordKind, readPlaced } from "../runs/journal.ts";
import { type LinePlace, openBytes } from "../runs/journal-bytes.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import { LineTable, PlacedLines } from "./line-table.ts";
import type { PendingPersona } from "./live.ts";
import { type PlacedPersona, personaLineSchema, type ReplyRecord } from "./record.ts";
import type { Replay } from "./replay.ts";

// The lines of a run's `personas.jsonl`.

const PERSONAS: RecordKind<z.infer<typeof personaLineSchema>> = {
  schema: personaLineSchema,
  name: "a persona",
};

function damaged({ personas }: RunPaths, line: number, problem: string): AgentRefineError {
  return new AgentRefineError(`${personas} is damaged: line ${line} ${problem}`, {
    fix: "Restore the file from a copy.",
  });
}

const UNORDERED = "is of a place that is not after that of the one before it";

/** Reads the personas of a run in their order, with where their lines stand. Throws AgentRefineError. */
export async function* readPersonaLines(
  paths: RunPaths,
): AsyncGenerator<PlacedPersona & LinePlace, void, undefined> {
  let line = 0;
  let before = -1;
  for await (const { value, start, length } of readPlaced(paths.personas, PERSONAS)) {
    const { index = line, id, persona: text } = value;
    line += 1;
    if (index <= before) throw damaged(paths, line, UNORDERED);
    yield { index, persona: { id, text }, start, length };
    before = index;
  }
}

/** How a line begins that we have written, when its id has nothing that JSON writes otherwise. */
const BEGINNING = /^\{(?:"index":(\d{1,15}),)?"id":"([^"\\\x80-\xff]*)"/;
const BEGINNING_BYTES = 160;

function readLine(paths: RunPaths, number: number, bytes: Buffer): z.infer<typeof personaLineSchema> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw damaged(paths, number, "is not valid JSON");
  }
  const parsed = personaLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw damaged(paths, number, "is not a persona");
}

function beginningOf(line: Buffer): Pick<z.infer<typeof personaLineSchema>, "index" | "id"> | undefined {
  const [, index, id] = BEGINNING.exec(line.toString("latin1", 0, BEGINNING_BYTES)) ?? [];
  if (id === undefined) return undefined;
  return index === undefined ? { id } : { index: Number(index), id };
}

/**
 * Where the personas of a run stand, each with its mark, in their order. Of most lines only the beginning is read, so
 * that a hundred thousand take a moment. Throws AgentRefineError.
 */
export async function personaLineTable(paths: RunPaths): Promise<LineTable> {
  const table = new LineTable();
  let before = -1;
  try {
    await using file = await openBytes(paths.personas);
    for await (const lines of lineBlocks(file?.blocks(0) ?? [], LONGEST_LINE)) {
      for (const { number, start, bytes, isEnded } of lines) {
        // A last line that no line feed ends is a torn one, here as elsewhere.
        if (bytes === undefined || !isEnded) continue;
        const { index = number - 1, id } = beginningOf(bytes) ?? readLine(paths, number, bytes);
        if (index <= before) throw damaged(paths, number, UNORDERED);
        table.add({ index, mark: markOf(id), start, length: bytes.length });
        before = index;
      }
    }
  } catch (error) {
    throw storageError(error, "read", paths.personas);
  }
  return table;
}

const NO_REPLIES: ReadonlyMap<number, ReplyRecord> = new Map();

/** The lines of the personas of a run that have not ended: first of those that have replies, each in order. */
function* pendingLines(
  personas: LineTable,
  { hasEnded, replies }: Replay,
  isWanted: (index: number) => boolean,
): Generator<number> {
  for (const isBegun of replies.size > 0 ? [true, false] : [false]) {
    for (let line = 0; line < personas.size; line += 1) {
      const index = personas.indexAt(line);
      if (replies.has(index) === isBegun && !hasEnded(index) && isWanted(index)) yield line;
    }
  }
}

/**
 * The personas of a run that have not ended, with the replies that were bought for them: first those that have any,
 * so that what was paid for is finished first, each in order. `isWanted` says which, by their places.
 */
export async function* pendingPersonas(
  paths: RunPaths,
  personas: LineTable,
  replay: Replay,
  isWanted: (index: number) => boolean,
): AsyncGenerator<PendingPersona> {
  if (personas.size === 0) return;
  const lines = await PlacedLines.open(paths.personas);
  try {
    for (const line of pendingLines(personas, replay, isWanted)) {
      const place = personas.at(line);
      const { id, persona: text } = readLine(paths, line + 1, await lines.line(place));
      const { index } = place;
      yield { index, persona: { id, text }, replies: replay.replies.get(index) ?? NO_REPLIES };
    }
  } finally {
    await lines.close();
  }
}
