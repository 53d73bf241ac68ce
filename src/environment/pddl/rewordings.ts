import { type Reworder, type Rewording, reworder } from "../perturbations/rewording.ts";
import type { Game } from "./games.ts";
import { wordingOf } from "./text/wording.ts";

/** How objects are called in the PDDL games: `ball1`, `rooma`, `shaker1`. */
const PDDL_OBJECT = "[a-z][\\w-]*";

/** Other verbs for the games' actions, by the action's name; what stands for it in its wording comes first. */
const VERBS: ReadonlyMap<string, readonly [old: string, other: string]> = new Map([
  ["move", ["Move", "Travel"]],
  ["pick", ["Pick up", "Grab"]],
  ["drop", ["drop", "release"]],
  ["pickup", ["Pickup", "Lift"]],
  ["putdown", ["Putdown", "Lower"]],
  ["stack", ["Stack", "Place"]],
  ["unstack", ["Unstack", "Detach"]],
  ["grasp", ["grasp", "seize"]],
  ["leave", ["leave", "set-down"]],
  ["fill-shot", ["fill-shot", "charge-shot"]],
  ["refill-shot", ["refill-shot", "recharge-shot"]],
  ["empty-shot", ["empty-shot", "drain-shot"]],
  ["clean-shot", ["clean-shot", "rinse-shot"]],
  ["pour-shot-to-clean-shaker", ["pour-shot-to-clean-shaker", "tip-shot-to-clean-shaker"]],
  ["pour-shot-to-used-shaker", ["pour-shot-to-used-shaker", "tip-shot-to-used-shaker"]],
  ["empty-shaker", ["empty-shaker", "drain-shaker"]],
  ["clean-shaker", ["clean-shaker", "rinse-shaker"]],
  ["shake", ["shake", "agitate"]],
  ["pour-shaker-to-shot", ["pour-shaker-to-shot", "tip-shaker-to-shot"]],
  ["open", ["Open", "Unseal"]],
  ["close", ["Close", "Seal"]],
  ["fetch", ["Fetch", "Retrieve"]],
  ["put-away", ["Put-away", "Stow"]],
  ["loosen", ["Loosen", "Slacken"]],
  ["tighten", ["Tighten", "Secure"]],
  ["jack-up", ["jack-up", "raise"]],
  ["jack-down", ["Jack-down", "Sink"]],
  ["undo", ["Undo", "Unscrew"]],
  ["do-up", ["Do-up", "Screw"]],
  ["remove-wheel", ["Remove-wheel", "Detach-wheel"]],
  ["put-on-wheel", ["put-on-wheel", "attach-wheel"]],
  ["inflate", ["Inflate", "Blow-up"]],
]);

/** The wordings of a game's actions, with `{0}`, `{1}`… for their objects. */
function formsOf({ domain }: Game): readonly (readonly [name: string, form: string])[] {
  return domain.actions.map(({ name, parameters }) => [
    name,
    wordingOf(
      name,
      parameters.map((_parameter, place) => `{${place}}`),
    ),
  ]);
}

/**
 * Other verbs for the same actions. The environment reads any text that names a verb and enough objects, and so do
 * the other verbs.
 */
function verbs(game: Game): Reworder {
  const rewordings = formsOf(game).map(([name, form]) => {
    const [old, other] = VERBS.get(name) ?? [name, name];
    return { from: form, to: form.replace(old, other) };
  });
  const alsoRead = game.domain.actions.flatMap(({ name }) => {
    const other = VERBS.get(name)?.[1];
    return other === undefined ? [] : [{ from: name, to: other }];
  });
  const alsoOld = alsoRead.map(({ from }) => from);
  return reworder(rewordings, PDDL_OBJECT, { alsoRead, alsoOld });
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
function order(game: Game): Reworder {
  const several = formsOf(game).filter(([, form]) => form.includes("{1}"));
  const rewordings = several.map(([, form]): Rewording => ({ from: form, to: reversed(form) }));
  return reworder(rewordings, PDDL_OBJECT, { alsoOld: several.map(([name]) => name) });
}

const NAME_AND_NUMBER = /\b([a-z]+)(\d+)\b/gi;
const NAME_SPACE_NUMBER = /\b([a-z]+) +(\d+)\b/gi;

/** Names, which have no space before their numbers, with one: `ball 1`. */
const separateNumbers: Reworder = {
  show: (text) => text.replace(NAME_AND_NUMBER, "$1 $2"),
  read: (action) =>
    action.search(NAME_AND_NUMBER) >= 0 ? undefined : action.replace(NAME_SPACE_NUMBER, "$1$2"),
};

/** A game in other words (section 4.3, App. K). */
export function pddlRewordings(
  game: Game,
): Readonly<Record<"rename-verbs" | "swap-arguments" | "number-spacing", Reworder>> {
  return {
    "rename-verbs": verbs(game),
    "swap-arguments": order(game),
    "number-spacing": separateNumbers,
  };
}
