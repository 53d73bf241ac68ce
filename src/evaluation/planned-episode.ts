import type { Suite, Task } from "../environment/environment.ts";
import { type EpisodeKey, keyText } from "./episode.ts";
import type { EpisodeResult } from "./episode-result.ts";

/** An attempt that is to be played. */
export interface PlannedEpisode {
  readonly suite: Suite;
  readonly task: Task;
  readonly attempt: number;
}

/** Every attempt of an evaluation: attempt by attempt in each suite, so that a part of a run has whole attempts. */
export function planEpisodes(suites: readonly Suite[], attempts: number): readonly PlannedEpisode[] {
  return suites.flatMap((suite) =>
    Array.from({ length: attempts }, (_value, attempt) =>
      suite.tasks.map((task) => ({ suite, task, attempt })),
    ).flat(),
  );
}

/** Which attempt a planned episode is. */
export function keyOfPlanned({ suite, task, attempt }: PlannedEpisode): EpisodeKey {
  return { suite: suite.name, task: task.id, attempt };
}

/** The results of planned episodes in the order of the plan; what was not planned is left out. */
export function resultsInOrder(
  planned: readonly PlannedEpisode[],
  results: ReadonlyMap<string, EpisodeResult>,
): readonly EpisodeResult[] {
  return planned.flatMap((episode) => results.get(keyText(keyOfPlanned(episode))) ?? []);
}
