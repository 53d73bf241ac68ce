import { STEP_X, STEP_Y } from "../world/direction.ts";
import type { Thing } from "../world/thing.ts";
import { cellAt, EMPTY, thingOf, WALL, type World } from "../world/world.ts";
import type { Description, Location } from "./instruction.ts";

/** A cell whose content fits a description. */
export interface Match {
  /** What is in the cell: the number of a thing, or WALL. */
  readonly cell: number;
  readonly x: number;
  readonly y: number;
}

/** A rectangle of cells. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whether a cell is in a rectangle. */
export function isInside({ x, y, width, height }: Rectangle, cellX: number, cellY: number): boolean {
  return cellX >= x && cellY >= y && cellX < x + width && cellY < y + height;
}

function isLocated({ agent }: World, location: Location, x: number, y: number): boolean {
  const forwardX = STEP_X[agent.direction];
  const forwardY = STEP_Y[agent.direction];
  const ahead = (x - agent.x) * forwardX + (y - agent.y) * forwardY;
  const right = (y - agent.y) * forwardX - (x - agent.x) * forwardY;
  switch (location) {
    case "left":
      return right < 0;
    case "right":
      return right > 0;
    case "front":
      return ahead > 0;
    case "behind":
      return ahead < 0;
  }
}

/** An object of any kind may be wall, which is grey: so it is in the original, and it decides "the" or "a". */
function fits({ kind, color }: Description, cell: number, thing: Thing | undefined): boolean {
  if (cell === WALL) return kind === undefined && color === "grey";
  return thing !== undefined && (kind ?? thing.kind) === thing.kind && (color ?? thing.color) === thing.color;
}

/**
 * All cells that fit a description, column by column.
 * @param room the agent's room: a location counts only in it.
 */
export function findMatches(world: World, description: Description, room: Rectangle): Match[] {
  const { location } = description;
  const matches: Match[] = [];
  for (let x = 0; x < world.width; x += 1) {
    for (let y = 0; y < world.height; y += 1) {
      const cell = cellAt(world, x, y);
      if (cell === EMPTY || !fits(description, cell, thingOf(world, cell))) continue;
      if (location !== undefined && !(isInside(room, x, y) && isLocated(world, location, x, y))) continue;
      matches.push({ cell, x, y });
    }
  }
  return matches;
}
