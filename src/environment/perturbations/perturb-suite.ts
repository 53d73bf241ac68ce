import { hash32 } from "../../random.ts";
import type { Instruction } from "../../react.ts";
import type { PerturbationDefinition, Suite, Task } from "../suite.ts";
import type { World } from "../world.ts";
import type { Reworder } from "./rewording.ts";

/** A fixed order that has nothing to do with the usual one. */
function shuffled(actions: readonly string[]): readonly string[] {
  const order = (action: string): number => hash32(action, 7);
  return [...actions].sort((one, other) => order(one) - order(other) || (one < other ? -1 : 1));
}

/**
 * Another order of the listed actions, in the world's own words. It is not App. K's but section 2's (Figure 2b), and
 * counts into none of the paper's averages.
 */
export const REORDER_ACTIONS: PerturbationDefinition = {
  rewording: () => ({ show: (text) => text, read: (action) => action }),
  arrange: shuffled,
};

/** Stands for an action in words that are no longer understood; no world understands it. */
const NOT_UNDERSTOOD = "?";

/** What a group of tasks is shown in place of its own words. */
interface Words extends Reworder {
  readonly arrange: PerturbationDefinition["arrange"];
}

function perturbWorld(inner: World, { show, read, arrange }: Words): World {
  const listed = (): Promise<readonly string[]> => inner.actions?.() ?? Promise.resolve([]);
  const arranged = async (): Promise<readonly string[]> => {
    const actions = await listed();
    return (arrange?.(actions) ?? actions).map(show);
  };
  const shown = async (observation: string): Promise<string> => {
    if (arrange === undefined) return show(observation);
    const actions = await listed();
    return show(observation.replace(actions.join(", "), () => arrange(actions).join(", ")));
  };
  return {
    reset: async () => {
      const { observation, goal } = await inner.reset();
      return { observation: await shown(observation), goal: show(goal) };
    },
    step: async (action) => {
      const step = await inner.step(read(action) ?? NOT_UNDERSTOOD);
      return { ...step, observation: await shown(step.observation) };
    },
    ...(inner.actions === undefined ? {} : { actions: arranged }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

/** An instruction in other words; the goal comes from the world and has them already. */
function perturbInstruction(instruction: Instruction, { show, arrange }: Words): Instruction {
  const actions = new Map(instruction.actions.map((action) => [action.name, action]));
  const names = [...actions.keys()];
  const perturbed = (arrange?.(names) ?? names).flatMap((name) => {
    const action = actions.get(name);
    return action === undefined ? [] : [{ ...action, name: show(name) }];
  });
  const { world, player, example } = instruction;
  return {
    ...instruction,
    world: show(world),
    ...(player === undefined ? {} : { player: show(player) }),
    actions: perturbed,
    ...(example === undefined ? {} : { example: show(example) }),
  };
}

/**
 * A suite in other words (section 4.3, App. K): both what the player is told and what the worlds understand change,
 * and nothing else. Its variant has the perturbation's name.
 */
export function perturbSuite(suite: Suite, name: string, perturbation: PerturbationDefinition): Suite {
  const known = new Map<string, Words>();
  const wordsOf = (group: string): Words => {
    const words = known.get(group) ?? { ...perturbation.rewording(group), arrange: perturbation.arrange };
    known.set(group, words);
    return words;
  };
  const tasks = suite.tasks.map((task): Task => {
    const { open, solve, ...rest } = task;
    const solved = solve && (async () => (await solve.call(task))?.map(wordsOf(task.group).show));
    return {
      ...rest,
      open: async (outside) => perturbWorld(await open.call(task, outside), wordsOf(task.group)),
      ...(solved === undefined ? {} : { solve: solved }),
    };
  });
  return {
    ...suite,
    tasks,
    variant: { ...suite.variant, words: name },
    instruction: (task, start) => {
      const instruction = suite.instruction(task, start);
      return instruction && perturbInstruction(instruction, wordsOf(task.group));
    },
  };
}
