import { REORDER_ACTIONS } from "../perturbations/perturb-suite.ts";
import { type Reworder, type Rewording, reworder } from "../perturbations/rewording.ts";
import type { PerturbationDefinition } from "../suite.ts";
import { type Game, games, wordingOf } from "./games.ts";

/** How objects are called in the PDDL games: `ball1`, `rooma`, `shaker1`. */
const PDDL_OBJECT = "[a-z][\\w-]*";

/** The wording of an action, with `{0}`, `{1}`… for its objects. */
function formOf({ name, places }: Game["actions"][number]): string {
  return wordingOf(
    name,
    places.map((_place, number) => `{${number}}`),
  );
}

/**
 * Other verbs for the same actions. The environment reads any text that names a verb and enough objects, and so do
 * the other verbs.
 */
function verbs({ actions }: Game): Reworder {
  const rewordings = actions.map((action) => {
    const form = formOf(action);
    return { from: form, to: form.replace(action.verb, action.otherVerb) };
  });
  const alsoRead = actions.map(({ name, otherVerb }) => ({ from: name, to: otherVerb }));
  return reworder(rewordings, PDDL_OBJECT, { alsoRead, alsoOld: actions.map(({ name }) => name) });
}

/** The objects of a form, each with the words before it, in reverse order; what stands first stays there. */
function reversed(form: string): string {
  const [verb = "", ...rest] = form.startsWith("{") ? ["", form] : form.split(/ (.*)/s);
  const phrases = rest.join("").match(/[^{}]*\{\d\}/g) ?? [];
  return [verb, ...phrases.map((phrase) => phrase.trim()).reverse()].join(" ").trim();
}

/**
 * The objects in reverse order, each with its words: `Move to roomb from rooma`. As the order tells the objects
 * apart, an action of several objects is understood in this form only.
 */
function order({ actions }: Game): Reworder {
  const several = actions.filter(({ places }) => places.length > 1);
  const rewordings = several.map((action): Rewording => {
    const form = formOf(action);
    return { from: form, to: reversed(form) };
  });
  return reworder(rewordings, PDDL_OBJECT, { alsoOld: several.map(({ name }) => name) });
}

const NAME_AND_NUMBER = /\b([a-z]+)(\d+)\b/gi;
const NAME_SPACE_NUMBER = /\b([a-z]+) +(\d+)\b/gi;

/** Names, which have no space before their numbers, with one: `ball 1`. */
const separateNumbers: Reworder = {
  show: (text) => text.replace(NAME_AND_NUMBER, "$1 $2"),
  read: (action) =>
    action.search(NAME_AND_NUMBER) >= 0 ? undefined : action.replace(NAME_SPACE_NUMBER, "$1$2"),
};

function gameOf(group: string): Game {
  const game = games().find(({ name }) => name === group);
  if (game === undefined) throw new Error(`there is no game ${group}`);
  return game;
}

/** The games in other words (section 4.3); `number-spacing` puts a space, which names lack, before their numbers. */
export const PDDL_PERTURBATIONS: Readonly<Record<string, PerturbationDefinition>> = {
  "rename-verbs": { rewording: (group) => verbs(gameOf(group)) },
  "swap-arguments": { rewording: (group) => order(gameOf(group)) },
  "number-spacing": { rewording: () => separateNumbers },
  "reorder-actions": REORDER_ACTIONS,
};
