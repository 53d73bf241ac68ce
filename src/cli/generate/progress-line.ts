import type { LimiterSnapshot } from "../../model/limiter.ts";
import type { Tally } from "../../synthesis/tally.ts";
import { dollars, duration, oneDigit, shortNumber, wholeNumber } from "../numbers.ts";
import { shorten } from "../table.ts";

/** What a progress line tells of. */
export interface ProgressState {
  readonly personas: number;
  readonly tally: Tally;
  /** Seconds since this part of the run began, and how many personas had ended by then. */
  readonly seconds: number;
  readonly endedBefore: number;
  readonly limiter: LimiterSnapshot | undefined;
}

/** A part of the line; those with a higher rank are left out first when the line is too long. */
interface Segment {
  readonly text: string;
  readonly rank: number;
}

function pace({ personas, tally, seconds, endedBefore }: ProgressState): readonly Segment[] {
  const { accepted, rejected, failed } = tally.outcomes;
  const ended = accepted + rejected + failed;
  const perSecond = seconds > 0 ? (ended - endedBefore) / seconds : 0;
  if (perSecond <= 0) return [];
  const rate = perSecond >= 0.1 ? `${oneDigit(perSecond)}/s` : `${oneDigit(perSecond * 60)}/min`;
  return [
    { text: rate, rank: 4 },
    { text: `eta ${duration((personas - ended) / perSecond)}`, rank: 1 },
  ];
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
    ...pace(state),
    ...(limiter !== undefined && limiter.paused >= 1000
      ? [{ text: `waiting ${duration(limiter.paused / 1000)} as asked`, rank: 3 }]
      : []),
  ];
}

/** The state of a run as one line of at most `width` characters; what matters least is left out first. */
export function progressLine(state: ProgressState, width: number): string {
  let kept = segments(state);
  const join = (): string => kept.map(({ text }) => text).join("  ");
  while (join().length > width) {
    const rank = Math.max(...kept.map((segment) => segment.rank));
    if (rank === 0) return shorten(join(), width);
    kept = kept.filter((segment) => segment.rank !== rank);
  }
  return join();
}
