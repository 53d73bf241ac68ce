import type { ListingDraft } from "./listing-draft.ts";
import type { SeenThing } from "./sight.ts";
import type { Surroundings } from "./surroundings.ts";

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
export function listDoors(draft: ListingDraft, surroundings: Surroundings): void {
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
