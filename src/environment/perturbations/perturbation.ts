/**
 * Another way to say what can be done, with the same meaning (section 4.3, App. K): other verbs, another order of
 * arguments, other spaces, another order of the list. Both what the player is told and what the environment
 * understands change.
 */
export interface Perturbation {
  readonly name: PerturbationName;
  /** A text as the player is shown it: observations, goals, actions, instructions. */
  show(text: string): string;
  /** An action in the environment's own words; undefined for one in the old words, which are no longer understood. */
  read(action: string): string | undefined;
  /** The listed actions in the order in which they are shown. */
  arrange(actions: readonly string[]): readonly string[];
}

/**
 * The perturbations. App. K's first and second change verbs and prepositions (`rename-verbs`), its third the order of
 * arguments (`swap-arguments`), its fourth takes the space before a number away (`number-spacing`; the PDDL games have
 * none there and get one), its fifth changes the training data and not the worlds. `reorder-actions` is not App. K's
 * but section 2's (Figure 2b), and counts into none of the paper's averages.
 */
export const PERTURBATIONS = ["rename-verbs", "swap-arguments", "number-spacing", "reorder-actions"] as const;

/** One of {@link PERTURBATIONS}. */
export type PerturbationName = (typeof PERTURBATIONS)[number];
