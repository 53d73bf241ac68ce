import { filledNames, nameParts, placeholders } from "./action-matcher.ts";
import { findHostile } from "./find-hostile.ts";
import { extractJsonObject } from "./json-scanner.ts";
import { compilePattern, countClasses, type Pattern } from "./pattern.ts";
import { type Action, isFaults, type Script, type ScriptFault } from "./script.ts";
import { actionsFromWire, scriptFromWire } from "./wire.ts";

/** How long the text of a script may be, in characters. */
export const MAXIMUM_SCRIPT = 200_000;
/** How many faults of a script are kept. */
const MAXIMUM_FAULTS = 50;

export type ScriptVerdict =
  | { readonly script: Script; readonly faults?: undefined }
  | { readonly script?: undefined; readonly faults: readonly ScriptFault[] };

type ActionsReading =
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

/** How many actions a script may have, how many parameters an action, and how many values all together. */
export const MAXIMUM_ACTIONS = 64;
const MAXIMUM_PARAMETERS = 12;
export const MAXIMUM_VALUES = 2000;
/** How long an action's name and a parameter's value may be, and the patterns all together, in characters. */
const MAXIMUM_NAME = 300;
const MAXIMUM_PATTERNS = 16_000;
/** How many classes such as `\w` the patterns may have all together. */
const SCRIPT_CLASSES = 160;
/** How much work the check of the names may be: pattern size times text length, summed over the actions. */
export const MAXIMUM_CHECK = 2_000_000;

const PATH = "Available Actions";

function tooLarge(path: string, problem: string): ScriptFault {
  return { code: "too-large", path, problem };
}

function isTooLong({ name, parameters }: Action): boolean {
  const values = parameters.flatMap((parameter) => parameter.values);
  return [name, ...values].some(({ length }) => length > MAXIMUM_NAME);
}

/** What makes the actions too large to be looked at in a bounded time, if anything. */
function sizeFault(actions: readonly Action[]): ScriptFault | undefined {
  if (actions.length > MAXIMUM_ACTIONS) {
    return tooLarge(PATH, `has ${actions.length} actions; ${MAXIMUM_ACTIONS} are allowed`);
  }
  let values = 0;
  let patterns = 0;
  let classes = 0;
  for (const action of actions) {
    for (const parameter of action.parameters) values += parameter.values.length;
    patterns += action.pattern.length;
    classes += countClasses(action.pattern);
  }
  if (values > MAXIMUM_VALUES) return tooLarge(PATH, `lists ${values} values; ${MAXIMUM_VALUES} are allowed`);
  if (patterns > MAXIMUM_PATTERNS) {
    const problem = `has verification codes of ${patterns} characters; ${MAXIMUM_PATTERNS} are allowed`;
    return tooLarge(PATH, problem);
  }
  if (classes > SCRIPT_CLASSES) {
    const problem = `has verification codes with ${classes} classes such as \\w; ${SCRIPT_CLASSES} are allowed`;
    return tooLarge(PATH, problem);
  }
  const crowded = actions.find((action) => action.parameters.length > MAXIMUM_PARAMETERS);
  if (crowded !== undefined) {
    return tooLarge(
      `${PATH} > ${crowded.name.slice(0, 100)}`,
      `has more than ${MAXIMUM_PARAMETERS} parameters`,
    );
  }
  const long = actions.find(isTooLong);
  if (long === undefined) return undefined;
  const problem = `has a name or a value of more than ${MAXIMUM_NAME} characters`;
  return tooLarge(`${PATH} > ${long.name.slice(0, 100)}`, problem);
}

function mismatches(action: Action, pattern: Pattern): ScriptFault[] {
  const listed = action.parameters.map(({ name }) => name);
  const named = placeholders(nameParts(action.name, listed));
  const problems = [
    ...listed
      .filter((name) => !named.includes(name))
      .map((name) => `the parameter "${name}" has no placeholder {${name}} in the action's name`),
    ...named
      .filter((name) => !listed.includes(name))
      .map((name) => `the placeholder {${name}} has no list of values under "parameters"`),
    ...pattern.names
      .filter((name) => !listed.includes(name))
      .map((name) => `the group (?P<${name}>…) of the pattern has no parameter of that name`),
    ...listed
      .filter((name) => pattern.names.length > 0 && !pattern.names.includes(name))
      .map((name) => `the pattern has no group (?P<${name}>…) for the parameter "${name}"`),
  ];
  return problems.map((problem) => ({ code: "mismatched-parameters", action: action.name, problem }));
}

/** Verifies the available actions: their size, their patterns, their parameters (paper, section 3.1). */
export function verifyActions(actions: readonly Action[]): readonly ScriptFault[] {
  const tooLargeFault = sizeFault(actions);
  if (tooLargeFault !== undefined) return [tooLargeFault];
  let work = 0;
  const rejectedName = (action: Action, pattern: Pattern): ScriptFault[] => {
    for (const text of filledNames(action)) {
      work += (text.length + 1) * pattern.size;
      if (work > MAXIMUM_CHECK) {
        return [tooLarge(`${PATH} > ${action.name}`, "has too many or too long values for its pattern")];
      }
      // An action is trimmed before it is matched, so what begins or ends with white space never is.
      if (text !== text.trim() || !pattern.accepts(text)) {
        return [{ code: "rejected-name", action: action.name, text }];
      }
    }
    return [];
  };
  return actions.flatMap((action) => {
    const { pattern, problem } = compilePattern(action.pattern);
    if (pattern === undefined) return [{ code: "bad-pattern", action: action.name, problem }];
    // Footnote 1 of the paper: the parameters of such actions are without number and are not verified.
    if (action.specialFormat !== undefined) return [];
    const faults = mismatches(action, pattern);
    return faults.length > 0 ? faults : rejectedName(action, pattern);
  });
}
