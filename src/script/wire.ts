import { z } from "zod";
import { actionsFromWire } from "./actions-from-wire.ts";
import type { Action, JsonObject, Script } from "./script.ts";
import { isFaults, type ScriptFault } from "./script-fault.ts";

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

const text = z.string().refine((value) => value.trim() !== "", { message: "must not be empty" });

const wireScript: z.ZodType<Omit<WireScript, "Available Actions">> = z.strictObject({
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
  // Read by hand: see actions-from-wire.ts.
  "Available Actions": z.unknown(),
});

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
  const actions = actionsFromWire("Available Actions" in wire ? wire["Available Actions"] : undefined);
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
