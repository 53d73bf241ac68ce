/** Between which limits to learn, and how fast. */
export interface LimitBounds {
  /** Calls at once to begin with. */
  readonly start: number;
  /** The most calls at once, ever. */
  readonly maximum: number;
  /** Successes with the limit in use after which it grows by one, once the provider has pushed back. */
  readonly growEvery: number;
}

/** What has been learnt about how many calls may run at once. */
export interface LimitState {
  /** Calls that may run at once; at least 1. */
  readonly limit: number;
  /** How often the limit was lowered. A call that began before the last time says nothing new. */
  readonly generation: number;
  /** Successes since the limit last changed. */
  readonly successes: number;
  /** Calls of this generation that ended in a reply or a refusal, and those that were refused. */
  readonly ended: number;
  readonly refused: number;
  /** The share that was refused when the limit was last lowered for it; undefined when it is not in question. */
  readonly refusedBefore: number | undefined;
  /** A share of refusals that less load did not mend, so that it is not our doing. */
  readonly tolerated: number;
  /** True until the provider first pushes back or slows down: the limit grows with every success. */
  readonly starting: boolean;
  /** Moving average of the latest latencies of this generation, in milliseconds. */
  readonly recent: number | undefined;
  /** How many latencies are in `recent`. */
  readonly samples: number;
  /** The usual latency: the lowest that the moving average has been. */
  readonly baseline: number | undefined;
  /** How many calls in a row ended while the recent latency was beyond the usual. */
  readonly slowFor: number;
  /** The recent latency at which the limit was last lowered for slowness. */
  readonly loweredAt: number | undefined;
}

/** What a call that has ended tells. */
export interface CallEnd {
  readonly outcome: "success" | "pushed-back" | "other";
  /** The generation in which the call began. */
  readonly generation: number;
  /** Milliseconds until the first text, or until the reply when it was not streamed. */
  readonly latency?: number;
  /** Calls that were running when it ended, itself included. */
  readonly running: number;
}

const DECREASE = 0.75;
/** A latency that is not worth a thought, in milliseconds, however short the usual one is. */
const TOLERATED = 1000;
/** Latencies that make an average; until then nothing is judged. */
const ENOUGH_SAMPLES = 32;
/** Slow calls in a row after which less load is tried. */
const SLOW_FOR_LONG = 50;

/** A state in which nothing has been learnt. */
export function initialLimit(bounds: LimitBounds): LimitState {
  return {
    limit: Math.max(1, Math.min(bounds.start, bounds.maximum)),
    generation: 0,
    successes: 0,
    ended: 0,
    refused: 0,
    refusedBefore: undefined,
    tolerated: 0,
    starting: true,
    recent: undefined,
    samples: 0,
    slowFor: 0,
    baseline: undefined,
    loweredAt: undefined,
  };
}

/**
 * Additive increase, multiplicative decrease: one more for every `growEvery` successes while the limit is in
 * use; three quarters at the first refusal, and again, once for each burst, while many calls are refused and
 * lowering helps. A share of refusals that lowering does not change is not our doing and is tolerated, or a
 * provider that refuses one call in ten at random would bring the run to a halt. Slowness counts as well, since servers such as vLLM
 * queue instead of refusing: beyond twice the usual latency the limit stays; when that lasts, or beyond four
 * times, it is lowered. When lowering did not help, the slowness is not our doing and becomes the usual.
 */
export function learn(state: LimitState, end: CallEnd, bounds: LimitBounds): LimitState {
  const isNews = end.generation === state.generation;
  if (end.outcome === "pushed-back") return isNews ? refuse(state) : state;
  if (end.outcome === "other") return state;
  const counted = isNews ? count(state, 0) : state;
  const measured = isNews && end.latency !== undefined ? measure(counted, end.latency) : counted;
  if (isOverloaded(measured) || measured.slowFor >= SLOW_FOR_LONG) return relieve(measured);
  if (measured.slowFor > 0) return { ...measured, successes: 0, starting: false };
  return end.running >= measured.limit ? grow(measured, bounds) : measured;
}

/** How many calls must have ended before their refusals are judged. */
function windowOf({ limit }: LimitState): number {
  return Math.max(20, limit);
}

function count(state: LimitState, refused: 0 | 1): LimitState {
  const counted = { ...state, ended: state.ended + 1, refused: state.refused + refused };
  // What was long ago counts half.
  if (counted.ended < 4 * windowOf(state)) return counted;
  return { ...counted, ended: counted.ended / 2, refused: counted.refused / 2 };
}

/** Whether the share of refusals is nearer to what it was than to what less load would have made of it. */
function isUnchanged(share: number, before: number): boolean {
  const expected = Math.max(0, 1 - (1 - before) / DECREASE);
  return share > (before + expected) / 2;
}

function refuse(state: LimitState): LimitState {
  const counted = count(state, 1);
  if (state.generation === 0) return lower(counted);
  if (counted.ended < windowOf(state)) return counted;
  const share = counted.refused / counted.ended;
  const isMost = share >= 0.5;
  if (!isMost && share <= 1.5 * state.tolerated) return counted;
  if (!isMost && state.refusedBefore !== undefined && isUnchanged(share, state.refusedBefore)) {
    return { ...counted, tolerated: share, refusedBefore: undefined, ended: 0, refused: 0 };
  }
  return { ...lower(counted), refusedBefore: share };
}

function lower(state: LimitState): LimitState {
  return {
    ...state,
    ended: 0,
    refused: 0,
    limit: Math.max(1, Math.floor(state.limit * DECREASE)),
    generation: state.generation + 1,
    successes: 0,
    starting: false,
    recent: undefined,
    samples: 0,
    slowFor: 0,
  };
}

function grow(state: LimitState, bounds: LimitBounds): LimitState {
  const successes = state.successes + 1;
  if (successes < (state.starting ? 1 : bounds.growEvery)) return { ...state, successes };
  return { ...state, successes: 0, limit: Math.min(state.limit + 1, Math.max(1, bounds.maximum)) };
}

function measure(state: LimitState, latency: number): LimitState {
  const samples = state.samples + 1;
  const old = state.recent ?? latency;
  const recent = old + Math.max(1 / samples, 0.05) * (latency - old);
  if (samples < ENOUGH_SAMPLES) return { ...state, recent, samples };
  // An average that could rise by itself would follow a limit that grows too far, step by step.
  const baseline = Math.min(state.baseline ?? recent, recent);
  if (recent > slowBeyond(baseline))
    return { ...state, recent, samples, baseline, slowFor: state.slowFor + 1 };
  // At the usual pace again: the last lowering helped, and the next one starts afresh.
  return { ...state, recent, samples, baseline, slowFor: 0, loweredAt: undefined };
}

/** The recent latency beyond which calls are slow, given the usual one. */
function slowBeyond(baseline: number): number {
  return 2 * baseline + TOLERATED;
}

function isOverloaded({ recent, slowFor, baseline }: LimitState): boolean {
  if (slowFor === 0 || recent === undefined || baseline === undefined) return false;
  return recent > 2 * slowBeyond(baseline);
}

function relieve(state: LimitState): LimitState {
  const helped = state.loweredAt === undefined || (state.recent ?? 0) < 0.9 * state.loweredAt;
  if (helped) return { ...lower(state), loweredAt: state.recent };
  return { ...state, baseline: state.recent, loweredAt: undefined, slowFor: 0 };
}
