import type { LimiterSnapshot } from "../../model/limiter.ts";
import type { Tally } from "../../synthesis/tally.ts";
import { fitLine, type Segment } from "../terminal/fit-line.ts";
import { dollars, shortNumber, wholeNumber } from "../terminal/numbers.ts";
import { paceSegments, waitSegments } from "../terminal/pace.ts";

/** What a progress line tells of. */
export interface ProgressState {
  readonly personas: number;
  readonly tally: Tally;
  /** Seconds since this part of the run began, and how many personas had ended by then. */
  readonly seconds: number;
  readonly endedBefore: number;
  readonly limiter: LimiterSnapshot | undefined;
}

function segments(state: ProgressState): readonly Segment[] {
  const { personas, tally, limiter } = state;
  const { accepted, rejected, failed } = tally.outcomes;
  const tokens = tally.promptTokens + tally.completionTokens;
  return [
    { text: `${accepted + rejected + failed}/${personas}`, rank: 0 },
    { text: `accepted ${accepted}`, rank: 0 },
    { text: `rejected ${rejected}`, rank: 1 },
    { text: `failed ${failed}`, rank: failed > 0 ? 1 : 7 },
    { text: `${wholeNumber(tally.calls)} calls`, rank: 5 },
    { text: `${shortNumber(tokens)} tokens`, rank: 6 },
    ...(tally.cost === null ? [] : [{ text: dollars(tally.cost), rank: 2 }]),
    ...paceSegments({ ...state, total: personas, ended: accepted + rejected + failed }),
    ...waitSegments(limiter),
  ];
}

/** The state of a run as one line of at most `width` characters; what matters least is left out first. */
export function progressLine(state: ProgressState, width: number): string {
  return fitLine(segments(state), width);
}
