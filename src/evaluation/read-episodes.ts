import { join } from "node:path";
import { readRecords } from "../runs/read-records.ts";
import type { Episode } from "./episode.ts";
import { episodeSchema } from "./episode-schema.ts";

/** The journal of finished episodes in the folder of an evaluation. */
export function episodesPath(directory: string): string {
  return join(directory, "episodes.jsonl");
}

/** The finished episodes of an evaluation in the order in which they ended. Throws AgentRefineError. */
export function readEpisodes(directory: string): AsyncGenerator<Episode, void, undefined> {
  return readRecords(episodesPath(directory), {
    schema: episodeSchema,
    name: "an episode",
    removal: "its episode is then played again",
  });
}
