import { z } from "zod";
import type { Action, JsonObject, Script } from "./script.ts";
import type { ScriptFault } from "./script-fault.ts";

/** An available action as a model writes it (App. L). */
export interface WireAction {
  readonly description?: string;
  readonly "special format"?: string;
  readonly "verification code": string;
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
}

/** A script as a model writes it: exactly the keys of App. L. */
export interface WireScript {
  readonly Thought: string;
  readonly Environment: {
    readonly "initial state": string;
    readonly "places and objects": JsonObject;
    readonly player: { readonly information: string };
  };
  readonly Goal: string;
  readonly "Completion Conditions": readonly string[];
  readonly "Available Actions": Readonly<Record<string, WireAction>>;
}

/** The available actions as a model writes them, keyed by name. */
export type WireActions = WireScript["Available Actions"];

const text = z.string().refine((value) => value.trim() !== "", { message: "must not be empty" });

const wireAction: z.ZodType<WireAction> = z.strictObject({
  description: z.string().exactOptional(),
  "special format": text.exactOptional(),
  "verification code": text,
  parameters: z.record(z.string(), z.array(text).min(1)).exactOptional(),
});

const wireActions: z.ZodType<WireActions> = z
  .record(z.string(), wireAction)
  .refine((actions) => Object.keys(actions).length > 0, { message: "must list at least one action" });

const wireScript: z.ZodType<WireScript> = z.strictObject({
  Thought: text,
  Environment: z.strictObject({
    "initial state": text,
    "places and objects": z
      .record(z.string(), z.json())
      .refine((tree) => Object.keys(tree).length > 0, { message: "must name at least one place or object" }),
    player: z.strictObject({ information: text }),
  }),
  Goal: text,
  "Completion Conditions": z.array(text).min(1),
  "Available Actions": wireActions,
});

function faultsOf(error: z.ZodError, prefix: readonly PropertyKey[]): ScriptFault[] {
  return error.issues.map((issue) => ({
    code: "wrong-keys",
    path: [...prefix, ...issue.path].map(String).join(" > ") || "the script",
    problem: issue.message,
  }));
}

function actionFromWire(name: string, wire: WireAction): Action {
  return {
    name,
    ...(wire.description === undefined ? {} : { description: wire.description }),
    ...(wire["special format"] === undefined ? {} : { specialFormat: wire["special format"] }),
    pattern: wire["verification code"],
    parameters: Object.entries(wire.parameters ?? {}).map(([parameter, values]) => ({
      name: parameter,
      values,
    })),
  };
}

/** Reads the available actions alone, which is all that Algorithm 1 takes from a script. */
export function actionsFromWire(value: unknown): readonly Action[] | readonly ScriptFault[] {
  const parsed = wireActions.safeParse(value);
  if (!parsed.success) return faultsOf(parsed.error, ["Available Actions"]);
  return Object.entries(parsed.data).map(([name, wire]) => actionFromWire(name, wire));
}

/** Reads a script from a JSON value; what is missing, extra or of the wrong type becomes a fault each. */
export function scriptFromWire(value: unknown): Script | readonly ScriptFault[] {
  const parsed = wireScript.safeParse(value);
  if (!parsed.success) return faultsOf(parsed.error, []);
  const wire = parsed.data;
  return {
    thought: wire.Thought,
    initialState: wire.Environment["initial state"],
    placesAndObjects: wire.Environment["places and objects"],
    player: wire.Environment.player.information,
    goal: wire.Goal,
    completionConditions: wire["Completion Conditions"],
    actions: Object.entries(wire["Available Actions"]).map(([name, action]) => actionFromWire(name, action)),
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
