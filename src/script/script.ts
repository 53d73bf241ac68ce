import { z } from "zod";
import { type Fields, isFields } from "../model/call.ts";
import { REPLY_FAULT_CODES, REPLY_FAULT_WORDS } from "../model/reply.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Its keys are data of a model: read them with `Object.hasOwn` only. */
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface Parameter {
  readonly name: string;
  readonly values: readonly string[];
}

/** One available action (App. L). */
export interface Action {
  /** The name with its placeholders, such as `take {object} from {place}`. */
  readonly name: string;
  readonly description?: string;
  /** Set for actions whose parameters are not listed, such as answering or editing (paper, footnote 1). */
  readonly specialFormat?: string;
  /** The paper's "verification code": a regular expression in Python's syntax. */
  readonly pattern: string;
  readonly parameters: readonly Parameter[];
}

/** The model-written world (App. L). */
export interface Script {
  readonly thought: string;
  readonly initialState: string;
  /** The tree of places and objects, with what only the dungeon master may know. */
  readonly placesAndObjects: JsonObject;
  readonly player: string;
  readonly goal: string;
  readonly completionConditions: readonly string[];
  readonly actions: readonly Action[];
}

const words = z.string();

/** How many places and objects a script's tree has. What is told of one in words is none of its own. */
export function countPlacesAndObjects(tree: Fields): number {
  let count = 0;
  const rest: Fields[] = [tree];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const inside = Object.values(next).filter(isFields);
    count += inside.length;
    rest.push(...inside);
  }
  return count;
}

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
