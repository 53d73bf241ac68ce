import type { Random } from "../random.ts";
import { atFixture } from "./english.ts";
import type { Operation } from "./phrase.ts";
import type { Play } from "./play.ts";
import type { World } from "./world.ts";

/** The paper's kind of an error (section 3.1): its form, its place or its sense is wrong. */
export type ErrorKind = "parameter" | "place" | "logic";

/** What an obstacle is told of. */
interface Scene {
  readonly world: World;
  readonly play: Play;
  readonly random: Random;
  readonly thing: string;
  readonly other: string;
  /** The room of the thing, when it is fixed. */
  readonly home: string | undefined;
  /** The form of the action that the player means to take next. */
  readonly form: string;
}

/** What can stand in the way of an action: the kind of error that this makes of it, and how it is told. */
interface ObstacleEntry {
  readonly kind: ErrorKind;
  /** The ways to tell the player what came of it. */
  readonly observation: (scene: Scene) => readonly string[];
  /** The ways in which the player's next thought takes it up: what was wrong, and so what to mind. */
  readonly refinement: (scene: Scene) => readonly string[];
  /** Why it is an error, as the dungeon master thinks. */
  readonly reason: (scene: Scene) => string;
}

const doesNotGo = ({ thing, other }: Scene): string => `the ${thing} does not go with the ${other}`;
const nothingLearned = (): string => "it tells the player nothing that was not known before";
const noChange = (): string => "it only asks for what is the case already, so nothing changes";

