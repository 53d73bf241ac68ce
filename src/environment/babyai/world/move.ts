import { clockwise, counterclockwise } from "./direction.ts";
import { CLOSED, LOCKED, OPEN } from "./thing.ts";
import { cellAt, EMPTY, FIRST_THING, frontX, frontY, setCell, thingOf, type World } from "./world.ts";

/** The primitive moves of the grid world. */
export type Move = "left" | "right" | "forward" | "pickup" | "drop" | "toggle";

/** Whether the agent can stand in a cell with this content. */
export function isPassable(world: World, cell: number): boolean {
  return cell === EMPTY || (thingOf(world, cell)?.kind === "door" && world.doors[cell] === OPEN);
}

function pickUp(world: World, x: number, y: number, cell: number): void {
  if (cell < FIRST_THING || world.carrying !== EMPTY || thingOf(world, cell)?.kind === "door") return;
  world.carrying = cell;
  setCell(world, x, y, EMPTY);
}

function toggleDoor(world: World, door: number): void {
  const state = world.doors[door];
  if (state !== LOCKED) {
    world.doors[door] = state === OPEN ? CLOSED : OPEN;
    return;
  }
  const key = thingOf(world, world.carrying);
  if (key?.kind === "key" && key.color === thingOf(world, door)?.color) world.doors[door] = OPEN;
}

/** Opens, closes or unlocks a door; a box gives way to its content. */
function toggle(world: World, x: number, y: number, cell: number): void {
  const thing = thingOf(world, cell);
  if (thing?.kind === "door") toggleDoor(world, cell);
  else if (thing?.kind === "box") setCell(world, x, y, thing.content ?? EMPTY);
}

/** Makes one primitive move. A move that is not possible changes nothing. */
export function applyMove(world: World, move: Move): void {
  const { agent } = world;
  const x = frontX(world);
  const y = frontY(world);
  const cell = cellAt(world, x, y);
  switch (move) {
    case "left":
      agent.direction = counterclockwise(agent.direction);
      return;
    case "right":
      agent.direction = clockwise(agent.direction);
      return;
    case "forward":
      if (isPassable(world, cell)) {
        agent.x = x;
        agent.y = y;
      }
      return;
    case "pickup":
      pickUp(world, x, y, cell);
      return;
    case "drop":
      if (cell === EMPTY && world.carrying !== EMPTY) {
        setCell(world, x, y, world.carrying);
        world.carrying = EMPTY;
      }
      return;
    case "toggle":
      toggle(world, x, y, cell);
  }
}
