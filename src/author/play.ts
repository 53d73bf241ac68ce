import { isFact, type State } from "../pddl/state.ts";
import { nameOf, objectOf } from "./conditions.ts";
import type { Fixture, World } from "./world.ts";

/** How a game stands: the world's state and what the player has learned. Never changes. */
export interface Play {
  readonly state: State;
  readonly room: string;
  /** Rooms that the player has been in. */
  readonly visited: ReadonlySet<string>;
  /** Fixtures whose contents the player has seen. */
  readonly looked: ReadonlySet<string>;
  /** Items that the player has seen. */
  readonly seen: ReadonlySet<string>;
  /** Milestones that were reached at some time, by their places. */
  readonly reached: ReadonlySet<number>;
}

/** Whether a predicate holds of things given by their names. */
export function isSo(play: Play, predicate: string, ...names: readonly string[]): boolean {
  return isFact(play.state, predicate, names.map(objectOf));
}

/** The items on or in a fixture. */
export function contentsOf(play: Play, fixture: string): readonly string[] {
  const tuples = play.state.relations.get("on")?.at(1, objectOf(fixture)) ?? [];
  return tuples.map((tuple) => nameOf(tuple[0] ?? ""));
}

/** Where an item lies, or undefined while it is carried or built in. */
export function placeOf(play: Play, item: string): string | undefined {
  const [tuple] = play.state.relations.get("on")?.at(0, objectOf(item)) ?? [];
  return tuple === undefined ? undefined : nameOf(tuple[1] ?? "");
}

/** The items that the player carries. */
export function heldItems(play: Play): readonly string[] {
  return [...(play.state.relations.get("held")?.tuples.keys() ?? [])].map(nameOf);
}

/** The fixtures of a room. */
export function fixturesIn(world: World, room: string): readonly Fixture[] {
  return [...world.fixtures.values()].filter((fixture) => fixture.room === room);
}

/** Whether what is on or in the fixture can be seen by someone in its room. */
export function isOpenToView(play: Play, fixture: Fixture): boolean {
  return fixture.kind === "surface" || (fixture.kind === "container" && !isSo(play, "closed", fixture.name));
}

/** Whether the player can see the item now: carries it, or stands where it lies in the open. */
export function isInSight(world: World, play: Play, item: string): boolean {
  if (isSo(play, "held", item)) return true;
  const fixture = world.fixtures.get(placeOf(play, item) ?? "");
  return fixture !== undefined && fixture.room === play.room && isOpenToView(play, fixture);
}

/** The play after the player has looked about in the present room. */
export function withView(world: World, play: Play): Play {
  const open = fixturesIn(world, play.room).filter((fixture) => isOpenToView(play, fixture));
  return {
    ...play,
    visited: new Set(play.visited).add(play.room),
    looked: new Set([...play.looked, ...open.map(({ name }) => name)]),
    seen: new Set([...play.seen, ...open.flatMap(({ name }) => contentsOf(play, name))]),
  };
}

/** The play when the game begins. */
export function beginPlay(world: World): Play {
  const nothing: ReadonlySet<string> = new Set();
  const play: Play = {
    state: world.problem.initial,
    room: world.start,
    visited: nothing,
    looked: nothing,
    seen: nothing,
    reached: new Set(),
  };
  return world.describesStart ? withView(world, play) : play;
}
