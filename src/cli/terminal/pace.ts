import type { LimiterSnapshot } from "../../model/limiter.ts";
import type { Segment } from "./fit-line.ts";
import { duration, oneDigit } from "./numbers.ts";

/** How a run goes on. */
export interface Pace {
  /** Pieces of work in all, those that have ended, and those that had when this part of the run began. */
  readonly total: number;
  readonly ended: number;
  readonly endedBefore: number;
  /** Seconds since this part of the run began. */
  readonly seconds: number;
}

/** The speed of a run and the time that it still needs. */
export function paceSegments({ total, ended, endedBefore, seconds }: Pace): readonly Segment[] {
  const perSecond = seconds > 0 ? (ended - endedBefore) / seconds : 0;
  if (perSecond <= 0) return [];
  const rate = perSecond >= 0.1 ? `${oneDigit(perSecond)}/s` : `${oneDigit(perSecond * 60)}/min`;
  return [
    { text: rate, rank: 4 },
    { text: `eta ${duration((total - ended) / perSecond)}`, rank: 1 },
  ];
}

/** Says when the provider has asked to wait. */
export function waitSegments(limiter: LimiterSnapshot | undefined): readonly Segment[] {
  return limiter !== undefined && limiter.paused >= 1000
    ? [{ text: `waiting ${duration(limiter.paused / 1000)} as asked`, rank: 3 }]
    : [];
}
