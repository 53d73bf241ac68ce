import { REORDER_ACTIONS } from "../perturbations/perturb-suite.ts";
import { type Reworder, type Rewording, reworder } from "../perturbations/rewording.ts";
import type { PerturbationDefinition } from "../suite.ts";

/** How things are called in BabyAI: `red ball 1`, `blue locked door 2`. */
const BABYAI_OBJECT =
  "(?:red|green|blue|purple|yellow|grey) (?:(?:open|closed|locked) )?(?:ball|box|key|door) +\\d+";

/** What the plain rules understand as well, but never show. */
const ALSO_UNDERSTOOD = ["pick up {0}"];

/** Other verbs for the same actions. */
const VERBS: readonly Rewording[] = [
  { from: "toggle and go through {0}", to: "unlatch and enter {0}" },
  { from: "go through {0}", to: "enter {0}" },
  { from: "go to {0}", to: "walk to {0}" },
  { from: "pickup {0}", to: "grab {0}" },
  { from: "turn left", to: "rotate left" },
  { from: "turn right", to: "rotate right" },
  { from: "move forward", to: "step ahead" },
  { from: "toggle", to: "unlatch" },
  { from: "drop", to: "release" },
];

/** The object before the verb, which stays the same, as in App. K's third perturbation. */
const ORDER: readonly Rewording[] = [
  { from: "toggle and go through {0}", to: "toggle and through {0} go" },
  { from: "go through {0}", to: "through {0} go" },
  { from: "go to {0}", to: "to {0} go" },
  { from: "pickup {0}", to: "{0} pickup" },
];

const SPACED = /\b(ball|box|key|door) +(\d+)\b/g;
const JOINED = /\b(ball|box|key|door)(\d+)\b/g;

/** No space between a thing and its number: `red ball1`. */
const joinNumbers: Reworder = {
  show: (text) => text.replace(SPACED, "$1$2").replace(/\{(object|door)\} \{number\}/g, "{$1}{number}"),
  read: (action) => {
    const small = action.toLowerCase();
    return small.search(SPACED) >= 0 ? undefined : small.replace(JOINED, "$1 $2");
  },
};

/**
 * BabyAI in other words (section 4.3). App. K is of another world: its first and second perturbation change
 * verbs and prepositions, as `rename-verbs`, its third the order of arguments, as `swap-arguments`, and its fourth
 * takes the space before a number away, as `number-spacing`.
 */
export const BABYAI_PERTURBATIONS: Readonly<Record<string, PerturbationDefinition>> = {
  "rename-verbs": { rewording: () => reworder(VERBS, BABYAI_OBJECT, { alsoOld: ALSO_UNDERSTOOD }) },
  "swap-arguments": { rewording: () => reworder(ORDER, BABYAI_OBJECT, { alsoOld: ALSO_UNDERSTOOD }) },
  "number-spacing": { rewording: () => joinNumbers },
  "reorder-actions": REORDER_ACTIONS,
};
