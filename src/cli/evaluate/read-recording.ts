import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { RecordedActions } from "../../agent/planned-agents.ts";
import { AgentRefineError } from "../../errors.ts";
import type { Episode } from "../../evaluation/episode.ts";
import { episodeSchema } from "../../evaluation/episode.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { exists } from "../is-run.ts";

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

function badLine(file: string, line: number): AgentRefineError {
  return new AgentRefineError(evaluateWords.badRecording(file, line), { fix: evaluateWords.recordingFix });
}

/**
 * Reads what is to be replayed: the `episodes.jsonl` of an evaluation, or JSON lines
 * `{"suite": …, "task": …, "actions": […]}` with an optional `"attempt"`. A last line that is cut off, as a killed
 * evaluation leaves it, is left out. Throws AgentRefineError.
 */
export async function readRecording(file: string): Promise<readonly RecordedActions[]> {
  if (!(await exists(file))) {
    throw new AgentRefineError(evaluateWords.noRecording(file), { fix: evaluateWords.recordingFix });
  }
  const recorded: RecordedActions[] = [];
  let line = 0;
  let cutOff: number | undefined;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    line += 1;
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
