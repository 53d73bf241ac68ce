import type { Perturbation } from "../../environment/perturbations/perturbation.ts";
import type { InstructedAction, Instruction } from "../../react.ts";

/** An instruction in the words of a perturbation; the goal comes from the environment and has them already. */
export function perturbInstruction(instruction: Instruction, perturbation: Perturbation): Instruction {
  const { show, arrange } = perturbation;
  const actions = new Map(instruction.actions.map((action) => [action.name, action]));
  const perturbed = arrange([...actions.keys()]).flatMap((name): readonly InstructedAction[] => {
    const action = actions.get(name);
    if (action === undefined) return [];
    return [{ ...action, name: show(name) }];
  });
  const { environment, player, example } = instruction;
  return {
    ...instruction,
    environment: show(environment),
    ...(player === undefined ? {} : { player: show(player) }),
    actions: perturbed,
    ...(example === undefined ? {} : { example: show(example) }),
  };
}
