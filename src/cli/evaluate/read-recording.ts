import * as z from "zod";
import type { RecordedActions } from "../../agent/replay-agent.ts";
import { AgentRefineError } from "../../errors.ts";
import type { Episode } from "../../evaluation/episode.ts";
import { episodeSchema } from "../../evaluation/episode-schema.ts";
import { readJournal } from "../../runs/read-journal.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { exists } from "../is-run.ts";

/** A line that was written by hand or by another program. */
const plainLine = z.object({
  suite: z.string(),
  task: z.string(),
  attempt: z.int().nonnegative().default(0),
  actions: z.array(z.string()),
});

/** What an episode did in its last trial; malformed replies did nothing. */
function actionsOf({ suite, task, attempt, trials }: Episode): RecordedActions {
  const turns = trials.at(-1)?.turns ?? [];
  return { suite, task, attempt, actions: turns.flatMap(({ action }) => action ?? []) };
}

/**
 * Reads what is to be replayed: the `episodes.jsonl` of an evaluation, or JSON lines
 * `{"suite": …, "task": …, "actions": […]}` with an optional `"attempt"`. Throws AgentRefineError.
 */
export async function readRecording(file: string): Promise<readonly RecordedActions[]> {
  if (!(await exists(file))) {
    throw new AgentRefineError(evaluateWords.noRecording(file), { fix: evaluateWords.recordingFix });
  }
  const recorded: RecordedActions[] = [];
  let line = 0;
  for await (const record of readJournal(file)) {
    line += 1;
    const plain = plainLine.safeParse(record);
    const episode = plain.success ? undefined : episodeSchema.safeParse(record);
    if (plain.success) recorded.push(plain.data);
    else if (episode?.success === true) recorded.push(actionsOf(episode.data));
    else
      throw new AgentRefineError(evaluateWords.badRecording(file, line), { fix: evaluateWords.recordingFix });
  }
  return recorded;
}
