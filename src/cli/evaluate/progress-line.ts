import type { EpisodeResult } from "../../evaluation/episode-result.ts";
import type { Spending } from "../../evaluation/spending.ts";
import type { LimiterSnapshot } from "../../model/limiter.ts";
import { fitLine, type Segment } from "../terminal/fit-line.ts";
import { dollars, share, shortNumber } from "../terminal/numbers.ts";
import { paceSegments, waitSegments } from "../terminal/pace.ts";

/** What a progress line tells of. */
export interface EvaluationProgress {
  readonly planned: number;
  readonly results: Iterable<EpisodeResult>;
  /** What all calls have cost. */
  readonly spending: Spending;
  /** Seconds since this part began, and how many episodes had ended by then. */
  readonly seconds: number;
  readonly endedBefore: number;
  readonly limiter: LimiterSnapshot | undefined;
}

/** The state of an evaluation as one line of at most `width` characters. */
export function evaluationProgressLine(state: EvaluationProgress, width: number): string {
  let ended = 0;
  let solved = 0;
  let failed = 0;
  const { promptTokens, completionTokens, cost } = state.spending;
  const tokens = promptTokens + completionTokens;
  for (const result of state.results) {
    ended += 1;
    if (result.success) solved += 1;
    if (result.ending === "model-failed") failed += 1;
  }
  const segments: readonly Segment[] = [
    { text: `${ended}/${state.planned}`, rank: 0 },
    { text: `success ${share(solved, ended)}`, rank: 0 },
    ...(failed > 0 ? [{ text: `model failed ${failed}`, rank: 1 }] : []),
    ...(tokens > 0 ? [{ text: `${shortNumber(tokens)} tokens`, rank: 6 }] : []),
    ...(tokens > 0 && cost !== null ? [{ text: dollars(cost), rank: 2 }] : []),
    ...paceSegments({ ...state, total: state.planned, ended }),
    ...waitSegments(state.limiter),
  ];
  return fitLine(segments, width);
}
