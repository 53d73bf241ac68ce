import { join } from "node:path";
import { AgentRefineError } from "../errors.ts";
import { readJournal } from "../runs/read-journal.ts";
import type { Episode } from "./episode.ts";
import { episodeSchema } from "./episode-schema.ts";

/** The journal of finished episodes in the folder of an evaluation. */
export function episodesPath(directory: string): string {
  return join(directory, "episodes.jsonl");
}

/** The finished episodes of an evaluation in the order in which they ended. Throws AgentRefineError. */
export async function* readEpisodes(directory: string): AsyncGenerator<Episode, void, undefined> {
  const path = episodesPath(directory);
  let line = 0;
  for await (const record of readJournal(path)) {
    line += 1;
    const parsed = episodeSchema.safeParse(record);
    if (!parsed.success) {
      throw new AgentRefineError(`${path} is damaged: line ${line} is not an episode`, {
        fix: "Restore the file from a copy, or remove that line; its episode is then played again.",
      });
    }
    yield parsed.data;
  }
}
