import type { EpisodeResult } from "../episode-result.ts";
import { groupBy } from "./group-by.ts";
import { mean } from "./mean.ts";

/** What is measured of an episode, from 0 to 1: as AgentBoard defines success rate and progress rate. */
export type Measure = "success" | "progress";

/** The value of a measure in one episode. */
export function scoreOf(result: EpisodeResult, measure: Measure): number {
  return measure === "success" ? Number(result.success) : result.progress;
}

/**
 * The mean over the attempts at each task, by the task's id and in the order of the ids, so that nothing depends
 * on which episode ended first. The episodes are of one suite.
 */
export function taskScores(results: readonly EpisodeResult[], measure: Measure): ReadonlyMap<string, number> {
  const byTask = [...groupBy(results, ({ task }) => task)].sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(
    byTask.map(([task, attempts]) => [task, mean(attempts.map((each) => scoreOf(each, measure)))]),
  );
}
