import { ownValue } from "../model/call.ts";
import { createActionMatcher } from "../script/action-matcher.ts";
import { type Action, explainScriptFault, type ScriptFault } from "../script/script.ts";
import { readWireActions, verifyActions } from "../script/verify-script.ts";
import type { ErrorPolicy } from "../trajectory/trajectory.ts";
import { wireOf } from "../trajectory/turn-wires.ts";
import { explainFault, type Fault, type Verdict } from "./fault.ts";
import { verifyReply, verifyTurns } from "./verification.ts";

/** What Algorithm 1 says of one stored trajectory, in a form that is itself a line of JSON. */
export interface LineVerdict {
  readonly accepted: boolean;
  /** The first fault; `turn` is null when the script or the line is at fault, not the trajectory. */
  readonly fault: { readonly code: Fault["code"] | ScriptFault["code"]; readonly turn: number | null } | null;
  readonly verified: number;
  readonly errors: number;
  /** The fault in words; absent when accepted. */
  readonly problem?: string;
}

function withoutTurn(code: ScriptFault["code"], problem: string): LineVerdict {
  return { accepted: false, fault: { code, turn: null }, verified: 0, errors: 0, problem };
}

function lineVerdict({ fault, verified, errors }: Verdict): LineVerdict {
  const counts = { verified: verified.length, errors };
  if (fault === undefined) return { accepted: true, fault: null, ...counts };
  const { code, turn } = fault;
  return { accepted: false, fault: { code, turn }, ...counts, problem: explainFault(fault) };
}

/** The fault of a pattern that cannot be used, which is why an action matched none. */
function patternFault(actions: readonly Action[]): ScriptFault | undefined {
  return verifyActions(actions).find(({ code }) => code === "bad-pattern");
}

function verifyWith(
  actions: readonly Action[],
  trajectory: string | readonly unknown[],
  policy: ErrorPolicy,
): LineVerdict {
  const matcher = createActionMatcher(actions);
  const wire = wireOf(trajectory);
  const verdict =
    typeof trajectory === "string"
      ? verifyReply(matcher, trajectory, [], policy, wire)
      : verifyTurns(matcher, trajectory, policy, wire);
  const fault = verdict.fault?.code === "unmatched-action" ? patternFault(actions) : undefined;
  return fault === undefined ? lineVerdict(verdict) : withoutTurn(fault.code, explainScriptFault(fault));
}

/**
 * Verifies one stored trajectory: an object whose `script` has "Available Actions", which is all that
 * Algorithm 1 takes from a script (App. L), and whose `trajectory` is an array of turns (App. M) or the raw
 * text of a model's reply, both also in the compact form. Other keys of both are not looked at. The script itself is
 * not verified; but when an action matches nothing and one of the patterns cannot be used, the pattern is the fault.
 * `policy` says whether the trajectory is to have errors, as Algorithm 1 has it, or none.
 */
export function verifyLine(value: unknown, policy: ErrorPolicy = "refined"): LineVerdict {
  const trajectory = ownValue(value, "trajectory");
  const wireActions = ownValue(ownValue(value, "script"), "Available Actions");
  if (wireActions === undefined) {
    return withoutTurn("wrong-keys", 'There is no "script" with "Available Actions".');
  }
  if (typeof trajectory !== "string" && !Array.isArray(trajectory)) {
    return withoutTurn("wrong-keys", 'There is no "trajectory" that is an array of turns or a text.');
  }
  const { actions, faults } = readWireActions(wireActions);
  if (actions !== undefined) return verifyWith(actions, trajectory, policy);
  const [fault] = faults;
  return fault === undefined
    ? withoutTurn("wrong-keys", "The script cannot be used.")
    : withoutTurn(fault.code, explainScriptFault(fault));
}
