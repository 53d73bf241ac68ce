import { DIRECTIONS, STEP_X, STEP_Y } from "../world/direction.ts";
import { LOCKED, OPEN } from "../world/thing.ts";
import { EMPTY, thingOf, WALL, type World } from "../world/world.ts";

/** A cell that cannot be entered, or a goal that cannot be reached. */
export const UNREACHABLE = 1_000_000;

/** About how many primitive moves it takes to bring a thing out of the way. */
const BLOCKER_MOVES = 5;

/** A place to go to, as y * width + x, and what is to be paid after it. */
export interface GoalPlace {
  readonly place: number;
  readonly afterwards: number;
}

/** Which doors count as passable: all, or those that are open, closed or fit the key in hand. */
type DoorsPassable = "all" | "now";

/** The cost of the way from every place to the best goal. */
export interface Distances {
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
export function neighbours(place: number, width: number): number[] {
  return DIRECTIONS.map((direction) => place + STEP_X[direction] + STEP_Y[direction] * width);
}

/** Distances to the best of several goals, by Dijkstra's algorithm with one bucket for each cost. */
export function distancesTo(world: World, goals: readonly GoalPlace[], doors: DoorsPassable): Distances {
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
export function distanceFromAgent({ agent }: World, { width, toGoal, entry }: Distances): number {
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
export function wayFromAgent({ agent }: World, { width, toGoal, entry }: Distances): number[] {
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
