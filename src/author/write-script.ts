import { randomFor } from "../random.ts";
import type { Json, JsonObject, Script } from "../script/script.ts";
import { capitalised, joinWords, listOf, numberWord, tell, withArticle } from "./english.ts";
import { waysOut } from "./narrate-dungeon-master.ts";
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
function placesTree(world: World): JsonObject {
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

/** What everybody can see or knows about a room: what stands in it, but not what lies about. */
function roomSentence(world: World, room: string): string {
  const names = [...world.fixtures.values()]
    .filter((fixture) => fixture.room === room)
    .map(({ name }) => name);
  if (names.length === 0) return "";
  return `The ${room} has ${joinWords(names.map(withArticle))}.`;
}

function states(world: World): readonly string[] {
  const { locks, off } = world.task;
  return [
    "Everything with a door, a lid or a drawer is closed.",
    ...locks.map(({ container }) => `The ${container} is locked.`),
    ...off.map((name) => `The ${name} is off.`),
  ];
}

function initialState(world: World): string {
  const { corridor, building } = world.theme;
  const rooms = world.rooms.filter((room) => room !== corridor);
  const plan = world.rooms.includes(corridor)
    ? `The rooms open only to the ${corridor}, which connects them.`
    : "Each room has doors to all the others.";
  const start = `The player is in the ${world.start} of the ${building}.`;
  const places = `The rooms are ${listOf(rooms)}. ${plan}`;
  const furniture = rooms.map((room) => roomSentence(world, room)).join(" ");
  return [start, places, furniture, ...states(world)].join(" ");
}

function playerInformation(world: World): string {
  const hints = world.task.hints.map(({ item, room, fixture }) =>
    fixture === undefined
      ? `The ${item} is said to be somewhere in the ${room}.`
      : `The ${item} is known to be in the ${fixture} in the ${room}.`,
  );
  const part = `The player takes the part of this person: "${quoted(world.persona)}".`;
  const hands =
    "The player can carry everything that is not fixed, but can only reach what is in the same room, and has to open closed things before taking anything out of them.";
  return [part, hands, ...hints].join(" ");
}

/** The persona as part of a sentence, without the full stop at its end. */
function quoted(persona: string): string {
  return persona
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[.\s]+$/, "");
}

function designThought(world: World): string {
  const random = randomFor(world.seed, world.persona, "design");
  const rooms = world.rooms.length;
  const clutter = [...world.items.values()].filter(({ relevant }) => !relevant).length;
  const opening = tell(
    "design",
    {
      persona: quoted(world.persona),
      "A building": capitalised(withArticle(world.theme.building)),
      "a building": withArticle(world.theme.building),
    },
    random,
  );
  return `${opening} ${world.task.design} The world has ${numberWord(rooms)} rooms, and ${numberWord(clutter)} of the things in it play no part in the task, so that mistakes are likely. The actions cover moving, looking, handling things${world.wording.size > 7 ? " and the work of this task" : ""}.`;
}

/** Writes the script of a world (App. L). */
export function writeScript(world: World): Script {
  return {
    thought: designThought(world),
    initialState: initialState(world),
    placesAndObjects: placesTree(world),
    player: playerInformation(world),
    goal: world.task.goalText,
    completionConditions: world.task.conditions,
    actions: [...world.wording.values()].map(({ action }) => action),
  };
}