const OBSTACLES = {
  "unknown-action": {
    kind: "parameter",
    observation: ({ world, random }) => {
      const names = [...world.wording.values()].map(({ action }) => `"${action.name}"`);
      const examples = random.shuffle(names).slice(0, 3).join(", ");
      return [
        "That is not one of the available actions, or it names something that is not listed. Nothing happens.",
        `This action cannot be understood. Actions have forms such as ${examples}, with the exact names of things.`,
        "Nothing happens: the action does not follow the form of any available action with its exact names.",
      ];
    },
    refinement: ({ thing, form }) => [
      `"${thing}" is not in the form of an available action. What I want has the form "${form}", with the exact name of the thing.`,
      `My last action was not understood. I have to use the form "${form}" and the exact names.`,
      `I was careless about the wording: "${thing}" matches none of the actions. The right form is "${form}".`,
    ],
    reason: ({ thing }) => `the action "${thing}" agrees with no verification code and its parameters`,
  },
  elsewhere: {
    kind: "place",
    observation: ({ play, thing }) => [
      `You are in the ${play.room}, and the ${thing} is not here.`,
      `There is no ${thing} within reach: you are in the ${play.room}.`,
      `You cannot do that from here. The ${thing} is not in the ${play.room}.`,
    ],
    refinement: ({ play, thing, home }) =>
      home === undefined
        ? [`The ${thing} is not here, so I cannot do that in the ${play.room}.`]
        : [
            `I tried that in the wrong room: the ${thing} is in the ${home}, and I am in the ${play.room}.`,
            `Of course, the ${thing} is in the ${home} and not here. I mixed up the places.`,
            `That could not work from the ${play.room}, because the ${thing} stands in the ${home}.`,
          ],
    reason: ({ thing, home }) =>
      home === undefined ? `the ${thing} is somewhere else` : `the ${thing} is in the ${home}`,
  },
  "no-way": {
    kind: "place",
    observation: ({ play, thing }) => [
      `There is no door from the ${play.room} straight to the ${thing}.`,
      `You cannot reach the ${thing} directly from the ${play.room}.`,
    ],
    refinement: ({ world, thing }) => [
      `I cannot go straight to the ${thing} from here; I have to take the way through the ${world.theme.corridor}.`,
    ],
    reason: ({ world, thing }) => `the ${thing} can only be reached through the ${world.theme.corridor}`,
  },
  "not-there": {
    kind: "place",
    observation: ({ world, thing, other }) => [
      `The ${thing} is not ${atFixture(world, other)}.`,
      `You do not find the ${thing} ${atFixture(world, other)}.`,
    ],
    refinement: ({ world, thing, other }) => [
      `I was wrong: the ${thing} is not ${atFixture(world, other)}. I must have confused the places.`,
      `So the ${thing} is not ${atFixture(world, other)}; I have to look where it really is.`,
    ],
    reason: ({ world, thing, other }) => `the ${thing} is not ${atFixture(world, other)}`,
  },
  "already-here": {
    kind: "logic",
    observation: ({ thing }) => [`You are in the ${thing} already. Nothing changes.`],
    refinement: ({ thing }) => [`I am in the ${thing} already, so that was a wasted move.`],
    reason: noChange,
  },
  "already-open": {
    kind: "logic",
    observation: ({ thing }) => [
      `The ${thing} is already open. Nothing changes.`,
      `You pull at the ${thing}, which stands open already.`,
    ],
    refinement: ({ thing }) => [
      `The ${thing} was open already, so opening it again brought nothing.`,
      `I had forgotten that the ${thing} is open. There is no need to do that again.`,
    ],
    reason: noChange,
  },
  "already-closed": {
    kind: "logic",
    observation: ({ thing }) => [`The ${thing} is closed already. Nothing changes.`],
    refinement: ({ thing }) => [`The ${thing} was closed already; that changed nothing.`],
    reason: noChange,
  },
  "already-held": {
    kind: "logic",
    observation: ({ thing }) => [
      `You are carrying the ${thing} already. Nothing changes.`,
      `The ${thing} is in your hands already.`,
    ],
    refinement: ({ thing }) => [
      `I have the ${thing} with me already. I should think about what comes next.`,
      `I did not need to take the ${thing} again; it is in my hands.`,
    ],
    reason: noChange,
  },
  "already-on": {
    kind: "logic",
    observation: ({ thing }) => [`The ${thing} is already on. Nothing changes.`],
    refinement: ({ thing }) => [`The ${thing} is on already, so I can leave the switch alone.`],
    reason: noChange,
  },
  "already-worked": {
    kind: "logic",
    observation: ({ world, thing }) => [
      `The ${thing} has been ${world.task.work?.done ?? "done"} already. Nothing changes.`,
    ],
    refinement: ({ world, thing }) => [
      `The ${thing} has been ${world.task.work?.done ?? "done"} already; once is enough.`,
    ],
    reason: noChange,
  },
  "already-fitted": {
    kind: "logic",
    observation: ({ thing, other }) => [`The ${thing} is in the ${other} already. Nothing changes.`],
    refinement: ({ thing }) => [`The ${thing} is fitted already. I should go on with what is missing.`],
    reason: noChange,
  },
  "already-set": {
    kind: "logic",
    observation: ({ thing }) => [`The lamp of the ${thing} is green already. Nothing changes.`],
    refinement: ({ thing }) => [`The ${thing} was done already. I should go on with the next control.`],
    reason: noChange,
  },
  "already-read": {
    kind: "logic",
    observation: ({ thing }) => [
      `The ${thing} says nothing that you have not read before.`,
      `You have examined the ${thing} already; there is nothing new about it.`,
    ],
    refinement: ({ thing }) => [
      `I knew already what the ${thing} says. I should use what I have learned.`,
      `Reading the ${thing} again brought nothing new.`,
    ],
    reason: nothingLearned,
  },
  "nothing-new": {
    kind: "logic",
    observation: ({ thing }) => [
      `You see nothing about the ${thing} that you did not know.`,
      `There is nothing special about the ${thing}. You have learned nothing new.`,
      `The ${thing} looks just as it did before.`,
    ],
    refinement: ({ thing }) => [
      `That told me nothing new about the ${thing}; I should act instead of looking.`,
      `Looking at the ${thing} did not help. I have to go on with the task.`,
    ],
    reason: nothingLearned,
  },
  closed: {
    kind: "logic",
    observation: ({ thing }) => [
      `The ${thing} is closed, so nothing can be taken out or put in.`,
      `You cannot reach into the ${thing}: it is closed.`,
    ],
    refinement: ({ thing }) => [
      `The ${thing} is closed, which I overlooked. It has to be opened first.`,
      `I cannot reach into the ${thing} while it is closed.`,
    ],
    reason: ({ thing }) => `the ${thing} is closed`,
  },
  locked: {
    kind: "logic",
    observation: ({ thing }) => [
      `The ${thing} is locked and does not open.`,
      `You try the ${thing}, but it is locked.`,
    ],
    refinement: ({ thing }) => [
      `The ${thing} is locked, so pulling at it is no use. It needs its key.`,
      `Without the key the ${thing} stays shut. I have to deal with the lock first.`,
    ],
    reason: ({ thing }) => `the ${thing} is locked`,
  },
  "not-locked": {
    kind: "logic",
    observation: ({ thing }) => [`The ${thing} is not locked. Nothing changes.`],
    refinement: ({ thing }) => [`The ${thing} is not locked, so there was nothing to unlock.`],
    reason: noChange,
  },
  "wrong-key": {
    kind: "logic",
    observation: ({ thing, other }) => [
      `The ${thing} does not fit the lock of the ${other}. It stays locked.`,
    ],
    refinement: ({ thing, other }) => [`The ${thing} is the wrong key for the ${other}. I need another one.`],
    reason: doesNotGo,
  },
  "not-held": {
    kind: "logic",
    observation: ({ thing }) => [
      `You are not carrying the ${thing}.`,
      `You reach for the ${thing}, but you do not have it with you.`,
    ],
    refinement: ({ thing }) => [
      `I do not have the ${thing} with me. I have to get it before I can use it.`,
      `I acted too early: the ${thing} is not in my hands yet.`,
    ],
    reason: ({ thing }) => `the player does not carry the ${thing}`,
  },
  unsuitable: {
    kind: "logic",
    observation: ({ thing, other }) => [`Nothing comes of that: the ${thing} is of no use at the ${other}.`],
    refinement: ({ thing, other }) => [
      `The ${thing} is not meant for the ${other}. I picked the wrong thing to work on.`,
    ],
    reason: doesNotGo,
  },
  "not-running": {
    kind: "logic",
    observation: ({ thing }) => [
      `Nothing happens, because a switch at the side is still off.`,
      `The apparatus is off, so the ${thing} stays as it is.`,
    ],
    refinement: ({ world }) => [
      `Nothing happened because the ${world.task.work?.station ?? "station"} is off. It has to be switched on first.`,
    ],
    reason: ({ other }) => `the ${other === "" ? "station" : other} is still off`,
  },
  incomplete: {
    kind: "logic",
    observation: ({ thing }) => [
      `You press the switch, but the ${thing} stays dead: a part is still missing.`,
      `The ${thing} does not start. It is not complete yet.`,
    ],
    refinement: ({ thing }) => [
      `The ${thing} cannot run while a part is missing. I have to fit the parts first.`,
    ],
    reason: ({ thing }) => `the ${thing} still lacks a part`,
  },
  misfit: {
    kind: "logic",
    observation: ({ thing, other }) => [`The ${thing} does not fit the ${other}.`],
    refinement: ({ thing, other }) => [
      `The ${thing} does not belong in the ${other}. I need the part that is really missing.`,
    ],
    reason: doesNotGo,
  },
  "wrong-tool": {
    kind: "logic",
    observation: ({ thing }) => [`The ${thing} is the wrong tool for this.`],
    refinement: ({ world, thing }) => [
      `The ${thing} is the wrong tool; the right one is the ${world.task.defect?.tool ?? "other one"}.`,
    ],
    reason: ({ thing }) => `the ${thing} is not the tool for it`,
  },
  "wrong-order": {
    kind: "logic",
    observation: ({ thing }) => [
      `A red lamp blinks: it is not the turn of the ${thing}. Nothing changes.`,
      `The ${thing} does not respond at this point.`,
    ],
    refinement: ({ thing }) => [
      `It was not the turn of the ${thing}. I have to keep to the right order.`,
      `The order matters here, and the ${thing} was not next.`,
    ],
    reason: ({ thing }) => `it is not the turn of the ${thing}`,
  },
  "not-inspected": {
    kind: "logic",
    observation: () => ["The report is not accepted, because you have not seen every reading yet."],
    refinement: () => ["I answered too early. I have to see every reading before I can compare them."],
    reason: () => "not all readings have been seen yet",
  },
  "wrong-answer": {
    kind: "logic",
    observation: ({ thing }) => [`"${thing}" is not the right answer. Nothing changes.`],
    refinement: () => ["My answer was wrong. I should compare the readings again, with care."],
    reason: () => "the answer does not agree with the readings",
  },
} as const satisfies Readonly<Record<string, ObstacleEntry>>;

