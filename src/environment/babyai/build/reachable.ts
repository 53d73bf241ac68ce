import { DIRECTIONS, STEP_X, STEP_Y } from "../world/direction.ts";
import { cellAt, EMPTY, FIRST_THING, thingOf, WALL } from "../world/world.ts";
import type { Maze } from "./maze.ts";
import { SamplingRejected } from "./sampling-rejected.ts";

/** Whether the agent can walk up to every thing without moving another; every door counts as open. */
export function allReachable({ world }: Maze): boolean {
  const { width, cells, agent } = world;
  const start = agent.y * width + agent.x;
  const reached = new Uint8Array(cells.length);
  reached[start] = 1;
  const places = [start];
  for (const place of places) {
    const cell = cells[place] ?? WALL;
    if (cell !== EMPTY && thingOf(world, cell)?.kind !== "door") continue;
    for (const direction of DIRECTIONS) {
      const x = (place % width) + STEP_X[direction];
      const y = Math.floor(place / width) + STEP_Y[direction];
      const next = y * width + x;
      if (cellAt(world, x, y) === WALL || reached[next] === 1) continue;
      reached[next] = 1;
      places.push(next);
    }
  }
  return cells.every((cell, place) => cell < FIRST_THING || reached[place] === 1);
}

/** Rejects a level in which some thing is blocked by others. */
export function requireAllReachable(maze: Maze): void {
  if (!allReachable(maze)) throw new SamplingRejected("a thing cannot be reached");
}
