import type { Move } from "../world/world.ts";
import type { Routes } from "./routes.ts";
import type { SeenThing, Sight } from "./sight.ts";

/** A mapping from names to counts as Python prints it. */
function pythonMapping(counts: ReadonlyMap<string, number>): string {
  return `{${[...counts].map(([name, count]) => `'${name}': ${count}`).join(", ")}}`;
}

function listOpenDoor({ actions, errors }: ListingDraft, { routes }: Surroundings, door: SeenThing): void {
  const label = `${door.name} ${door.index}`;
  const way = routes.into(door.cell);
  if (way !== undefined) actions.set(`go through ${label}`, way);
  else
    errors.set(`go through ${label}`, `You cannot go through ${label}, as there is no path leading to it.`);
}

/** @param shown how the message for a missing way names the number of the door. */
function listShutDoor(draft: ListingDraft, { routes }: Surroundings, door: SeenThing, shown: string): void {
  const action = `toggle and go through ${door.name}`;
  const way = routes.facing(door.cell);
  if (way === undefined) {
    const message = `You cannot ${action} ${shown}, as there is no path leading to it.`;
    draft.errors.set(`${action} ${door.index}`, message);
    return;
  }
  draft.actions.set(`${action} ${door.index}`, [...way, "toggle", "forward"]);
  if (way.length === 0) draft.actions.set("toggle", ["toggle"]);
}

/** Why a locked door cannot be unlocked now, or undefined. */
function lockedReason({ sight: { carrying } }: Surroundings, door: SeenThing): string | undefined {
  if (carrying?.kind !== "key") return "as you are not carrying a key.";
  if (carrying.color === door.color) return undefined;
  return "as the color of the key you are carrying does not match the color of door.";
}

/** Lists what can be done with the doors in sight. */
function listDoors(draft: ListingDraft, surroundings: Surroundings): void {
  const counts = new Map<string, number>();
  for (const door of surroundings.sight.things) {
    if (door.kind !== "door") continue;
    counts.set(door.name, door.index);
    const label = `${door.name} ${door.index}`;
    const shown = surroundings.agentboard ? pythonMapping(counts) : `${door.index}`;
    if (door.name.includes("open")) {
      listOpenDoor(draft, surroundings, door);
      continue;
    }
    const reason = door.name.includes("locked") ? lockedReason(surroundings, door) : undefined;
    if (reason === undefined) listShutDoor(draft, surroundings, door, shown);
    else
      draft.errors.set(
        `toggle and go through ${label}`,
        `You cannot toggle and go through ${label}, ${reason}`,
      );
    if (door.name.includes("closed")) {
      const message = `You cannot go through ${label}, as it is closed. You should toggle it first.`;
      draft.errors.set(`go through ${label}`, message);
    }
  }
}

/** A listing that is being made. */
interface ListingDraft {
  readonly actions: Map<string, readonly Move[]>;
  readonly errors: Map<string, string>;
}

/** What a listing is made of. */
interface Surroundings {
  readonly sight: Sight;
  readonly routes: Routes;
  /** The agent could step into the cell before it. */
  readonly frontPassable: boolean;
  /** The agent could put something into the cell before it. */
  readonly frontFree: boolean;
  /** List and count as AgentBoard does, errors of its own included. */
  readonly agentboard: boolean;
}

/** The action that lists the actions. */
export const CHECK_ACTIONS = "check available actions";

/** The actions of one moment. */
export interface Listing {
  /** What each action does, in the order of the listing. */
  readonly actions: ReadonlyMap<string, readonly Move[]>;
  /** Why some other actions cannot be done. */
  readonly errors: ReadonlyMap<string, string>;
}

function listMoves(
  { actions, errors }: ListingDraft,
  { sight, frontPassable, agentboard }: Surroundings,
): void {
  actions.set("turn left", ["left"]);
  actions.set("turn right", ["right"]);
  const { barrier } = sight;
  // AgentBoard takes only walls and boxes for barriers; a closed door or a ball is found out by trying.
  const isFree = agentboard ? barrier === undefined || barrier.ahead > 1 : frontPassable;
  if (isFree) actions.set("move forward", ["forward"]);
  else errors.set("move forward", "There is a barrier in front of you, you can't move forward.");
}

/**
 * Lists ways to things. AgentBoard counts only those with the same name to which a way was found, so that its
 * numbers can differ from those of the observation.
 */
function listApproaches(draft: ListingDraft, surroundings: Surroundings, verb: "pickup" | "go to"): void {
  const { sight, routes, agentboard } = surroundings;
  const counts = new Map<string, number>();
  for (const thing of sight.things) {
    if (verb === "pickup" && thing.kind === "door") continue;
    const { name, index, cell } = thing;
    const number = agentboard ? (counts.get(name) ?? 0) + 1 : index;
    const label = `${name} ${number}`;
    const way = routes.facing(cell);
    if (way === undefined) {
      draft.errors.set(`${verb} ${label}`, `You cannot ${verb} ${label}, as there is no path leading to it.`);
      continue;
    }
    counts.set(name, number);
    draft.actions.set(`${verb} ${label}`, verb === "pickup" ? [...way, "pickup"] : way);
  }
}

function listDrop({ actions, errors }: ListingDraft, { sight, frontFree, agentboard }: Surroundings): void {
  if (sight.carrying === undefined) {
    errors.set("drop", "You cannot drop the object, as you are not carrying anything.");
    return;
  }
  // For AgentBoard doors are not in the way of dropping; a closed one is found out by trying.
  const ahead = sight.things.find((thing) => thing.ahead === 1 && thing.right === 0);
  const isBlocked = agentboard
    ? sight.barrier?.ahead === 1 || (ahead !== undefined && ahead.kind !== "door")
    : !frontFree;
  if (!isBlocked) actions.set("drop", ["drop"]);
  else errors.set("drop", "You cannot drop the object, as there is already an object in front of you.");
}

/** Lists what can be done and why some things cannot, in AgentBoard's words and order. */
export function listActions(surroundings: Surroundings): Listing {
  const draft: ListingDraft = { actions: new Map(), errors: new Map() };
  listMoves(draft, surroundings);
  if (surroundings.sight.carrying === undefined) listApproaches(draft, surroundings, "pickup");
  listDrop(draft, surroundings);
  listDoors(draft, surroundings);
  listApproaches(draft, surroundings, "go to");
  draft.actions.set(CHECK_ACTIONS, []);
  return draft;
}
