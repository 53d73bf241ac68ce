import type { Move } from "../world/move.ts";
import { listDoors } from "./list-doors.ts";
import type { ListingDraft } from "./listing-draft.ts";
import type { Surroundings } from "./surroundings.ts";

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
