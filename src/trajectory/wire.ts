import { textProblem } from "../script/find-hostile.ts";
import type { DungeonMasterTurn, PlayerTurn, Turn } from "./trajectory.ts";

/** A dungeon master's turn as a model writes it: exactly the keys of App. M. */
export interface WireDungeonMasterTurn {
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
export interface WirePlayerTurn {
  readonly turn: number;
  readonly role: "Player";
  readonly Thought: string;
  readonly Action: string;
}

/** A turn as a model writes it. */
export type WireTurn = WireDungeonMasterTurn | WirePlayerTurn;

/** A turn that was read, or what is wrong with its keys. */
export type ReadTurn =
  | { readonly turn: Turn; readonly problem?: undefined }
  | { readonly turn?: undefined; readonly problem: string };

type FieldKind = "text" | "boolean" | "rate";

const DUNGEON_MASTER_FIELDS: ReadonlyMap<string, FieldKind> = new Map([
  ["Thought", "text"],
  ["Observation", "text"],
  ["parameter_error", "boolean"],
  ["place_error", "boolean"],
  ["logic_error", "boolean"],
  ["progress_rate", "rate"],
  ["finished", "boolean"],
]);
const PLAYER_FIELDS: ReadonlyMap<string, FieldKind> = new Map([
  ["Thought", "text"],
  ["Action", "text"],
]);

function fieldProblem(kind: FieldKind, value: unknown): string | undefined {
  if (kind === "boolean") return typeof value === "boolean" ? undefined : "must be true or false";
  if (kind === "rate") {
    const isRate = typeof value === "number" && value >= 0 && value <= 1;
    return isRate ? undefined : "must be a number from 0 to 1";
  }
  if (typeof value !== "string") return "must be a string";
  return value.trim() === "" ? "must not be empty" : textProblem(value);
}

function keysProblem(wire: object, number: number): string | undefined {
  const fields = number % 2 === 0 ? DUNGEON_MASTER_FIELDS : PLAYER_FIELDS;
  const role = number % 2 === 0 ? "DM" : "Player";
  const read = (key: string): unknown => (Object.hasOwn(wire, key) ? Reflect.get(wire, key) : undefined);
  if (read("turn") !== number) return `"turn" must be ${number}`;
  if (read("role") !== role) return `"role" must be "${role}", because turn ${number} is the ${role}'s`;
  for (const [key, kind] of fields) {
    if (!Object.hasOwn(wire, key)) return `the key "${key}" is missing`;
    const problem = fieldProblem(kind, read(key));
    if (problem !== undefined) return `"${key}" ${problem}`;
  }
  const extra = Object.keys(wire).find((key) => key !== "turn" && key !== "role" && !fields.has(key));
  return extra === undefined
    ? undefined
    : `the key ${JSON.stringify(extra.slice(0, 100))} does not belong there`;
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
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problem: "the turn is not a JSON object" };
  }
  const problem = keysProblem(value, number);
  if (problem !== undefined) return { problem };
  const wire = value as WireTurn;
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

/** Turns from 0 on with the paper's keys. */
export function turnsToWire(turns: readonly Turn[]): readonly WireTurn[] {
  return turns.map(turnToWire);
}

/** The text of a trajectory as a model writes it: one turn a line, without other white space. */
export function turnsToText(turns: readonly Turn[]): string {
  return `[\n${turnsToWire(turns)
    .map((turn) => JSON.stringify(turn))
    .join(",\n")}\n]`;
}
