import type { ClauseCheck, MissionCheck } from "../mission/verifier.ts";
import {
  DIRECTIONS,
  EMPTY,
  LOCKED,
  OPEN,
  STEP_X,
  STEP_Y,
  type Thing,
  thingOf,
  WALL,
  type World,
} from "../world/world.ts";

/** A cell that cannot be entered, or a goal that cannot be reached. */
const UNREACHABLE = 1_000_000;

/** About how many primitive moves it takes to bring a thing out of the way. */
const BLOCKER_MOVES = 5;

/** A place to go to, as y * width + x, and what is to be paid after it. */
interface GoalPlace {
  readonly place: number;
  readonly afterwards: number;
}

/** Which doors count as passable: all, or those that are open, closed or fit the key in hand. */
type DoorsPassable = "all" | "now";

/** The cost of the way from every place to the best goal. */
interface Distances {
  readonly width: number;
  readonly toGoal: Int32Array;
  /** What it costs to step into each cell; one move for a goal, whatever is in it. */
  readonly entry: Int32Array;
}

function entryCost(world: World, cell: number, doors: DoorsPassable): number {
  if (cell === EMPTY) return 1;
  if (cell === WALL) return UNREACHABLE;
  const thing = thingOf(world, cell);
  if (thing?.kind !== "door") return 1 + BLOCKER_MOVES;
  if (world.doors[cell] === OPEN) return 1;
  if (world.doors[cell] !== LOCKED || doors === "all") return 2;
  const carried = thingOf(world, world.carrying);
  return carried?.kind === "key" && carried.color === thing.color ? 2 : UNREACHABLE;
}

/** The four places around a place that is not at the edge of the grid. */
function neighbours(place: number, width: number): number[] {
  return DIRECTIONS.map((direction) => place + STEP_X[direction] + STEP_Y[direction] * width);
}

/** Distances to the best of several goals, by Dijkstra's algorithm with one bucket for each cost. */
function distancesTo(world: World, goals: readonly GoalPlace[], doors: DoorsPassable): Distances {
  const { width, cells } = world;
  const entry = Int32Array.from(cells, (cell) => entryCost(world, cell, doors));
  const toGoal = new Int32Array(cells.length).fill(UNREACHABLE);
  const buckets: number[][] = [];
  const offer = (place: number, distance: number): void => {
    if (distance >= (toGoal[place] ?? 0)) return;
    toGoal[place] = distance;
    buckets[distance] ??= [];
    buckets[distance]?.push(place);
  };
  for (const { place, afterwards } of goals) {
    entry[place] = 1;
    offer(place, afterwards);
  }
  const extend = (place: number, distance: number): void => {
    const cost = entry[place] ?? UNREACHABLE;
    if (toGoal[place] !== distance || cost >= UNREACHABLE) return;
    for (const next of neighbours(place, width)) {
      if ((entry[next] ?? UNREACHABLE) < UNREACHABLE) offer(next, distance + cost);
    }
  };
  for (let distance = 0; distance < buckets.length; distance += 1) {
    for (const place of buckets[distance] ?? []) extend(place, distance);
  }
  return { width, toGoal, entry };
}

/** The cost of the agent's way to the best goal, its first turn included. */
function distanceFromAgent({ agent }: World, { width, toGoal, entry }: Distances): number {
  let best = UNREACHABLE;
  for (const direction of DIRECTIONS) {
    const next = (agent.y + STEP_Y[direction]) * width + agent.x + STEP_X[direction];
    const quarterTurns = Math.abs(direction - agent.direction);
    const turns = quarterTurns === 3 ? 1 : quarterTurns;
    best = Math.min(best, turns + (entry[next] ?? UNREACHABLE) + (toGoal[next] ?? UNREACHABLE));
  }
  return best;
}

/** The places of a best way from the agent, its own place not among them. */
function wayFromAgent({ agent }: World, { width, toGoal, entry }: Distances): number[] {
  const way: number[] = [];
  let place = agent.y * width + agent.x;
  for (;;) {
    const distance = toGoal[place] ?? UNREACHABLE;
    const next = neighbours(place, width).find(
      (candidate) => (toGoal[candidate] ?? UNREACHABLE) + (entry[candidate] ?? UNREACHABLE) === distance,
    );
    if (next === undefined) return way;
    way.push(next);
    place = next;
  }
}

/** Moves for dropping what is in the hands first. */
const DROP_MOVES = 2;
/** Moves for a clause that comes later. */
const LATER_CLAUSE_MOVES = 12;
const MAXIMUM_KEYS = 4;

