import type { Action, Parameter } from "./script.ts";
import type { ScriptFault } from "./script-fault.ts";

const PATH = "Available Actions";
const KEYS: ReadonlySet<string> = new Set([
  "description",
  "special format",
  "verification code",
  "parameters",
]);

type WireRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is WireRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

/** Notes a fault at the end of these keys. */
function note(faults: ScriptFault[], keys: readonly string[], problem: string): undefined {
  faults.push({ code: "wrong-keys", path: [PATH, ...keys].join(" > "), problem });
}

function readParameters(action: string, wire: unknown, faults: ScriptFault[]): readonly Parameter[] {
  const parameters: Parameter[] = [];
  if (wire === undefined) return parameters;
  if (!isRecord(wire)) {
    note(faults, [action, "parameters"], "must be an object of lists");
    return parameters;
  }
  for (const name of Object.keys(wire)) {
    const values = wire[name];
    if (isTexts(values)) parameters.push({ name, values });
    else note(faults, [action, "parameters", name], "must be a list of strings that are not empty");
  }
  return parameters;
}

/** A text that may be left out; a fault is noted where it is there and no text, or blank though it must not be. */
function readOptional(
  wire: WireRecord,
  key: "description" | "special format",
  action: string,
  faults: ScriptFault[],
): string | undefined {
  const value = wire[key];
  if (value === undefined) return undefined;
  const mayBeBlank = key === "description";
  if (isText(value) || (mayBeBlank && typeof value === "string")) return value;
  return note(faults, [action, key], mayBeBlank ? "must be a string" : "must be a string and not empty");
}

function readAction(name: string, wire: unknown, faults: ScriptFault[]): Action | undefined {
  if (!isRecord(wire)) return note(faults, [name], "must be an object");
  const extra = Object.keys(wire).find((key) => !KEYS.has(key));
  if (extra !== undefined) note(faults, [name], `the key "${extra}" does not belong there`);
  const description = readOptional(wire, "description", name, faults);
  const specialFormat = readOptional(wire, "special format", name, faults);
  const pattern = wire["verification code"];
  if (!isText(pattern)) {
    return note(faults, [name, "verification code"], "must be a string and not empty");
  }
  const parameters = readParameters(name, wire.parameters, faults);
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(specialFormat === undefined ? {} : { specialFormat }),
    pattern,
    parameters,
  };
}

function readActions(value: unknown, faults: ScriptFault[]): readonly Action[] {
  const actions: Action[] = [];
  const names = isRecord(value) ? Object.keys(value) : [];
  if (!isRecord(value)) note(faults, [], "must be an object keyed by the actions' names");
  else if (names.length === 0) note(faults, [], "must list at least one action");
  else {
    for (const name of names) {
      const action = readAction(name, value[name], faults);
      if (action !== undefined) actions.push(action);
    }
  }
  return actions;
}

/**
 * Reads the available actions, which are all that Algorithm 1 takes from a script (App. L). By hand and not with
 * a schema, since `verify` reads one list a line.
 */
export function actionsFromWire(value: unknown): readonly Action[] | readonly ScriptFault[] {
  const faults: ScriptFault[] = [];
  const actions = readActions(value, faults);
  return faults.length > 0 ? faults : actions;
}
