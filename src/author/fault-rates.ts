/** How often the offline author's replies have each fault: probabilities per reply, from 0 to 1. */
export interface FaultRates {
  /** A script whose JSON is broken. */
  readonly scriptBrokenJson: number;
  /** A script without one of its compulsory keys. */
  readonly scriptMissingKey: number;
  /** A script with a pattern that is no regular expression. */
  readonly scriptBadPattern: number;
  /** A script with a pattern that rejects the name of its own action. */
  readonly scriptRejectedName: number;
  /** A script with a placeholder whose values are not listed. */
  readonly scriptMissingValues: number;
  /** A trajectory whose JSON is broken in one of its turns. */
  readonly brokenJson: number;
  /** A turn with a missing key or a value of a wrong type. */
  readonly wrongKeys: number;
  /** A player's action that no pattern accepts, and that the dungeon master lets pass. */
  readonly unmatchedAction: number;
  /** An end without the words "Task Succeed". */
  readonly noSuccess: number;
  /** A last turn that flags an error. */
  readonly errorInLastTurn: number;
  /** Fewer than two error turns; or one where none is asked for. */
  readonly fewErrors: number;
  /** A trajectory that is cut off at the token limit. */
  readonly cutOff: number;
  /** A sentence or a fence around the JSON; harmless. */
  readonly proseAround: number;
}

/**
 * About what is to be expected of a good model: six or seven of ten trajectories pass at their first call, and
 * more than nine of ten personas are accepted within four calls. The rates are chosen, not measured.
 */
export const DEFAULT_FAULT_RATES: FaultRates = {
  scriptBrokenJson: 0.015,
  scriptMissingKey: 0.015,
  scriptBadPattern: 0.01,
  scriptRejectedName: 0.02,
  scriptMissingValues: 0.02,
  brokenJson: 0.05,
  wrongKeys: 0.05,
  unmatchedAction: 0.15,
  noSuccess: 0.06,
  errorInLastTurn: 0.02,
  fewErrors: 0.08,
  cutOff: 0.04,
  proseAround: 0.2,
};

/** No faults at all. */
export const NO_FAULTS: FaultRates = scaleFaultRates(DEFAULT_FAULT_RATES, 0);

/** All rates multiplied by `factor` (0 for none), none above 1. */
export function scaleFaultRates(rates: FaultRates, factor: number): FaultRates {
  const scaled = (rate: number): number => Math.min(1, rate * factor);
  return {
    scriptBrokenJson: scaled(rates.scriptBrokenJson),
    scriptMissingKey: scaled(rates.scriptMissingKey),
    scriptBadPattern: scaled(rates.scriptBadPattern),
    scriptRejectedName: scaled(rates.scriptRejectedName),
    scriptMissingValues: scaled(rates.scriptMissingValues),
    brokenJson: scaled(rates.brokenJson),
    wrongKeys: scaled(rates.wrongKeys),
    unmatchedAction: scaled(rates.unmatchedAction),
    noSuccess: scaled(rates.noSuccess),
    errorInLastTurn: scaled(rates.errorInLastTurn),
    fewErrors: scaled(rates.fewErrors),
    cutOff: scaled(rates.cutOff),
    proseAround: scaled(rates.proseAround),
  };
}
