import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import * as z from "zod";
import type { RecordedActions } from "../agent/planned-agents.ts";
import { AgentRefineError } from "../errors.ts";
import { byteLines, decompressed, readingError } from "../lines.ts";
import { type Episode, episodeSchema, episodesPath } from "./episode.ts";

/** A line that was written by hand or by another program. */
const plainLine = z.object({
  suite: z.string(),
  task: z.string(),
  attempt: z.int().nonnegative().default(0),
  actions: z.array(z.string()),
});

/** The JSON of a line, which may begin with a byte order mark; undefined when it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

/** What an episode did in its last trial; malformed replies did nothing. */
function actionsOf({ suite, task, attempt, trials }: Episode): RecordedActions {
  const turns = trials.at(-1)?.turns ?? [];
  return { suite, task, attempt, actions: turns.flatMap(({ action }) => action ?? []) };
}

function recordedIn(record: unknown): RecordedActions | undefined {
  const plain = plainLine.safeParse(record);
  if (plain.success) return plain.data;
  const episode = episodeSchema.safeParse(record);
  return episode.success ? actionsOf(episode.data) : undefined;
}

const FIX =
  'Give the folder of an evaluation, its episodes.jsonl, or lines {"suite": …, "task": …, "actions": […]}.';

function badLine(file: string, line: number): AgentRefineError {
  return new AgentRefineError(`${file}: line ${line} is neither an episode nor actions`, { fix: FIX });
}

/** The file of a recording; the folder of an evaluation stands for its episodes. */
async function recordingFile(path: string): Promise<string> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) throw new AgentRefineError(`there is no file ${path}`, { fix: FIX });
  if (!status.isDirectory()) return path;
  const file = episodesPath(path);
  if (await stat(file).catch(() => undefined)) return file;
  throw new AgentRefineError(`${path} has no episodes.jsonl`, { fix: FIX });
}

/** The longest line that is read, in bytes: an episode has all that its model wrote. */
const LONGEST_LINE = 64 * 1024 * 1024;

async function* numberedLines(
  file: string,
): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  try {
    for await (const { number: line, bytes } of byteLines(
      decompressed(createReadStream(file)),
      LONGEST_LINE,
    )) {
      if (bytes === undefined) {
        throw new AgentRefineError(`${file}: line ${line} is longer than ${LONGEST_LINE / 1024 / 1024} MiB`, {
          fix: FIX,
        });
      }
      yield { line, text: bytes.toString("utf8") };
    }
  } catch (error) {
    throw readingError(error, file);
  }
}

/**
 * Reads what is to be replayed: an evaluation, by its folder or its `episodes.jsonl`, or JSON lines
 * `{"suite": …, "task": …, "actions": […]}` with an optional `"attempt"`. A last line that is cut off, as a killed
 * evaluation leaves it, is left out. Throws AgentRefineError.
 */
export async function readRecording(path: string): Promise<readonly RecordedActions[]> {
  const file = await recordingFile(path);
  const recorded: RecordedActions[] = [];
  let cutOff: number | undefined;
  for await (const { line, text } of numberedLines(file)) {
    if (text.trim() === "") continue;
    if (cutOff !== undefined) throw badLine(file, cutOff);
    const record = parse(text);
    if (record === undefined) cutOff = line;
    else {
      const actions = recordedIn(record);
      if (actions === undefined) throw badLine(file, line);
      recorded.push(actions);
    }
  }
  if (cutOff !== undefined && recorded.length === 0) throw badLine(file, cutOff);
  return recorded;
}
