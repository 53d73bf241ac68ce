import type { Usage } from "../model/chat-model.ts";
import type { Episode, EpisodeTurn } from "./episode.ts";

/** What the metrics need of an episode: everything but its texts, so that thousands fit in memory. */
export interface EpisodeResult extends Omit<Episode, "trials" | "reason"> {
  /** Trials that were played: one without Reflexion. */
  readonly trials: number;
  /** Turns of all trials. */
  readonly turns: number;
  /** Turns whose action was understood and possible. */
  readonly validActions: number;
  /** Turns whose reply had no single thought and action (the paper's formatting errors). */
  readonly formatErrors: number;
  /** Turns that did what the turn before had done and were shown the same again (section 7's loops). */
  readonly repeatedActions: number;
  /** Turns before which the oldest turns were forgotten, as the model's context was full. */
  readonly shortenedTurns: number;
  readonly usage: Usage;
}

function repeats(turns: readonly EpisodeTurn[]): number {
  return turns.filter(({ action, observation }, number) => {
    const before = turns[number - 1];
    return action !== null && before?.action === action && before.observation === observation;
  }).length;
}

/** The counts of an episode. */
export function resultOf({ trials, reason: _reason, ...rest }: Episode): EpisodeResult {
  const turns = trials.flatMap((trial) => trial.turns);
  return {
    ...rest,
    trials: trials.length,
    turns: turns.length,
    validActions: turns.filter(({ actionIsValid }) => actionIsValid).length,
    formatErrors: turns.filter(({ malformed }) => malformed !== undefined).length,
    shortenedTurns: turns.filter(({ forgotten }) => forgotten !== undefined).length,
    repeatedActions: trials.reduce((sum, trial) => sum + repeats(trial.turns), 0),
  };
}
