import { z } from "zod";
import { REPLY_FAULT_CODES, REPLY_FAULT_WORDS } from "../model/reply-fault.ts";

const words = z.string();

/** Checks what is wrong with a script. */
export const scriptFaultSchema = z.discriminatedUnion("code", [
  z.object({ code: z.literal("malformed-json"), problem: words }),
  z.object({ code: z.enum(["wrong-keys", "too-large"]), path: words, problem: words }),
  z.object({ code: z.enum(["bad-pattern", "mismatched-parameters"]), action: words, problem: words }),
  z.object({ code: z.literal("rejected-name"), action: words, text: words }),
  z.object({ code: z.enum(REPLY_FAULT_CODES) }),
]);

/** What is wrong with a script. A script can have several at once; the model is told all of them. */
export type ScriptFault = Readonly<z.infer<typeof scriptFaultSchema>>;

/** Whether the outcome of reading a part of a script is faults. */
export function isFaults(value: object): value is readonly ScriptFault[] {
  return Array.isArray(value) && value.some((item) => typeof item === "object" && "code" in item);
}

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
    default:
      return REPLY_FAULT_WORDS[fault.code];
  }
}
