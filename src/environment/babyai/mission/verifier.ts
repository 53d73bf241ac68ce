import {
  cellAt,
  DIRECTIONS,
  EMPTY,
  FIRST_THING,
  frontX,
  frontY,
  type Move,
  OPEN,
  STEP_X,
  STEP_Y,
  thingOf,
  type World,
} from "../world/world.ts";
import {
  type Clause,
  type Description,
  findMatches,
  type Instruction,
  type Rectangle,
} from "./instruction.ts";

/** What a move did for a mission. */
export type Status = "success" | "failure" | "continue";

/** The things that a description meant at the start, and where they are known to be. */
interface Tracked {
  /** Numbers of things; they never change, wherever the things are carried. */
  readonly things: readonly number[];
  /** Cells as y * width + x. As in the original they are brought up to date only when something is dropped. */
  readonly places: readonly number[];
}

/** Where one clause stands. */
export interface ClauseCheck {
  readonly clause: Clause;
  readonly target: Tracked;
  /** The neighbours of "put … next to …". */
  readonly beside: Tracked | undefined;
  /** What was carried before the latest move. */
  readonly carriedBefore: number;
  readonly done: boolean;
}

/** Where a mission stands: a record that each move replaces by the next. */
export type MissionCheck =
  | ClauseCheck
  | {
      readonly clause?: undefined;
      readonly order: "and" | "before" | "after";
      readonly first: MissionCheck;
      readonly second: MissionCheck;
      readonly done: boolean;
    };

/** A mission after a move. */
interface Verified {
  readonly check: MissionCheck;
  readonly status: Status;
}

function track(world: World, description: Description, room: Rectangle): Tracked {
  const matches = findMatches(world, description, room).filter(({ cell }) => cell >= FIRST_THING);
  return { things: matches.map(({ cell }) => cell), places: matches.map(({ x, y }) => y * world.width + x) };
}

/** The check of a mission at its start. `room` is the agent's room. */
export function beginCheck(world: World, instruction: Instruction, room: Rectangle): MissionCheck {
  switch (instruction.code) {
    case "and":
    case "before":
    case "after":
      return {
        order: instruction.code,
        first: beginCheck(world, instruction.first, room),
        second: beginCheck(world, instruction.second, room),
        done: false,
      };
    default:
      return {
        clause: instruction,
        target: track(world, instruction.target, room),
        beside: instruction.code === "put-next" ? track(world, instruction.beside, room) : undefined,
        carriedBefore: EMPTY,
        done: false,
      };
  }
}

function relocate(world: World, tracked: Tracked): Tracked {
  const places: number[] = [];
  world.cells.forEach((cell, place) => {
    if (tracked.things.includes(cell)) places.push(place);
  });
  return { ...tracked, places };
}

/** Looks again where the things of a mission are; the original does so after every drop. */
function relocateAll(world: World, check: MissionCheck): MissionCheck {
  if (check.clause === undefined) {
    return { ...check, first: relocateAll(world, check.first), second: relocateAll(world, check.second) };
  }
  const { target, beside } = check;
  return {
    ...check,
    target: relocate(world, target),
    beside: beside === undefined ? undefined : relocate(world, beside),
  };
}

function verifyOpen(world: World, { target }: ClauseCheck, strict: boolean): Status {
  const front = cellAt(world, frontX(world), frontY(world));
  if (target.things.includes(front) && world.doors[front] === OPEN) return "success";
  return strict && thingOf(world, front)?.kind === "door" ? "failure" : "continue";
}

function verifyPickUp(world: World, { target, carriedBefore }: ClauseCheck, strict: boolean): Status {
  if (carriedBefore === EMPTY && target.things.includes(world.carrying)) return "success";
  return strict && world.carrying !== EMPTY ? "failure" : "continue";
}

function verifyPutNext(world: World, { target, beside, carriedBefore }: ClauseCheck): Status {
  const x = frontX(world);
  const y = frontY(world);
  const dropped = cellAt(world, x, y);
  if (dropped !== carriedBefore || !target.things.includes(dropped)) return "continue";
  const isNext = DIRECTIONS.some((direction) =>
    beside?.places.includes((y + STEP_Y[direction]) * world.width + x + STEP_X[direction]),
  );
  return isNext ? "success" : "continue";
}

function clauseStatus(world: World, check: ClauseCheck, move: Move): Status {
  const { clause } = check;
  switch (clause.code) {
    case "go-to":
      return check.target.places.includes(frontY(world) * world.width + frontX(world))
        ? "success"
        : "continue";
    case "open":
      return move === "toggle" ? verifyOpen(world, check, clause.strict) : "continue";
    case "pick-up":
      return move === "pickup" ? verifyPickUp(world, check, clause.strict) : "continue";
    case "put-next":
      return move === "drop" ? verifyPutNext(world, check) : "continue";
  }
}

function verifyClause(world: World, check: ClauseCheck, move: Move): Verified {
  const status = clauseStatus(world, check, move);
  if (status !== "success" && check.carriedBefore === world.carrying) return { check, status };
  return {
    check: { ...check, carriedBefore: world.carrying, done: check.done || status === "success" },
    status,
  };
}

type PairCheck = Exclude<MissionCheck, ClauseCheck>;

function verifyBoth(world: World, check: PairCheck, move: Move, forgiving: boolean): Verified {
  const first = check.first.done ? check.first : verify(world, check.first, move, forgiving).check;
  const second = check.second.done ? check.second : verify(world, check.second, move, forgiving).check;
  const done = first.done && second.done;
  return { check: { ...check, first, second, done }, status: done ? "success" : "continue" };
}

/**
 * The earlier part first; the move that completes it may already serve the later part. In the original it may
 * also fail the later part: opening the first door is then a wrong door for the second.
 */
function verifyInOrder(world: World, check: PairCheck, move: Move, forgiving: boolean): Verified {
  const [earlier, later] =
    check.order === "before" ? (["first", "second"] as const) : (["second", "first"] as const);
  const isFirst = !check[earlier].done;
  let pair = check;
  if (isFirst) {
    const verified = verify(world, pair[earlier], move, forgiving);
    pair = { ...pair, [earlier]: verified.check };
    if (verified.status !== "success") return { check: pair, status: verified.status };
  }
  const verified = verify(world, pair[later], move, forgiving);
  const status = isFirst && forgiving && verified.status === "failure" ? "continue" : verified.status;
  return { check: { ...pair, [later]: verified.check, done: pair.done || status === "success" }, status };
}

function verify(world: World, check: MissionCheck, move: Move, forgiving: boolean): Verified {
  if (check.clause !== undefined) return verifyClause(world, check, move);
  const verifyPair = check.order === "and" ? verifyBoth : verifyInOrder;
  return verifyPair(world, check, move, forgiving);
}

/**
 * Verifies a mission after `move` was applied to `world`.
 * @param forgiving a move that completes one part is not held against the next one.
 */
export function verifyMission(world: World, check: MissionCheck, move: Move, forgiving: boolean): Verified {
  return verify(world, move === "drop" ? relocateAll(world, check) : check, move, forgiving);
}
