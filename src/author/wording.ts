import type { Random } from "../random.ts";
import type { Draft } from "./draft.ts";
import { capitalised } from "./english.ts";
import { phraseOf, placeholdersOf, type Slot, type Wording } from "./phrase.ts";
import type { Fixture, Task } from "./world.ts";

const GO = ["go to {place}", "walk to {place}", "move to {place}", "enter {room}", "head to {room}"];
const LOOK = ["look around", "look", "survey the room"];
const EXAMINE = ["examine {thing}", "inspect {thing}", "look at {thing}", "study {thing}", "view {thing}"];
const TAKE = [
  "take {object} from {place}",
  "pick up {object} from {place}",
  "grab {item} from {spot}",
  "get {object} from {receptacle}",
  "from {place} take {object}",
];
const PUT = [
  "put {object} in/on {place}",
  "place {item} at {spot}",
  "leave {object} at {place}",
  "put {object} down at {receptacle}",
];
const OPEN = ["open {container}", "open up {container}", "open {receptacle}"];
const CLOSE = ["close {container}", "shut {container}", "close {receptacle}"];
const UNLOCK = [
  "unlock {container} with {key}",
  "unlock {container} using {key}",
  "use {key} on {container}",
];
const SWITCH = ["switch on {device}", "turn on {device}", "start {machine}", "power up {device}"];
const ANSWER = ["answer[{answer}]", "report: {text}", "submit answer: {answer}", 'say "{text}"'];
const FIT = [
  "fit {part} in {device} with {tool}",
  "install {part} in {device} using {tool}",
  "mount {part} in {device} with {tool}",
];

type Values = Readonly<Record<string, readonly string[]>>;

const HANDLED: ReadonlySet<string> = new Set(["object", "item", "key"]);

/** The values of a name with two placeholders: the handled thing comes first, wherever it stands in the name. */
function pair(name: string, handled: readonly string[], others: readonly string[]): Values {
  const placeholders = placeholdersOf(name);
  const first = placeholders.filter((placeholder) => HANDLED.has(placeholder));
  const second = placeholders.filter((placeholder) => !HANDLED.has(placeholder));
  return Object.fromEntries([
    ...first.map((placeholder) => [placeholder, handled]),
    ...second.map((placeholder) => [placeholder, others]),
  ]);
}

function single(name: string, values: readonly string[]): Values {
  return Object.fromEntries(placeholdersOf(name).map((placeholder) => [placeholder, values]));
}

interface Names {
  readonly rooms: readonly string[];
  readonly things: readonly string[];
  readonly items: readonly string[];
  /** The names of the fixtures of some kinds. */
  readonly fixtures: (...kinds: readonly Fixture["kind"][]) => readonly string[];
}

function namesIn(draft: Draft, random: Random): Names {
  const fixtures = [...draft.fixtures.values()];
  const items = random.shuffle([...draft.items.keys()]);
  return {
    rooms: draft.rooms,
    things: random.shuffle([...items, ...fixtures.map(({ name }) => name)]),
    items,
    fixtures: (...kinds) => fixtures.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name),
  };
}

function basicSlots(names: Names, random: Random): readonly Slot[] {
  const go = random.pick(GO);
  const examine = random.pick(EXAMINE);
  const take = random.pick(TAKE);
  const put = random.pick(PUT);
  const open = random.pick(OPEN);
  const close = random.pick(CLOSE);
  const holders = names.fixtures("surface", "container");
  const containers = names.fixtures("container");
  const slot = (operation: Slot["operation"], name: string, description: string, values: Values): Slot => ({
    operation,
    name,
    description,
    values,
  });
  return [
    slot("go", go, "Go to another room.", single(go, names.rooms)),
    slot("look", random.pick(LOOK), "See what is in the room.", {}),
    slot(
      "examine",
      examine,
      "Look closely at a thing in sight, or read what it says.",
      single(examine, names.things),
    ),
    slot("take", take, "Take a thing from the place where it is.", pair(take, names.items, holders)),
    slot("put", put, "Put down a thing that you carry.", pair(put, names.items, holders)),
    slot("open", open, "Open something that is closed and not locked.", single(open, containers)),
    slot("close", close, "Close something that is open.", single(close, containers)),
  ];
}

function workSlots(draft: Draft, task: Task, names: Names, random: Random): readonly Slot[] {
  const slots: Slot[] = [];
  if (task.work !== undefined) {
    const { verb, station } = task.work;
    slots.push({
      operation: "work",
      name: `${verb} {object} ${draft.fixtures.get(station)?.preposition ?? "at"} {station}`,
      description: `${capitalised(verb)} a thing that you carry.`,
      values: { object: names.items, station: names.fixtures("station") },
    });
  }
  if (task.defect !== undefined) {
    slots.push({
      operation: "fit",
      name: random.pick(FIT),
      description: "Fit a part that you carry, with a tool that you carry.",
      values: { part: names.items, device: names.fixtures("device"), tool: names.items },
    });
  }
  if (task.sequence !== undefined) {
    slots.push({
      operation: "set",
      name: `${task.sequence.verb} {control}`,
      description: `Work one of the controls of the ${task.sequence.machine}.`,
      values: { control: names.fixtures("control") },
    });
  }
  return slots;
}

function taskSlots(draft: Draft, task: Task, names: Names, random: Random): readonly Slot[] {
  const slots: Slot[] = [];
  if (task.locks.length > 0) {
    const name = random.pick(UNLOCK);
    slots.push({
      operation: "unlock",
      name,
      description: "Unlock something with a key that you carry.",
      values: pair(name, names.items, names.fixtures("container")),
    });
  }
  if (task.off.length > 0) {
    const name = random.pick(SWITCH);
    slots.push({
      operation: "switch",
      name,
      description: "Switch something on.",
      values: single(name, names.fixtures("station", "device")),
    });
  }
  slots.push(...workSlots(draft, task, names, random));
  if (task.question !== undefined) {
    const name = random.pick(ANSWER);
    slots.push({
      operation: "answer",
      name,
      description: "Give the answer that the goal asks for.",
      specialFormat: `In place of {${placeholdersOf(name)[0] ?? ""}} stands the name of the instrument and the number that it shows, such as "${task.question.example}".`,
      values: {},
    });
  }
  return slots;
}

/** Chooses how the actions of a world are worded, so that no two worlds need read alike. */
export function chooseWording(draft: Draft, task: Task, random: Random): Wording {
  const names = namesIn(draft, random);
  const slots = [...basicSlots(names, random), ...taskSlots(draft, task, names, random)];
  return new Map(slots.map((slot) => [slot.operation, phraseOf(slot, random)]));
}
