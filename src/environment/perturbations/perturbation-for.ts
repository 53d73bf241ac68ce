import { AgentRefineError } from "../../errors.ts";
import { hash32 } from "../../random.ts";
import { GAMES } from "../pddl/games/games.ts";
import { babyaiOrder, babyaiVerbs } from "./babyai-rewordings.ts";
import { joinNumbers, separateNumbers } from "./number-spacing.ts";
import { pddlOrder, pddlVerbs } from "./pddl-rewordings.ts";
import type { Perturbation, PerturbationName } from "./perturbation.ts";
import type { Reworder } from "./rewording.ts";

const UNCHANGED: Reworder = { show: (text) => text, read: (action) => action };

/** What a perturbation says in other words in each kind of world. */
type Rewordings = Readonly<Record<PerturbationName, Reworder>>;

function babyai(): Rewordings {
  return {
    "rename-verbs": babyaiVerbs(),
    "swap-arguments": babyaiOrder(),
    "number-spacing": joinNumbers,
    "reorder-actions": UNCHANGED,
  };
}

function pddl(group: string): Rewordings | undefined {
  const game = GAMES.find(({ name }) => name === group);
  if (game === undefined) return undefined;
  return {
    "rename-verbs": pddlVerbs(game),
    "swap-arguments": pddlOrder(game),
    "number-spacing": separateNumbers,
    "reorder-actions": UNCHANGED,
  };
}

/** A fixed order that has nothing to do with the usual one. */
function shuffled(actions: readonly string[]): readonly string[] {
  const order = (action: string): number => hash32(action, 7);
  return [...actions].sort((one, other) => order(one) - order(other) || (one < other ? -1 : 1));
}

/**
 * The perturbation of a name for the tasks of a suite's group. Throws an AgentRefineError for a suite that has none.
 */
export function perturbationFor(name: PerturbationName, suite: string, group: string): Perturbation {
  const rewordings = suite === "babyai" ? babyai() : suite === "pddl" ? pddl(group) : undefined;
  if (rewordings === undefined) {
    throw new AgentRefineError(`there are no perturbations of ${suite}`, {
      fix: "Leave the perturbation or the suite out.",
    });
  }
  const arrange = name === "reorder-actions" ? shuffled : (actions: readonly string[]) => actions;
  return { name, arrange, ...rewordings[name] };
}
