import { z } from "zod";
import { REPLY_FAULT_CODES, REPLY_FAULT_WORDS } from "../model/reply.ts";
import type { Turn } from "../trajectory/trajectory.ts";

const turn = z.int().nonnegative();
const words = z.string();

/** Checks what is wrong with a trajectory. */
export const faultSchema = z.discriminatedUnion("code", [
  z.object({ code: z.enum(["malformed-json", "wrong-keys"]), turn, problem: words }),
  z.object({ code: z.literal("unmatched-action"), turn, action: words }),
  z.object({ code: z.enum(["error-in-last-turn", "unfinished", "unwanted-error", "out-of-calls"]), turn }),
  z.object({ code: z.literal("too-few-errors"), turn, errors: z.int().nonnegative() }),
  z.object({ code: z.enum(REPLY_FAULT_CODES), turn }),
]);

/**
 * What is wrong with a trajectory (Algorithm 1). `turn` is the number of the first turn that is not verified.
 * All but `too-few-errors` keep the turns before it; that one starts over. No part of the algorithm are
 * `unwanted-error`, which only comes where trajectories without errors are asked for (Table 2), `out-of-calls`, when
 * none is left for a trajectory, and the reasons for which a reply has no answer at all.
 */
export type Fault = Readonly<z.infer<typeof faultSchema>>;

/** What Algorithm 1 says of a trajectory. */
export interface Verdict {
  /** The first fault; undefined when the trajectory is accepted. */
  readonly fault: Fault | undefined;
  /** The verified turns that are kept: all of them when accepted, none after `too-few-errors`. */
  readonly verified: readonly Turn[];
  /** Every turn that could be read, also beyond what is kept; shown to the model when it starts over. */
  readonly read: readonly Turn[];
  /** How many of the dungeon master's turns that were looked at flag an error. */
  readonly errors: number;
}

/** The words of a fault, for the model that continues from it and for people. */
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
    case "out-of-calls":
      return "The persona was out of calls after the script was verified.";
    case "cut-off":
      return fault.turn === 0
        ? REPLY_FAULT_WORDS[fault.code]
        : `From turn ${fault.turn} on, the reply was cut off at the limit of tokens.`;
    default:
      return REPLY_FAULT_WORDS[fault.code];
  }
}
