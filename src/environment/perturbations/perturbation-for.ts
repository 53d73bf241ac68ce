import { AgentRefineError } from "../../errors.ts";
import { hash32 } from "../../random.ts";
import { babyaiRewordings } from "../babyai/rewordings.ts";
import { games } from "../pddl/games.ts";
import { pddlRewordings } from "../pddl/rewordings.ts";
import type { Perturbation, PerturbationName } from "./perturbation.ts";
import type { Reworder } from "./rewording.ts";

const UNCHANGED: Reworder = { show: (text) => text, read: (action) => action };

/** What each perturbation says in other words in a kind of world; undefined for a suite that has none. */
function rewordingsOf(
  suite: string,
  group: string,
): Readonly<Partial<Record<PerturbationName, Reworder>>> | undefined {
  if (suite === "babyai") return babyaiRewordings();
  const game = suite === "pddl" ? games().find(({ name }) => name === group) : undefined;
  return game && pddlRewordings(game);
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
  const rewordings = rewordingsOf(suite, group);
  if (rewordings === undefined) {
    throw new AgentRefineError(`there are no perturbations of ${suite}`, {
      fix: "Leave the perturbation or the suite out.",
    });
  }
  const arrange = name === "reorder-actions" ? shuffled : (actions: readonly string[]) => actions;
  return { name, arrange, ...(rewordings[name] ?? UNCHANGED) };
}
