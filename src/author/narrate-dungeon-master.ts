import type { Random } from "../random.ts";
import type { DungeonMasterTurn } from "../trajectory/trajectory.ts";
import { atFixture, capitalised, deedWords, joinWords, tell } from "./english.ts";
import { isFinished } from "./judge.ts";
import { contentsWords, describeRoom } from "./narrate-room.ts";
import { errorKind, type Obstacle, reasonAgainst } from "./obstacles.ts";
import type { Deed } from "./phrase.ts";
import { beginPlay, contentsOf, heldItems, isSo, type Play } from "./play.ts";
import type { World } from "./world.ts";

function knowledge(play: Play, random: Random): string {
  const held = [...heldItems(play)].sort().map((item) => `the ${item}`);
  const hands = held.length === 0 ? "carries nothing" : `carries ${joinWords(held)}`;
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
  const label = kind === "place" ? "a place error" : "a logic error";
  return `${knowledge(play, random)} The action has a right form, but ${reason}. This is ${label}, and the player must be told without being given the solution.`;
}

/** The dungeon master's thought about an action that was done; `play` is the play after it. */
export function thoughtOnSuccess({ world, play, isBrief }: Thinking, deed: Deed, random: Random): string {
  const words = deedWords(world, deed);
  if (isBrief) {
    return isFinished(world, play)
      ? "All completion conditions hold, so the task is finished."
      : `Nothing stands against the action to ${words}.`;
  }
  const total = world.task.milestones.length;
  const progress = isFinished(world, play)
    ? "All completion conditions hold, so the task is finished."
    : random.pick([
        `Of ${total} marks on the way to the goal, ${play.reached.size} ${play.reached.size === 1 ? "is" : "are"} reached.`,
        `The goal is not reached yet: the count stands at ${play.reached.size} of ${total}.`,
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

function opened(play: Play, container: string, random: Random): string {
  if (contentsOf(play, container).length === 0) {
    return tell("opened-empty", { container }, random);
  }
  const contents = contentsWords(play, container);
  return tell("opened", { container, contents }, random);
}

function worked(world: World, item: string, station: string, random: Random): string {
  const { work } = world.task;
  const reading = work?.readings.get(item);
  const done = work?.done ?? "done";
  if (reading !== undefined)
    return `You ${work?.verb ?? "measure"} the ${item}. The ${station} shows ${reading}.`;
  return tell(
    "worked",
    { deed: deedWords(world, { operation: "work", names: [item, station] }), item, done },
    random,
  );
}

function setControl(world: World, play: Play, control: string): string {
  const { sequence } = world.task;
  if (sequence === undefined) return "";
  const number = sequence.order.filter((one) => isSo(play, "set", one)).length;
  const act = `You ${sequence.verb} the ${control}.`;
  if (number === sequence.order.length) return `${act} A last lamp turns green, and ${sequence.result}.`;
  return `${act} A green lamp comes on: ${number} of ${sequence.order.length}.`;
}

function information(world: World, thing: string): string {
  return world.items.get(thing)?.information ?? world.fixtures.get(thing)?.information ?? "";
}

/** What the player observes of a deed that was done; `play` is the play after it. */
export function narrateSuccess(world: World, play: Play, deed: Deed, random: Random): string {
  const [thing = "", other = ""] = deed.names;
  switch (deed.operation) {
    case "go":
      return `${tell("went", { thing }, random)} ${describeRoom(world, play)}`;
    case "look":
      return `${tell("looked", { room: play.room }, random)} ${describeRoom(world, play)}`;
    case "examine":
      return tell("examined", { thing, information: information(world, thing) }, random);
    case "take":
      return tell("took", { thing, other }, random);
    case "put":
      return tell("put-down", { thing, place: atFixture(world, other) }, random);
    case "open":
      return opened(play, thing, random);
    case "close":
      return `You close the ${thing}.`;
    case "unlock":
      return tell("unlocked", { thing, other }, random);
    case "switch": {
      const result = world.task.defect?.device === thing ? world.task.defect.result : "is running now";
      return `You switch on the ${thing}. It ${result}.`;
    }
    case "work":
      return worked(world, thing, other, random);
    case "fit":
      return tell("fitted", { thing, other }, random);
    case "set":
      return setControl(world, play, thing);
    case "answer":
      return `Your report "${thing}" is correct.`;
  }
}
