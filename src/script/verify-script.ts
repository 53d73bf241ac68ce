import { filledNames, MAXIMUM_WORK } from "./action-matcher.ts";
import { extractJsonObject } from "./extract-json.ts";
import { findHostile } from "./find-hostile.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { nameParts, placeholders } from "./placeholder.ts";
import type { Action, Script } from "./script.ts";
import type { ScriptFault } from "./script-fault.ts";
import { actionsFromWire, scriptFromWire } from "./wire.ts";

/** How long the text of a script may be, in characters. */
export const MAXIMUM_SCRIPT = 200_000;
/** How many actions a script may have, and how many parameter values in all. */
export const MAXIMUM_ACTIONS = 64;
export const MAXIMUM_VALUES = 2000;

/** A verified script, or everything that is wrong with it. */
export type ScriptVerdict =
  | { readonly script: Script; readonly faults?: undefined }
  | { readonly script?: undefined; readonly faults: readonly ScriptFault[] };

/** Verified actions, or everything that is wrong with them. */
export type ActionsVerdict =
  | { readonly actions: readonly Action[]; readonly faults?: undefined }
  | { readonly actions?: undefined; readonly faults: readonly ScriptFault[] };

function isFaults(value: object): value is readonly ScriptFault[] {
  return Array.isArray(value) && value.every((item) => "code" in item);
}

function mismatches(action: Action, pattern: Pattern): ScriptFault[] {
  const fault = (problem: string): ScriptFault => ({
    code: "mismatched-parameters",
    action: action.name,
    problem,
  });
  const listed = action.parameters.map(({ name }) => name);
  const named = placeholders(nameParts(action.name, listed));
  return [
    ...listed
      .filter((name) => !named.includes(name))
      .map((name) => fault(`the parameter "${name}" has no placeholder {${name}} in the action's name`)),
    ...named
      .filter((name) => !listed.includes(name))
      .map((name) => fault(`the placeholder {${name}} has no list of values under "parameters"`)),
    ...pattern.names
      .filter((name) => !listed.includes(name))
      .map((name) => fault(`the group (?P<${name}>…) of the pattern has no parameter of that name`)),
    ...listed
      .filter((name) => pattern.names.length > 0 && !pattern.names.includes(name))
      .map((name) => fault(`the pattern has no group (?P<${name}>…) for the parameter "${name}"`)),
  ];
}

function rejectedNames(action: Action, pattern: Pattern): ScriptFault[] {
  const texts = filledNames(action);
  const work = texts.reduce((sum, text) => sum + text.length * pattern.size, 0);
  if (work > MAXIMUM_WORK) {
    const path = `Available Actions > ${action.name}`;
    return [
      { code: "too-large", path, problem: "has too many or too long parameter values for its pattern" },
    ];
  }
  const rejected = texts.find((text) => pattern.match(text) === undefined);
  return rejected === undefined ? [] : [{ code: "rejected-name", action: action.name, text: rejected }];
}

function verifyAction(action: Action): ScriptFault[] {
  const { pattern, problem } = compilePattern(action.pattern);
  if (pattern === undefined) return [{ code: "bad-pattern", action: action.name, problem }];
  // Footnote 1 of the paper: the parameters of such actions are without number and are not verified.
  if (action.specialFormat !== undefined) return [];
  const faults = mismatches(action, pattern);
  return faults.length > 0 ? faults : rejectedNames(action, pattern);
}

/** Verifies the available actions: their number, their patterns, their parameters (paper, section 3.1). */
export function verifyActions(actions: readonly Action[]): readonly ScriptFault[] {
  const path = "Available Actions";
  if (actions.length > MAXIMUM_ACTIONS) {
    return [
      { code: "too-large", path, problem: `has ${actions.length} actions; ${MAXIMUM_ACTIONS} are allowed` },
    ];
  }
  const values = actions.flatMap(({ parameters }) => parameters.flatMap((parameter) => parameter.values));
  if (values.length > MAXIMUM_VALUES) {
    return [
      { code: "too-large", path, problem: `lists ${values.length} values; ${MAXIMUM_VALUES} are allowed` },
    ];
  }
  return actions.flatMap(verifyAction);
}

function hostileFault(value: unknown): ScriptFault | undefined {
  const hostile = findHostile(value);
  return hostile && { code: "wrong-keys", path: hostile.path || "the script", problem: hostile.problem };
}

/** Verifies a script that is already a JSON value (App. L). */
export function verifyWireScript(value: unknown): ScriptVerdict {
  const hostile = hostileFault(value);
  if (hostile !== undefined) return { faults: [hostile] };
  const script = scriptFromWire(value);
  if (isFaults(script)) return { faults: script };
  const faults = verifyActions(script.actions);
  return faults.length > 0 ? { faults } : { script };
}

/** Verifies the available actions alone, which are all of the script that Algorithm 1 is given. */
export function verifyWireActions(value: unknown): ActionsVerdict {
  const hostile = hostileFault(value);
  if (hostile !== undefined) return { faults: [hostile] };
  const actions = actionsFromWire(value);
  if (isFaults(actions)) return { faults: actions };
  const faults = verifyActions(actions);
  return faults.length > 0 ? { faults } : { actions };
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
