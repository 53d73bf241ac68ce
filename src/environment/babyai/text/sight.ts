import { UNSEEN, VIEW_SIZE, type View } from "../world/view.ts";
import { DOOR_STATES, EMPTY, thingOf, WALL, type World } from "../world/world.ts";

/** Something seen that is not wall. */
export interface SeenThing {
  readonly kind: "key" | "ball" | "box" | "door";
  readonly color: string;
  /** "red ball", "blue open door". */
  readonly name: string;
  /** Counts the things with the same name from near to far, beginning with 1. */
  readonly index: number;
  /** Moves ahead of the agent. */
  readonly ahead: number;
  /** Moves to the right of the agent; negative to the left. */
  readonly right: number;
  /** The cell in the view, as row * VIEW_SIZE + column. */
  readonly cell: number;
}

/** What the agent sees, in the terms of the text. */
export interface Sight {
  /** From near to far. */
  readonly things: readonly SeenThing[];
  /** Whether anything is seen at all; a wall counts. */
  readonly anything: boolean;
  /** The nearest wall or box straight ahead. */
  readonly barrier: { readonly name: "wall" | "box"; readonly ahead: number } | undefined;
  /** By view cell: 1 where something seen is in the way. Doors never are. */
  readonly obstacles: Uint8Array;
  /** What is carried: "red key". */
  readonly carrying: { readonly name: string; readonly kind: string; readonly color: string } | undefined;
}

const LAST = VIEW_SIZE - 1;
const MIDDLE = LAST / 2;

type Found = Omit<SeenThing, "index"> & { readonly distance: number };

function seenThing(world: World, number: number, cell: number): Found | undefined {
  const thing = thingOf(world, number);
  const ahead = LAST - Math.floor(cell / VIEW_SIZE);
  const right = (cell % VIEW_SIZE) - MIDDLE;
  const distance = ahead + Math.abs(right);
  if (thing === undefined || distance === 0) return undefined;
  const { kind, color } = thing;
  const state = kind === "door" ? `${DOOR_STATES[world.doors[number] ?? 0]} ` : "";
  return { kind, color, name: `${color} ${state}${kind}`, ahead, right, cell, distance };
}

function countNames(found: readonly Found[]): SeenThing[] {
  const counts = new Map<string, number>();
  return found.map((thing) => {
    const index = (counts.get(thing.name) ?? 0) + 1;
    counts.set(thing.name, index);
    return { ...thing, index };
  });
}

function nearestBarrier(world: World, cells: Int16Array): Sight["barrier"] {
  for (let ahead = 1; ahead < VIEW_SIZE; ahead += 1) {
    const number = cells[(LAST - ahead) * VIEW_SIZE + MIDDLE] ?? EMPTY;
    if (number === WALL) return { name: "wall", ahead };
    if (thingOf(world, number)?.kind === "box") return { name: "box", ahead };
  }
  return undefined;
}

/** Puts a view into the terms of the text. */
export function sightOf(world: World, view: View): Sight {
  const found: Found[] = [];
  const obstacles = new Uint8Array(view.cells.length);
  let anything = false;
  for (let cell = 0; cell < view.cells.length; cell += 1) {
    const number = view.cells[cell] ?? UNSEEN;
    if (number === EMPTY || number === UNSEEN) continue;
    const thing = seenThing(world, number, cell);
    if (thing !== undefined) found.push(thing);
    if (number === WALL || (thing !== undefined && thing.kind !== "door")) obstacles[cell] = 1;
    anything ||= number === WALL || thing !== undefined;
  }
  found.sort((a, b) => a.distance - b.distance);
  const carried = thingOf(world, world.carrying);
  return {
    things: countNames(found),
    anything,
    barrier: nearestBarrier(world, view.cells),
    obstacles,
    carrying:
      carried === undefined
        ? undefined
        : { name: `${carried.color} ${carried.kind}`, kind: carried.kind, color: carried.color },
  };
}

function place({ ahead, right }: SeenThing): string {
  if (right === 0) return `right in front of you ${ahead} steps away. `;
  const side = right > 0 ? "right" : "left";
  return `${ahead} steps in front of you and ${Math.abs(right)} steps to your ${side}. `;
}

/** The observation in AgentBoard's words, with its blanks. */
export function observationText({ things, anything, barrier, carrying }: Sight): string {
  const seen = things.map((thing) => `There is a ${thing.name} ${thing.index} ${place(thing)} `).join("");
  const objects = anything
    ? `In front of you in this room, you can see several objects: ${seen}`
    : "You cannot see any objects within sight.";
  const facing =
    barrier === undefined ? "" : `You are facing a ${barrier.name} ${barrier.ahead} steps away. `;
  const hands =
    carrying === undefined ? "You are not carrying anything." : `You are carrying a ${carrying.name}.`;
  return `${objects}The room has walls around you. ${facing}${hands}`;
}
