import { z } from "zod";
import { type Fields, isFields } from "../model/call.ts";
import {
  type Action,
  isFaults,
  type JsonObject,
  type Parameter,
  type Script,
  type ScriptFault,
} from "./script.ts";

/** An available action as a model writes it (App. L). */
export interface WireAction {
  readonly description?: string;
  readonly "special format"?: string;
  readonly "verification code": string;
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
}

const text = z.string().refine((value) => value.trim() !== "", { message: "must not be empty" });

const places: z.ZodType<JsonObject> = z
  .record(z.string(), z.json())
  .refine((tree) => Object.keys(tree).length > 0, { message: "must name at least one place or object" });

const wireScript = z.strictObject({
  Thought: text,
  Environment: z.strictObject({
    "initial state": text,
    "places and objects": places,
    player: z.strictObject({ information: text }),
  }),
  Goal: text,
  "Completion Conditions": z.array(text).min(1).readonly(),
  // Read by hand: see `actionsFromWire`.
  "Available Actions": z.custom<Readonly<Record<string, WireAction>>>(),
});

/** A script as a model writes it: exactly the keys of App. L. */
export type WireScript = z.infer<typeof wireScript>;

function faultsOf(error: z.ZodError): ScriptFault[] {
  return error.issues.map((issue) => ({
    code: "wrong-keys",
    path: issue.path.map(String).join(" > ") || "the script",
    problem: issue.message,
  }));
}

/** Reads a script from a JSON value; what is missing, extra or of the wrong type becomes a fault each. */
export function scriptFromWire(value: unknown): Script | readonly ScriptFault[] {
  const parsed = wireScript.safeParse(value);
  if (!parsed.success) return faultsOf(parsed.error);
  const wire = parsed.data;
  const actions = actionsFromWire(wire["Available Actions"]);
  if (isFaults(actions)) return actions;
  return {
    thought: wire.Thought,
    initialState: wire.Environment["initial state"],
    placesAndObjects: wire.Environment["places and objects"],
    player: wire.Environment.player.information,
    goal: wire.Goal,
    completionConditions: wire["Completion Conditions"],
    actions,
  };
}

function actionToWire(action: Action): WireAction {
  return {
    ...(action.description === undefined ? {} : { description: action.description }),
    ...(action.specialFormat === undefined ? {} : { "special format": action.specialFormat }),
    "verification code": action.pattern,
    parameters: Object.fromEntries(action.parameters.map(({ name, values }) => [name, values])),
  };
}

/** The script with exactly the paper's keys, in the paper's order. */
export function scriptToWire(script: Script): WireScript {
  return {
    Thought: script.thought,
    Environment: {
      "initial state": script.initialState,
      "places and objects": script.placesAndObjects,
      player: { information: script.player },
    },
    Goal: script.goal,
    "Completion Conditions": script.completionConditions,
    "Available Actions": Object.fromEntries(
      script.actions.map((action) => [action.name, actionToWire(action)]),
    ),
  };
}

/** The text of a script as a model writes it: without white space, which would be paid for as tokens. */
export function scriptToText(script: Script): string {
  return JSON.stringify(scriptToWire(script));
}

const PATH = "Available Actions";
const KEYS: ReadonlySet<string> = new Set([
  "description",
  "special format",
  "verification code",
  "parameters",
]);

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
  if (!isFields(wire)) {
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
  wire: Fields,
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
  if (!isFields(wire)) return note(faults, [name], "must be an object");
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
  const names = isFields(value) ? Object.keys(value) : [];
  if (!isFields(value)) note(faults, [], "must be an object keyed by the actions' names");
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
