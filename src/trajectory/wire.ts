import { type Fields, isFields, ownValue } from "../model/call.ts";
import { textProblem } from "../script/find-hostile.ts";
import type { DungeonMasterTurn, PlayerTurn, Turn } from "./trajectory.ts";

/** A dungeon master's turn as a model writes it: exactly the keys of App. M. */
interface WireDungeonMasterTurn {
  readonly turn: number;
  readonly role: "DM";
  readonly Thought: string;
  readonly Observation: string;
  readonly parameter_error: boolean;
  readonly place_error: boolean;
  readonly logic_error: boolean;
  readonly progress_rate: number;
  readonly finished: boolean;
}

/** A player's turn as a model writes it: exactly the keys of App. M. */
interface WirePlayerTurn {
  readonly turn: number;
  readonly role: "Player";
  readonly Thought: string;
  readonly Action: string;
}

export type WireTurn = WireDungeonMasterTurn | WirePlayerTurn;

export type ReadTurn =
  | { readonly turn: Turn; readonly problem?: undefined }
  | { readonly turn?: undefined; readonly problem: string };

/** A key that a turn must have, and what is wrong with its value; undefined, which no JSON has, is wrong too. */
export interface Field {
  readonly key: string;
  readonly problemOf: (value: unknown) => string | undefined;
}

export function textFieldProblem(value: unknown): string | undefined {
  if (typeof value !== "string") return "must be a string";
  return value.trim() === "" ? "must not be empty" : textProblem(value);
}

function booleanProblem(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "must be true or false";
}

export function rateProblem(value: unknown): string | undefined {
  const isRate = typeof value === "number" && value >= 0 && value <= 1;
  return isRate ? undefined : "must be a number from 0 to 1";
}

const DUNGEON_MASTER_FIELDS: readonly Field[] = [
  { key: "Thought", problemOf: textFieldProblem },
  { key: "Observation", problemOf: textFieldProblem },
  { key: "parameter_error", problemOf: booleanProblem },
  { key: "place_error", problemOf: booleanProblem },
  { key: "logic_error", problemOf: booleanProblem },
  { key: "progress_rate", problemOf: rateProblem },
  { key: "finished", problemOf: booleanProblem },
];
const PLAYER_FIELDS: readonly Field[] = [
  { key: "Thought", problemOf: textFieldProblem },
  { key: "Action", problemOf: textFieldProblem },
];

/**
 * What is wrong with a turn that must have these fields, beside the keys that were looked at before, and no others.
 */
export function fieldsProblem(
  wire: Fields,
  fields: readonly Field[],
  before: readonly string[],
): string | undefined {
  for (const { key, problemOf } of fields) {
    const problem = problemOf(ownValue(wire, key));
    if (problem !== undefined) {
      return Object.hasOwn(wire, key) ? `"${key}" ${problem}` : `the key "${key}" is missing`;
    }
  }
  // All fields are there, so that any other key shows in the number of keys.
  const keys = Object.keys(wire);
  if (keys.length === fields.length + before.length) return undefined;
  const extra = keys.find((key) => !before.includes(key) && !fields.some((field) => field.key === key)) ?? "";
  return `the key ${JSON.stringify(extra.slice(0, 100))} does not belong there`;
}

const FIRST_KEYS = ["turn", "role"];

function keysProblem(wire: Fields, number: number): string | undefined {
  const fields = number % 2 === 0 ? DUNGEON_MASTER_FIELDS : PLAYER_FIELDS;
  const role = number % 2 === 0 ? "DM" : "Player";
  if (ownValue(wire, "turn") !== number) return `"turn" must be ${number}`;
  if (ownValue(wire, "role") !== role) {
    return `"role" must be "${role}", because turn ${number} is the ${role}'s`;
  }
  return fieldsProblem(wire, fields, FIRST_KEYS);
}

/** Whether a JSON value flags an error as a dungeon master's turn does (App. M), whatever else is wrong with it. */
export function flagsError(value: unknown): boolean {
  if (ownValue(value, "role") !== "DM") return false;
  return ["parameter_error", "place_error", "logic_error"].some((flag) => ownValue(value, flag) === true);
}

function dungeonMasterTurn(wire: WireDungeonMasterTurn): DungeonMasterTurn {
  return {
    role: "DM",
    thought: wire.Thought,
    observation: wire.Observation,
    parameterError: wire.parameter_error,
    placeError: wire.place_error,
    logicError: wire.logic_error,
    progressRate: wire.progress_rate,
    finished: wire.finished,
  };
}

function playerTurn(wire: WirePlayerTurn): PlayerTurn {
  return { role: "Player", thought: wire.Thought, action: wire.Action };
}

/**
 * Reads the turn with the given number from a JSON value. All keys of App. M are compulsory and no others are
 * allowed; the texts must not be empty, too long or hold control characters.
 */
export function turnFromWire(value: unknown, number: number): ReadTurn {
  if (!isFields(value)) return { problem: "the turn is not a JSON object" };
  const problem = keysProblem(value, number);
  if (problem !== undefined) return { problem };
  // What was checked is what the type says.
  const wire = value as unknown as WireTurn;
  return { turn: wire.role === "DM" ? dungeonMasterTurn(wire) : playerTurn(wire) };
}

/** The turn with the paper's keys, in the paper's order. */
export function turnToWire(turn: Turn, number: number): WireTurn {
  if (turn.role === "Player") {
    return { turn: number, role: "Player", Thought: turn.thought, Action: turn.action };
  }
  return {
    turn: number,
    role: "DM",
    Thought: turn.thought,
    Observation: turn.observation,
    parameter_error: turn.parameterError,
    place_error: turn.placeError,
    logic_error: turn.logicError,
    progress_rate: turn.progressRate,
    finished: turn.finished,
  };
}
