import {
  CLOSED,
  type Color,
  type Direction,
  EMPTY,
  LOCKED,
  OPEN,
  type Thing,
  toDirection,
  WALL,
  type World,
} from "../world/world.ts";

const COLORS: Readonly<Record<string, Color>> = {
  b: "blue",
  g: "green",
  e: "grey",
  p: "purple",
  r: "red",
  y: "yellow",
};
const KINDS: Readonly<Record<string, Thing["kind"]>> = {
  k: "key",
  o: "ball",
  x: "box",
  O: "door",
  D: "door",
  L: "door",
};
const STATES: Readonly<Record<string, number>> = { O: OPEN, D: CLOSED, L: LOCKED };
const AGENT = ">v<^";

/**
 * The world of a drawing: two signs for a cell, cells parted by a blank. "##" wall, ".." nothing, ">." "v."
 * "<." "^." the agent, otherwise a kind (k key, o ball, x box, O D L open, closed, locked door) and the first
 * letter of a colour (e for grey).
 */
export function drawWorld(...rows: readonly string[]): World {
  const grid = rows.map((row) => row.split(" "));
  const width = grid[0]?.length ?? 0;
  const things: (Thing | undefined)[] = [undefined, undefined];
  const doors = [0, 0];
  const agent: { x: number; y: number; direction: Direction } = { x: 0, y: 0, direction: 0 };
  const cells = grid.flat().map((sign, place) => {
    const [first = "", second = ""] = sign;
    if (sign === "##") return WALL;
    if (AGENT.includes(first)) {
      Object.assign(agent, { x: place % width, y: Math.floor(place / width) });
      agent.direction = toDirection(AGENT.indexOf(first));
    }
    const kind = KINDS[first];
    const color = COLORS[second];
    if (kind === undefined || color === undefined) return EMPTY;
    doors.push(STATES[first] ?? 0);
    return things.push({ kind, color }) - 1;
  });
  return {
    width,
    height: rows.length,
    cells: Int16Array.from(cells),
    things,
    doors: Uint8Array.from(doors),
    agent,
    carrying: EMPTY,
  };
}
