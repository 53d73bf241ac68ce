import type { Random } from "../random.ts";
import type { DungeonMasterTurn } from "../trajectory/trajectory.ts";
import {
  capitalised,
  deedWords,
  type Gaps,
  gapsOf,
  joinWords,
  listOf,
  tell,
  withArticle,
} from "./english.ts";
import { isFinished } from "./judge.ts";
import { errorKind, type Obstacle, reasonAgainst } from "./obstacles.ts";
import type { Deed } from "./phrase.ts";
import { beginPlay, contentsOf, fixturesIn, heldItems, isOpenToView, isSo, type Play } from "./play.ts";
import { doorKey, type World } from "./world.ts";

/** "a key and two …": what is on or in a fixture, in words. */
function contentsWords(play: Play, fixture: string): string {
  return joinWords([...contentsOf(play, fixture)].sort().map(withArticle));
}

/** The rooms that one can walk to from here. */
export function waysOut(world: World, room: string): string {
  return listOf(world.rooms.filter((other) => world.doors.has(doorKey(room, other))));
}

/** What the player sees in the present room. Closed things keep what is in them. */
function describeRoom(world: World, play: Play): string {
  const fixtures = fixturesIn(world, play.room);
  const open = fixtures.filter((fixture) => isOpenToView(play, fixture));
  const closed = fixtures.filter(({ name }) => isSo(play, "closed", name)).map(({ name }) => name);
  const others = fixtures
    .filter(({ kind }) => kind !== "surface" && kind !== "container")
    .map(({ name }) => name);
  const are = (names: readonly string[]): string => (names.length === 1 ? "is" : "are");
  const sentences = open.map(({ name, preposition }) => {
    const contents = contentsOf(play, name);
    if (contents.length === 0) return `The ${name} is empty.`;
    return `${capitalised(preposition)} the ${name} there ${are(contents)} ${contentsWords(play, name)}.`;
  });
  if (closed.length > 0) sentences.push(`${capitalised(listOf(closed))} ${are(closed)} closed.`);
  if (others.length > 0) {
    const also = open.length > 0 ? "also " : "";
    sentences.push(`${capitalised(listOf(others))} ${are(others)} ${also}here.`);
  }
  if (fixtures.length === 0) sentences.push("There is nothing here but doors.");
  sentences.push(`From here you can go to ${waysOut(world, play.room)}.`);
  return sentences.join(" ");
}

function knowledge(play: Play, random: Random): string {
  const held = [...heldItems(play)].sort();
  const hands = held.length === 0 ? "carries nothing" : `carries ${listOf(held)}`;
  return tell("standing", { room: play.room, hands }, random);
}

/** What the dungeon master thinks about. */
interface Thinking {
  readonly world: World;
  readonly play: Play;
  /** Whether the thought is to be one sentence. */
  readonly isBrief: boolean;
}

/** The dungeon master's thought about an action that came to nothing; `play` is the play it leaves as it was. */
export function thoughtOnObstacle(
  { world, play, isBrief }: Thinking,
  obstacle: Obstacle,
  random: Random,
): string {
  const kind = errorKind(obstacle.code);
  const reason = reasonAgainst(world, play, obstacle);
  if (isBrief) return `${capitalised(reason)}.`;
  if (kind === "parameter") {
    return `${knowledge(play, random)} ${capitalised(reason)}, so it is a parameter error and nothing happens.`;
  }
  return `${knowledge(play, random)} The action has a right form, but ${reason}. This is a ${kind} error, and the player must be told without being given the solution.`;
}

/** The dungeon master's thought about an action that was done; `play` is the play after it. */
export function thoughtOnSuccess({ world, play, isBrief }: Thinking, deed: Deed, random: Random): string {
  const words = deedWords(world, deed);
  const end = "All completion conditions hold, so the task is finished.";
  if (isBrief) return isFinished(world, play) ? end : `Nothing stands against the action to ${words}.`;
  const total = world.task.milestones.length;
  const reached = play.reached.size;
  const progress = isFinished(world, play)
    ? end
    : random.pick([
        `Of ${total} marks on the way to the goal, ${reached} ${reached === 1 ? "is" : "are"} reached.`,
        `The goal is not reached yet: the count stands at ${reached} of ${total}.`,
        "The completion conditions do not all hold yet, so the game goes on.",
      ]);
  return random.pick([
    `The player wants to ${words}. The form is right, it is possible here, and it changes the situation. ${progress}`,
    `The action is valid: the player can ${words} in the present state. ${progress} ${knowledge(play, random)}`,
    `${knowledge(play, random)} The action to ${words} agrees with the script. ${progress}`,
  ]);
}

const FORMAT = [
  'Answer in the form "Thought: ... Action: ...".',
  'In every turn, give your reasoning and one action in the form "Thought: ... Action: ...".',
  'Please reply with "Thought: ..." and then "Action: ...", one action at a time.',
];

/** Turn 0: how things stand, and the form in which the player is to answer. */
export function firstTurn(world: World, random: Random, isBrief: boolean): DungeonMasterTurn {
  const where = `You are in the ${world.start} of the ${world.theme.building}.`;
  const view = world.describesStart
    ? describeRoom(world, beginPlay(world))
    : "You have not looked about yet.";
  // Drawn in any case, so that all else of the game is the same.
  const thought = tell("beginning", { start: world.start }, random);
  return {
    role: "DM",
    thought: isBrief ? "What is inside closed things stays hidden until they are opened." : thought,
    observation: `${where} ${view} ${random.pick(FORMAT)}`,
    parameterError: false,
    placeError: false,
    logicError: false,
    progressRate: 0,
    finished: false,
  };
}

/** What the player observes of a deed that was done; `play` is the play after it. */
export function narrateSuccess(world: World, play: Play, deed: Deed, random: Random): string {
  const [thing = ""] = deed.names;
  const { work, sequence, defect } = world.task;
  const say = (variant = "", more: Gaps = {}): string =>
    tell(`done-${deed.operation}${variant}`, { ...gapsOf(world, play.room, deed), ...more }, random);
  switch (deed.operation) {
    case "go":
    case "look":
      return `${say()} ${describeRoom(world, play)}`;
    case "examine": {
      const { information = "" } = world.items.get(thing) ?? world.fixtures.get(thing) ?? {};
      return say("", { information });
    }
    case "open": {
      const contents = contentsWords(play, thing);
      return contents === "" ? say("-empty") : say("", { contents });
    }
    case "switch":
      return say("", { result: defect?.device === thing ? defect.result : "is running now" });
    case "work": {
      const reading = work?.readings.get(thing);
      return reading === undefined ? say() : say("-measured", { reading, verb: work?.verb ?? "" });
    }
    case "set": {
      const { verb = "", order = [], result = "" } = sequence ?? {};
      const number = order.filter((one) => isSo(play, "set", one)).length;
      if (number === order.length) return say("-last", { verb, result });
      return say("", { verb, number: String(number), total: String(order.length) });
    }
    default:
      return say();
  }
}
