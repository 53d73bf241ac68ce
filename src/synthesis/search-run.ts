import { storageError } from "../errors.ts";
import { byteLines } from "../lines.ts";
import { isFields } from "../model/call.ts";
import { openBytes } from "../runs/journal-bytes.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import type { IndexedPersona } from "./record.ts";

/** Longer lines are no records of ours. */
const LONGEST = 256 * 1024 * 1024;

/** What stands in every record beside what a model wrote; a word of it says nothing by standing in a line. */
const FRAME = [
  "index id persona outcome accepted rejected failed calls faults code turn problem action errors reason script",
  "thought environment initial state places and objects information location relative player goal",
  "completion conditions available actions description special format verification code parameters",
  "trajectory role dm observation parameter_error place_error logic_error progress_rate finished true false null",
].join(" ");

/** The texts of a JSON value; names of fields are none. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === "string") yield value.toLowerCase();
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (isFields(value)) for (const item of Object.values(value)) yield* textsOf(item);
}

/** Whether each of the words stands in some text of a JSON value. */
function hasWords(value: unknown, words: readonly string[]): boolean {
  const texts = [...textsOf(value)];
  return words.every((word) => texts.some((text) => text.includes(word)));
}

/**
 * The ids of the personas in whose records all words of a text stand: in the persona, the script or a turn, in any
 * case. Reads the journal as bytes and parses only lines where the bytes do not decide.
 */
export async function searchRun(
  { syntheses }: RunPaths,
  entries: readonly IndexedPersona[],
  text: string,
): Promise<ReadonlySet<string>> {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const needles = words.map((word) => JSON.stringify(word).slice(1, -1));
  const isPlain = needles.every((needle) => /^[\x20-\x7e]*$/.test(needle));
  const isSure = words.every((word) => !FRAME.includes(word) && !/^[\d{}[\],:"]+$/.test(word));
  const idAt = new Map(entries.map(({ record, id }) => [record.start, id]));
  const found = new Set<string>();
  try {
    await using journal = await openBytes(syntheses);
    for await (const { start, bytes } of byteLines(journal?.blocks(0) ?? [], LONGEST)) {
      const id = idAt.get(start);
      if (id === undefined || bytes === undefined) continue;
      const line = bytes.toString(isPlain ? "latin1" : "utf8").toLowerCase();
      if (!needles.every((needle) => line.includes(needle))) continue;
      if (isSure || hasWords(JSON.parse(bytes.toString("utf8")), words)) found.add(id);
    }
  } catch (error) {
    throw storageError(error, "read", syntheses);
  }
  return found;
}
