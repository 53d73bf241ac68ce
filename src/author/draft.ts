import * as z from "zod";
import type { Random } from "../random.ts";
import { shippedData } from "../shipped.ts";
import { filled, type Gaps } from "./english.ts";
import type { Theme } from "./themes.ts";
import { type Building, doorKey, type Fixture, type Hint, type Item, type Task } from "./world.ts";

/** A world in the making: the furnished building, to which a family of goals adds what its task needs. */
export interface Draft extends Building {
  readonly random: Random;
  readonly fixtures: Map<string, Fixture>;
  readonly items: Map<string, Item>;
}

/** One surface, and one or two containers, for each of the rooms. */
function furnish(theme: Theme, names: readonly string[], random: Random): Map<string, Fixture> {
  const fixtures = new Map<string, Fixture>();
  const add = (name: string, room: string, kind: "surface" | "container"): void => {
    fixtures.set(name, { name, room, kind, preposition: kind === "surface" ? "on" : "in" });
  };
  for (const room of theme.rooms.filter(({ name }) => names.includes(name))) {
    const surfaces = random.shuffle(room.surfaces);
    const containers = random.shuffle(room.containers);
    for (const name of surfaces.slice(0, random.chance(0.4) ? 2 : 1)) add(name, room.name, "surface");
    for (const name of containers.slice(0, random.chance(0.6) ? 2 : 1)) add(name, room.name, "container");
  }
  return fixtures;
}

function connect(rooms: readonly string[], corridor: string | undefined): ReadonlySet<string> {
  const doors = new Set<string>();
  for (const from of rooms) {
    for (const to of rooms) {
      const joined = corridor === undefined || from === corridor || to === corridor;
      if (from !== to && joined) doors.add(doorKey(from, to));
    }
  }
  return doors;
}

/** Furnishes a building with three or four of the theme's rooms, `needed` among them. */
export function draftBuilding(theme: Theme, needed: readonly string[], random: Random): Draft {
  const required = [...new Set(needed)];
  const others = random.shuffle(
    theme.rooms.map(({ name }) => name).filter((name) => !required.includes(name)),
  );
  const chosen = [...required, ...others].slice(0, Math.max(required.length, random.chance(0.4) ? 4 : 3));
  const corridor = random.chance(0.2) ? theme.corridor : undefined;
  const rooms = theme.rooms.map(({ name }) => name).filter((name) => chosen.includes(name));
  const all = corridor === undefined ? rooms : [...rooms, corridor];
  return {
    random,
    theme,
    rooms: all,
    doors: connect(all, corridor),
    start: corridor !== undefined && random.chance(0.5) ? corridor : random.pick(rooms),
    fixtures: furnish(theme, rooms, random),
    items: new Map(),
  };
}

export function addItem(draft: Draft, name: string, fixture: Fixture, information?: string): Item {
  const item: Item = { name, fixture: fixture.name, relevant: true, information };
  draft.items.set(name, item);
  return item;
}

export function addFixture(draft: Draft, fixture: Fixture): void {
  draft.fixtures.set(fixture.name, fixture);
}

/** A fixture of one of the given kinds: outside the rooms, and other than the fixtures, in `not`. */
export function pickFixture(
  draft: Draft,
  kinds: readonly Fixture["kind"][],
  not: readonly string[] = [],
): Fixture {
  return draft.random.pick(
    [...draft.fixtures.values()].filter(
      ({ kind, name, room }) => kinds.includes(kind) && !not.includes(name) && !not.includes(room),
    ),
  );
}

/** Puts an item of the task somewhere, mostly behind a door, outside the rooms and fixtures in `not`. */
export function hideItem(
  draft: Draft,
  name: string,
  not: readonly string[] = [],
  information?: string,
): Item {
  const kind = draft.random.chance(0.7) ? "container" : "surface";
  return addItem(draft, name, pickFixture(draft, [kind], not), information);
}

/** What the player is told about where some items are: the room of most of them. */
export function hintsFor(draft: Draft, items: readonly Item[], share = 0.7): readonly Hint[] {
  return items.flatMap(({ name, fixture }) => {
    const room = draft.fixtures.get(fixture)?.room;
    return room === undefined || !draft.random.chance(share) ? [] : [{ item: name, room }];
  });
}

/** A name made of an adjective and a noun that no item bears yet. */
export function freshName(draft: Draft, noun: string): string {
  const adjective = draft.random
    .shuffle(draft.theme.adjectives)
    .find((word) => !noun.includes(word) && !draft.items.has(`${word} ${noun}`));
  return adjective === undefined ? noun : `${adjective} ${noun}`;
}

/** What the task is for, with a day now and then. */
export function pickOccasion({ theme, random }: Draft): string {
  const occasion = random.pick(theme.occasions);
  const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const days = ["today", "tomorrow", ...weekdays.map((day) => `on ${day}`)];
  return random.chance(0.5) ? occasion : `${occasion} ${random.pick(days)}`;
}

/** Adds an item that only stands in the way; does nothing when the name is taken. */
export function addDistractor(draft: Draft, name: string, fixture?: Fixture): void {
  if (draft.items.has(name) || draft.fixtures.has(name)) return;
  const at = fixture ?? pickFixture(draft, ["surface", "container"]);
  draft.items.set(name, { name, fixture: at.name, relevant: false });
}

const goals = shippedData(
  "goals.json",
  z.record(
    z.string(),
    z.object({
      /** Ways to ask for it. */
      goal: z.array(z.string()).min(1),
      /** Conditions of its completion: for each of its things, and for the whole. */
      each: z.array(z.string()).default([]),
      whole: z.array(z.string()).default([]),
      /** For the script's thought. */
      design: z.string(),
    }),
  ),
);

/**
 * What of a task is words, from `data/goals.json`; nothing is locked or off in it so far.
 *
 * @param names the things that there is a condition for each of
 * @param own what fills gaps for each of them alone
 */
export function taskWords(
  family: string,
  gaps: Gaps,
  names: readonly string[],
  random: Random,
  own: readonly Gaps[] = [],
): Pick<Task, "family" | "goalText" | "conditions" | "design" | "locks" | "off"> {
  const words = goals()[family];
  if (words === undefined) throw new Error(`there are no words for the goals of ${family}`);
  return {
    family,
    goalText: filled(random.pick(words.goal), gaps),
    conditions: [
      ...names.flatMap((name, place) =>
        words.each.map((sentence) => filled(sentence, { ...gaps, ...own[place], name })),
      ),
      ...words.whole.map((sentence) => filled(sentence, gaps)),
    ],
    design: filled(words.design, gaps),
    locks: [],
    off: [],
  };
}

/** "on the desk in the study". */
export function onTarget({ name, room }: Fixture): string {
  return `on the ${name} in the ${room}`;
}

/** A kind of goal: furnishes a world and makes a task in it out of a theme's vocabulary. */
export type Family = (theme: Theme, random: Random) => { readonly draft: Draft; readonly task: Task };
