import { type Fields, isFields, ownValue } from "../model/call.ts";
import { type DungeonMasterTurn, showsError, type Turn } from "./trajectory.ts";
import { type Field, fieldsProblem, type ReadTurn, rateProblem, textFieldProblem } from "./wire.ts";

// The compact form: each turn is one line with a JSON object. The role follows from the number, the flags of App. M
// from one word, and whether the task is finished from the progress.

/** The words of `error`, each for one of the flags of App. M. */
export const ERRORS = ["parameter", "place", "logic"] as const;
/** The word of `error` where none is flagged. */
export const NO_ERROR = "none";

/** Which errors a value of `error` names; undefined for any other. Several stand with a space between them. */
function errorsNamed(value: unknown): ReadonlySet<string> | undefined {
  if (typeof value !== "string") return undefined;
  const words = value === NO_ERROR ? [] : value.split(" ");
  const named = new Set(words);
  const areKnown = words.every((word) => ERRORS.some((error) => error === word));
  return areKnown && named.size === words.length ? named : undefined;
}

function errorProblem(value: unknown): string | undefined {
  return errorsNamed(value) === undefined ? 'must be "none", "parameter", "place" or "logic"' : undefined;
}

const DUNGEON_MASTER_FIELDS: readonly Field[] = [
  { key: "Thought", problemOf: textFieldProblem },
  { key: "Observation", problemOf: textFieldProblem },
  { key: "error", problemOf: errorProblem },
  { key: "progress", problemOf: rateProblem },
];
const PLAYER_FIELDS: readonly Field[] = [
  { key: "Thought", problemOf: textFieldProblem },
  { key: "Action", problemOf: textFieldProblem },
];

function keysProblem(wire: Fields, number: number): string | undefined {
  const fields = number % 2 === 0 ? DUNGEON_MASTER_FIELDS : PLAYER_FIELDS;
  if (Object.hasOwn(wire, "role")) {
    const keys = ["turn", ...fields.map(({ key }) => key)].map((key) => `"${key}"`).join(", ");
    return `it is in the longer form with "role"; here the keys of turn ${number} are ${keys} and no others`;
  }
  if (ownValue(wire, "turn") !== number) return `"turn" must be ${number}`;
  return fieldsProblem(wire, fields, ["turn"]);
}

/**
 * Reads the turn with the given number from the JSON value of a line in the compact form. All keys are compulsory and
 * no others are allowed, as in the paper's form.
 */
export function turnFromCompact(value: unknown, number: number): ReadTurn {
  if (!isFields(value)) return { problem: "the turn is not a JSON object" };
  const problem = keysProblem(value, number);
  if (problem !== undefined) return { problem };
  // What was checked is what the casts say.
  const thought = value.Thought as string;
  if (number % 2 === 1) return { turn: { role: "Player", thought, action: value.Action as string } };
  const errors = errorsNamed(value.error);
  const progressRate = value.progress as number;
  const turn: DungeonMasterTurn = {
    role: "DM",
    thought,
    observation: value.Observation as string,
    parameterError: errors?.has("parameter") ?? false,
    placeError: errors?.has("place") ?? false,
    logicError: errors?.has("logic") ?? false,
    progressRate,
    finished: progressRate === 1,
  };
  return { turn };
}

/** Whether a JSON value flags an error as a dungeon master's line does, whatever else is wrong with it. */
export function compactFlagsError(value: unknown): boolean {
  return (errorsNamed(ownValue(value, "error"))?.size ?? 0) > 0;
}

function errorWords({ parameterError, placeError, logicError }: DungeonMasterTurn): string {
  const flags = { parameter: parameterError, place: placeError, logic: logicError };
  return ERRORS.filter((error) => flags[error]).join(" ");
}

/** The turn with the keys of the compact form, in their order. */
export function turnToCompact(turn: Turn, number: number): Fields {
  if (turn.role === "Player") return { turn: number, Thought: turn.thought, Action: turn.action };
  return {
    turn: number,
    Thought: turn.thought,
    Observation: turn.observation,
    error: showsError(turn) ? errorWords(turn) : NO_ERROR,
    progress: turn.progressRate,
  };
}

/** The progress that the last of these turns tells; undefined before the first turn of a dungeon master. */
function progressIn(turns: readonly Turn[]): number | undefined {
  return turns.findLast((turn) => turn.role === "DM")?.progressRate;
}

/**
 * Reads the turn that comes after `before` from a line of the sparse form, which leaves out `error` where there is none
 * and `progress` where it has not changed. That a model has forgotten to judge cannot be seen there.
 */
export function turnFromSparse(value: unknown, before: readonly Turn[]): ReadTurn {
  if (!isFields(value) || before.length % 2 === 1) return turnFromCompact(value, before.length);
  const progress = progressIn(before);
  const carried = progress === undefined ? {} : { progress };
  return turnFromCompact({ error: NO_ERROR, ...carried, ...value }, before.length);
}

/** The turn that comes after `before` with the keys of the sparse form. */
export function turnToSparse(turn: Turn, number: number, before: readonly Turn[]): Fields {
  const { error, progress, ...others } = turnToCompact(turn, number);
  return {
    ...others,
    ...(error === undefined || error === NO_ERROR ? {} : { error }),
    ...(progress === undefined || progress === progressIn(before) ? {} : { progress }),
  };
}
