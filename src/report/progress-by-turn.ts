import { PROGRESS } from "../environment/suite.ts";
import type { Episode, EpisodeTurn } from "../evaluation/episode.ts";

/** The part of an episode that its progress is read from. */
export interface PlayedTurns extends Pick<Episode, "suite" | "scores"> {
  readonly trials: readonly { readonly turns: readonly Pick<EpisodeTurn, "scores">[] }[];
}

/** How far an evaluation was in a suite after each turn. */
export interface ProgressByTurn {
  readonly suite: string;
  readonly episodes: number;
  /** Mean progress from 0 to 1 after so many turns, from none on; who has ended keeps what was reached. */
  readonly means: readonly number[];
}

/** What is kept of a suite: by how much progress grew with each turn, over all episodes. */
interface Growth {
  episodes: number;
  readonly byTurn: number[];
}

/**
 * Mean progress after each turn of the last trial, by suite, in one pass over episodes. Suites without progress, such
 * as those with graded answers, have none.
 */
export async function progressByTurn(
  episodes: AsyncIterable<PlayedTurns> | Iterable<PlayedTurns>,
): Promise<readonly ProgressByTurn[]> {
  const suites = new Map<string, Growth>();
  for await (const { suite, scores, trials } of episodes) {
    if (scores[PROGRESS.name] === undefined) continue;
    const growth = suites.get(suite) ?? { episodes: 0, byTurn: [0] };
    suites.set(suite, growth);
    growth.episodes += 1;
    let reached = 0;
    for (const [place, turn] of (trials.at(-1)?.turns ?? []).entries()) {
      const now = Math.max(reached, turn.scores[PROGRESS.name] ?? 0);
      growth.byTurn[place + 1] = (growth.byTurn[place + 1] ?? 0) + now - reached;
      reached = now;
    }
  }
  return [...suites].map(([suite, { episodes: count, byTurn }]) => {
    let sum = 0;
    const means = byTurn.map((more) => {
      sum += more;
      return sum / count;
    });
    return { suite, episodes: count, means };
  });
}
