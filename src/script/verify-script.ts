import { actionsFromWire } from "./actions-from-wire.ts";
import { findHostile } from "./find-hostile.ts";
import { extractJsonObject } from "./json-scanner.ts";
import type { Action, Script } from "./script.ts";
import { isFaults, type ScriptFault } from "./script-fault.ts";
import { sizeFault, verifyActions } from "./verify-actions.ts";
import { scriptFromWire } from "./wire.ts";

/** How long the text of a script may be, in characters. */
export const MAXIMUM_SCRIPT = 200_000;
/** How many faults of a script are kept. */
export const MAXIMUM_FAULTS = 50;

/** A verified script, or everything that is wrong with it. */
export type ScriptVerdict =
  | { readonly script: Script; readonly faults?: undefined }
  | { readonly script?: undefined; readonly faults: readonly ScriptFault[] };

/** Actions that can be matched, or what is wrong with them. */
export type ActionsReading =
  | { readonly actions: readonly Action[]; readonly faults?: undefined }
  | { readonly actions?: undefined; readonly faults: readonly ScriptFault[] };

function hostileFault(value: unknown): ScriptFault | undefined {
  const hostile = findHostile(value);
  return hostile && { code: "wrong-keys", path: hostile.path || "the script", problem: hostile.problem };
}

/** Verifies a script that is already a JSON value (App. L). */
export function verifyWireScript(value: unknown): ScriptVerdict {
  const hostile = hostileFault(value);
  if (hostile !== undefined) return { faults: [hostile] };
  const script = scriptFromWire(value);
  if (isFaults(script)) return { faults: script.slice(0, MAXIMUM_FAULTS) };
  const faults = verifyActions(script.actions);
  return faults.length > 0 ? { faults } : { script };
}

/**
 * Reads the available actions alone, which are all of the script that Algorithm 1 is given. Their size is
 * bounded; whether their patterns accept their names is for {@link verifyActions}.
 */
export function readWireActions(value: unknown): ActionsReading {
  const hostile = hostileFault(value);
  if (hostile !== undefined) return { faults: [hostile] };
  const actions = actionsFromWire(value);
  if (isFaults(actions)) return { faults: actions.slice(0, MAXIMUM_FAULTS) };
  const tooLarge = sizeFault(actions);
  return tooLarge === undefined ? { actions } : { faults: [tooLarge] };
}

/** Reads and verifies a script from a model's reply. */
export function verifyScript(reply: string): ScriptVerdict {
  if (reply.length > MAXIMUM_SCRIPT) {
    const problem = `has ${reply.length} characters; ${MAXIMUM_SCRIPT} are allowed`;
    return { faults: [{ code: "too-large", path: "the reply", problem }] };
  }
  const extracted = extractJsonObject(reply);
  if ("problem" in extracted) return { faults: [{ code: "malformed-json", problem: extracted.problem }] };
  return verifyWireScript(extracted.value);
}
