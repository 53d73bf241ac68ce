import { cellAt, DOOR_STATES, EMPTY, thingOf, WALL, type World } from "../world/world.ts";

function stateOf(world: World, number: number): string {
  const thing = thingOf(world, number);
  if (thing?.kind === "door") return DOOR_STATES[world.doors[number] ?? 0] ?? "";
  if (thing?.kind !== "box") return "-";
  const content = thing.content === undefined ? undefined : thingOf(world, thing.content);
  return content === undefined ? "empty" : `${content.kind}/${content.color}`;
}

/**
 * A canonical text of a world and its mission, one line for each filled cell. Two worlds are the same exactly
 * when their texts are; the hashes of golden files are made of it.
 */
export function describeWorld(world: World, mission: string): string {
  const carried = thingOf(world, world.carrying);
  const { x, y, direction } = world.agent;
  const lines = [
    `mission: ${mission}`,
    `size: ${world.width} ${world.height}`,
    `agent: ${x} ${y} ${direction}`,
    `carrying: ${carried === undefined ? "none" : `${carried.kind} ${carried.color}`}`,
  ];
  for (let row = 0; row < world.height; row += 1) {
    for (let column = 0; column < world.width; column += 1) {
      const cell = cellAt(world, column, row);
      if (cell === EMPTY) continue;
      const thing = thingOf(world, cell);
      const name = cell === WALL || thing === undefined ? "wall grey" : `${thing.kind} ${thing.color}`;
      lines.push(`${column} ${row} ${name} ${stateOf(world, cell)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
