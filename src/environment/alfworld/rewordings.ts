import type { Reworder } from "../perturbations/rewording.ts";
import type { PerturbationDefinition } from "../suite.ts";

/** A name as it is shown, such as `mug 2`, or a placeholder of the instruction. */
const NAME = "(?:[a-z]+ \\d+|\\{[a-z]+\\})";

/** Says one form of action in another way, wherever it stands in a text. */
interface Change {
  readonly form: RegExp;
  readonly shown: string;
  /** The action in the other words, with blanks around it and a final dot as players write them. */
  readonly other: RegExp;
  readonly own: string;
  /** The action in the old words, which are no longer understood. */
  readonly old: RegExp;
}

function reworderOf({ form, shown, other, own, old }: Change): Reworder {
  return {
    show: (text) => text.replace(form, shown),
    read: (action) => {
      if (other.test(action)) return action.replace(other, own);
      return old.test(action) ? undefined : action;
    },
  };
}

const usingForWith: Change = {
  form: new RegExp(`\\b(clean|cool|heat) (${NAME}) with (?=${NAME})`, "g"),
  shown: "$1 $2 using ",
  other: /^(\s*(?:clean|cool|heat) [a-z]+ \d+) using /,
  own: "$1 with ",
  old: /^\s*(?:clean|cool|heat) .* with /,
};

const moveForGo: Change = {
  form: new RegExp(`\\bgo to (?=${NAME})`, "g"),
  shown: "move to ",
  other: /^(\s*)move to /,
  own: "$1go to ",
  old: /^\s*go to /,
};

const fromFirst: Change = {
  form: new RegExp(`\\btake (${NAME}) from (${NAME})`, "g"),
  shown: "from $2 take $1",
  other: /^(\s*)from ([a-z]+ \d+) take ([a-z]+ \d+)/,
  own: "$1take $3 from $2",
  old: /^\s*take .* from /,
};

const SPACED = /\b([a-z]+) (\d+)\b/g;
const JOINED = /\b([a-z]+)(\d+)\b/g;

/** No space between a name and its number, in whatever is shown and understood. */
const joinedNumbers: Reworder = {
  show: (text) => text.replace(SPACED, "$1$2"),
  read: (action) => (action.search(SPACED) >= 0 ? undefined : action.replace(JOINED, "$1 $2")),
};

/** The four perturbations of App. K, which are all of ALFWorld. Its fifth changes the training data. */
export const ALFWORLD_PERTURBATIONS: Readonly<Record<string, PerturbationDefinition>> = {
  "rename-prepositions": { paper: 1, rewording: () => reworderOf(usingForWith) },
  "rename-verbs": { paper: 2, rewording: () => reworderOf(moveForGo) },
  "swap-arguments": { paper: 3, rewording: () => reworderOf(fromFirst) },
  "number-spacing": { paper: 4, rewording: () => joinedNumbers },
};
