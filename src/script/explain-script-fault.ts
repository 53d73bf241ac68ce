import type { ScriptFault } from "./script-fault.ts";

/** The words of a fault in a script, for the model that has to write it again and for people. */
export function explainScriptFault(fault: ScriptFault): string {
  switch (fault.code) {
    case "malformed-json":
      return `The reply cannot be read as JSON: ${fault.problem}.`;
    case "wrong-keys":
      return `At "${fault.path}": ${fault.problem}.`;
    case "bad-pattern":
      return `The verification code of the action "${fault.action}" ${fault.problem}.`;
    case "rejected-name":
      return `The verification code of the action "${fault.action}" does not accept "${fault.text}", which is its own name with a listed value.`;
    case "mismatched-parameters":
      return `In the action "${fault.action}": ${fault.problem}.`;
    case "too-large":
      return `"${fault.path}" ${fault.problem}.`;
  }
}
