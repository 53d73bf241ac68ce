import { firstMessage, formatReAct, type Instruction, thoughtWithoutLabel } from "../react.ts";
import type { Script } from "../script/script.ts";
import { isErrorTurn, type Trajectory } from "../trajectory/trajectory.ts";

/**
 * A message of a training example. `loss` is the paper's 1(A_j) (Eq. 1): true on the assistant's correct turns,
 * false on its error turns, which stay as context, and null on the user's messages, which are never trained.
 */
export type TrainingMessage =
  | { readonly role: "user"; readonly content: string; readonly loss: null }
  | { readonly role: "assistant"; readonly content: string; readonly loss: boolean };

/**
 * One row of refinement-tuning data (paper section 3.3). The roles alternate, beginning with the user and ending
 * with the assistant; every content is trimmed, because some chat templates trim and others do not.
 */
export interface TrainingExample {
  /** The id of the persona from which the trajectory was made. */
  readonly id: string;
  readonly messages: readonly TrainingMessage[];
}

/**
 * What of a script the player is told. The places and objects, the completion conditions, the patterns and the
 * thought behind the script are the dungeon master's.
 */
export function instructionOf(script: Script): Instruction {
  const { initialState, player, goal, actions } = script;
  return { world: initialState, player, goal, actions };
}

/**
 * The training example of a trajectory (paper section 3.3): the dungeon master's observations become the user's
 * messages, the player's thoughts and actions the assistant's, and the flags of the turn after each player turn
 * its `loss`. The last message is the last player turn that was judged: the turn that judges it is left out,
 * and so is a player turn that nothing judges. Undefined when no player turn was judged.
 */
export function trainingExample(id: string, trajectory: Trajectory): TrainingExample | undefined {
  const { script, turns } = trajectory;
  const messages: TrainingMessage[] = [];
  for (let number = 1; number < turns.length; number += 2) {
    const before = turns[number - 1];
    const player = turns[number];
    if (before?.role !== "DM" || player?.role !== "Player" || turns[number + 1]?.role !== "DM") break;
    const content =
      number === 1 ? firstMessage(instructionOf(script), before.observation) : before.observation.trim();
    const answer = formatReAct({ thought: thoughtWithoutLabel(player.thought), action: player.action });
    messages.push(
      { role: "user", content, loss: null },
      { role: "assistant", content: answer, loss: !isErrorTurn(turns, number) },
    );
  }
  return messages.length === 0 ? undefined : { id, messages };
}
