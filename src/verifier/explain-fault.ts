import type { Fault } from "./fault.ts";

/** The words of a fault, for the model that goes on from it and for people. */
export function explainFault(fault: Fault): string {
  switch (fault.code) {
    case "malformed-json":
      return `From turn ${fault.turn} on, the reply is not valid JSON: ${fault.problem}.`;
    case "wrong-keys":
      return `Turn ${fault.turn} does not have the required keys: ${fault.problem}.`;
    case "unmatched-action":
      return `In turn ${fault.turn} the player's action ${JSON.stringify(fault.action)} matches none of the available actions with their listed parameters, and the DM does not flag a parameter error in turn ${fault.turn + 1}.`;
    case "error-in-last-turn":
      return `Turn ${fault.turn} is the last one and flags an error; the last turn must not have any error. If the action before it is wrong, turn ${fault.turn} must flag it again, and the player must put it right and finish the task.`;
    case "unfinished":
      return `The trajectory ends before the task is finished: the DM's last observation must contain "Task Succeed".`;
    case "too-few-errors":
      return `The trajectory has ${fault.errors === 1 ? "only one error turn" : "no error turn"}; at least two errors, each with its refinement, are needed.`;
    case "unwanted-error":
      return `In turn ${fault.turn} the player makes an error, which the DM's next turn flags. In this game the player makes none: turn ${fault.turn} must be an action that is right.`;
  }
}