/** What stands in the way of an action. */
export type ObstacleCode = keyof typeof OBSTACLES;

/** Why an action comes to nothing, with the thing that it is about. */
export interface Obstacle {
  readonly code: ObstacleCode;
  readonly thing: string;
  /** The other thing that plays a part: the container, the device, the key. */
  readonly other?: string;
}

/** Which kind of error an obstacle makes of an action. */
export function errorKind(code: ObstacleCode): ErrorKind {
  return OBSTACLES[code].kind;
}

function sceneOf(
  world: World,
  play: Play,
  { thing, other = "" }: Obstacle,
  random: Random,
  form = "",
): Scene {
  return { world, play, random, thing, other, home: world.fixtures.get(thing)?.room, form };
}

/** What the player observes of an action that came to nothing. */
export function narrateObstacle(world: World, play: Play, obstacle: Obstacle, random: Random): string {
  return random.pick(OBSTACLES[obstacle.code].observation(sceneOf(world, play, obstacle, random)));
}

/** How the player's thought takes up an error, when `intended` is what it means to do next. */
export function narrateRefinement(
  world: World,
  play: Play,
  obstacle: Obstacle,
  intended: Operation,
  random: Random,
): string {
  const form = world.wording.get(intended)?.action.name ?? intended;
  return random.pick(OBSTACLES[obstacle.code].refinement(sceneOf(world, play, obstacle, random, form)));
}

/** Why an action is an error, as the end of a sentence. */
export function reasonAgainst(world: World, play: Play, obstacle: Obstacle, random: Random): string {
  return OBSTACLES[obstacle.code].reason(sceneOf(world, play, obstacle, random));
}
