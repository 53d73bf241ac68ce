/**
 * How often the offline author's replies have each fault: probabilities per reply, from 0 to 1. About what is to be
 * expected of a good model: six or seven of ten trajectories pass at their first call, and more than nine of ten
 * personas are accepted within four calls. The rates are chosen, not measured.
 */
export const DEFAULT_FAULT_RATES = {
  scriptBrokenJson: 0.015,
  scriptMissingKey: 0.015,
  /** A script with a pattern that is no regular expression. */
  scriptBadPattern: 0.01,
  /** A script with a pattern that rejects the name of its own action. */
  scriptRejectedName: 0.02,
  /** A script with a placeholder whose values are not listed. */
  scriptMissingValues: 0.02,
  /** A trajectory whose JSON is broken in one of its turns. */
  brokenJson: 0.05,
  wrongKeys: 0.05,
  /** A player's action that no pattern accepts, and that the dungeon master lets pass. */
  unmatchedAction: 0.15,
  noSuccess: 0.06,
  errorInLastTurn: 0.02,
  /** Fewer than two error turns; or one where none is asked for. */
  fewErrors: 0.08,
  /** A trajectory that is cut off at the token limit. */
  cutOff: 0.04,
  /** A sentence or a fence around the JSON; harmless. */
  proseAround: 0.2,
};

export type FaultRates = Readonly<Record<keyof typeof DEFAULT_FAULT_RATES, number>>;

/** All rates multiplied by `factor` (0 for none), none above 1. */
export function scaleFaultRates(rates: FaultRates, factor: number): FaultRates {
  const scaled = Object.entries(rates).map(([fault, rate]) => [fault, Math.min(1, rate * factor)]);
  return { ...rates, ...Object.fromEntries(scaled) };
}
