import type { Json, JsonObject } from "../script/script.ts";
import { waysOut } from "./narrate-room.ts";
import { beginPlay, contentsOf, type Play } from "./play.ts";
import type { Fixture, Item, World } from "./world.ts";

function itemNode(item: Item, fixture: Fixture): JsonObject {
  return {
    ...(item.information === undefined ? {} : { information: item.information }),
    ...(item.relevant ? {} : { role: "It plays no part in the task." }),
    location: `${fixture.preposition} the ${fixture.name}`,
  };
}

/** What only the dungeon master may know about a fixture. */
function secrets(world: World, fixture: Fixture): JsonObject {
  const { locks, off, defect, sequence, work } = world.task;
  const facts: Record<string, Json> = {};
  const lock = locks.find(({ container }) => container === fixture.name);
  if (fixture.kind === "container") facts.state = lock === undefined ? "closed" : "closed and locked";
  if (lock !== undefined) facts["opens with"] = lock.key;
  if (off.includes(fixture.name)) facts.state = "off";
  if (defect?.device === fixture.name) {
    facts["missing parts"] = [...defect.parts];
    facts["tool for the parts"] = defect.tool;
  }
  const place = sequence?.order.indexOf(fixture.name) ?? -1;
  if (place >= 0) facts["place in the order"] = String(place + 1);
  if (work?.station === fixture.name) {
    facts["works on"] = [...work.items];
    if (work.readings.size > 0) facts.readings = Object.fromEntries(work.readings);
  }
  return facts;
}

function fixtureNode(world: World, play: Play, fixture: Fixture): JsonObject {
  const contents = contentsOf(play, fixture.name);
  const items = contents.flatMap((name) => {
    const item = world.items.get(name);
    return item === undefined ? [] : [[name, itemNode(item, fixture)] as const];
  });
  return {
    ...(fixture.information === undefined ? {} : { information: fixture.information }),
    ...secrets(world, fixture),
    location: `in the ${fixture.room}`,
    ...Object.fromEntries(items),
  };
}

function roomNode(world: World, play: Play, room: string): JsonObject {
  const fixtures = [...world.fixtures.values()].filter((fixture) => fixture.room === room);
  return {
    information: `From the ${room} one can go to ${waysOut(world, room)}.`,
    ...Object.fromEntries(fixtures.map((fixture) => [fixture.name, fixtureNode(world, play, fixture)])),
  };
}

/** The places and objects of a world as the tree that a script shows to the dungeon master (App. L). */
export function placesTree(world: World): JsonObject {
  const play = beginPlay(world);
  const rooms = world.rooms.map((room) => [room, roomNode(world, play, room)] as const);
  const { corridor } = world.theme;
  const relative = world.rooms.includes(corridor)
    ? `Every room opens only to the ${corridor}, which connects them all.`
    : "Every room has a door to every other room.";
  return {
    [world.theme.building]: { ...Object.fromEntries(rooms), "relative location": [relative] },
  };
}