function placesOf({ cells }: World, things: readonly number[]): number[] {
  const places: number[] = [];
  cells.forEach((cell, place) => {
    if (things.includes(cell)) places.push(place);
  });
  return places;
}

function isLockedFor(world: World, cell: number): boolean {
  const door = thingOf(world, cell);
  if (door?.kind !== "door" || world.doors[cell] !== LOCKED) return false;
  const carried = thingOf(world, world.carrying);
  return !(carried?.kind === "key" && carried.color === door.color);
}

function toGoals(places: readonly number[]): GoalPlace[] {
  return places.map((place) => ({ place, afterwards: 0 }));
}

/** First pick up one of the things at these places, then go the ways of `distances`. */
function fetchCost(world: World, places: readonly number[], distances: Distances, keysLeft: number): number {
  const drop = world.carrying === EMPTY ? 0 : DROP_MOVES;
  const goals = places.map((place) => ({ place, afterwards: distances.toGoal[place] ?? UNREACHABLE }));
  const reachable = goals.filter(({ afterwards }) => afterwards < UNREACHABLE);
  return reachCost(world, reachable, keysLeft) + drop + 1;
}

/** The cost of the way to the best goal, with all keys that must be fetched for it. */
function reachCost(world: World, goals: readonly GoalPlace[], keysLeft: number): number {
  const openGoals = goals.filter(({ place }) => !isLockedFor(world, world.cells[place] ?? EMPTY));
  const direct = distanceFromAgent(world, distancesTo(world, openGoals, "now"));
  if (direct < UNREACHABLE || keysLeft === 0) return direct;
  const distances = distancesTo(world, goals, "all");
  const cells = wayFromAgent(world, distances).map((place) => world.cells[place] ?? EMPTY);
  const lock = cells.find((cell) => isLockedFor(world, cell));
  const color = lock === undefined ? undefined : thingOf(world, lock)?.color;
  const isKey = (thing: Thing | undefined): boolean => thing?.kind === "key" && thing.color === color;
  const keys = placesOf(
    world,
    world.things.flatMap((thing, i) => (isKey(thing) ? [i] : [])),
  );
  return keys.length === 0 ? UNREACHABLE : fetchCost(world, keys, distances, keysLeft - 1);
}

/** The free cells beside some things: where something can be dropped next to them. */
function freePlacesBeside(world: World, things: readonly number[]): number[] {
  const { cells, width } = world;
  return placesOf(world, things)
    .flatMap((place) => neighbours(place, width))
    .filter((place) => cells[place] === EMPTY);
}

function putNextCost(world: World, { target, beside }: ClauseCheck): number {
  const goals = toGoals(freePlacesBeside(world, beside?.things ?? []));
  if (target.things.includes(world.carrying)) return reachCost(world, goals, MAXIMUM_KEYS);
  return fetchCost(world, placesOf(world, target.things), distancesTo(world, goals, "all"), MAXIMUM_KEYS);
}

function clauseCost(world: World, check: ClauseCheck): number {
  const { clause, target } = check;
  if (clause.code === "put-next") return putNextCost(world, check);
  const free = clause.code === "pick-up" && world.carrying !== EMPTY ? DROP_MOVES : 0;
  const shut = target.things.filter((door) => clause.code !== "open" || world.doors[door] !== OPEN);
  const reopen = shut.length === 0 ? 2 : 0;
  const places = clause.code === "go-to" ? target.places : placesOf(world, reopen > 0 ? target.things : shut);
  // All of them are in the hands.
  if (places.length === 0) return DROP_MOVES;
  return reachCost(world, toGoals(places), MAXIMUM_KEYS) + free + reopen;
}

/**
 * About how many primitive moves are left to complete a mission, by one who knows the whole world. A guess
 * for ordering a search, neither a lower nor an upper bound.
 */
export function remainingMoves(world: World, check: MissionCheck): number {
  if (check.done) return 0;
  if (check.clause !== undefined) return clauseCost(world, check);
  const { first, second, order } = check;
  if (first.done) return remainingMoves(world, second);
  if (second.done) return remainingMoves(world, first);
  if (order === "before") return remainingMoves(world, first) + LATER_CLAUSE_MOVES;
  if (order === "after") return remainingMoves(world, second) + LATER_CLAUSE_MOVES;
  return Math.min(remainingMoves(world, first), remainingMoves(world, second)) + LATER_CLAUSE_MOVES;
}
