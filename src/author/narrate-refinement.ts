import type { Random } from "../random.ts";
import { atFixture } from "./deed-words.ts";
import type { Obstacle, ObstacleCode } from "./obstacle.ts";
import type { Operation } from "./phrase.ts";
import type { Play } from "./play.ts";
import type { World } from "./world.ts";

interface Scene {
  readonly world: World;
  readonly play: Play;
  readonly thing: string;
  readonly other: string;
  /** The room of the thing, when it is fixed. */
  readonly home: string | undefined;
  /** The form of the action that the player means to take. */
  readonly form: string;
}

type Teller = (scene: Scene) => readonly string[];

/** The ways to tell each obstacle. */
const WORDINGS: Readonly<Record<ObstacleCode, Teller>> = {
  "unknown-action": ({ thing, form }) => [
    `"${thing}" is not in the form of an available action. What I want has the form "${form}", with the exact name of the thing.`,
    `My last action was not understood. I have to use the form "${form}" and the exact names.`,
    `I was careless about the wording: "${thing}" matches none of the actions. The right form is "${form}".`,
  ],
  elsewhere: ({ play, thing, home }) =>
    home === undefined
      ? [`The ${thing} is not here, so I cannot do that in the ${play.room}.`]
      : [
          `I tried that in the wrong room: the ${thing} is in the ${home}, and I am in the ${play.room}.`,
          `Of course, the ${thing} is in the ${home} and not here. I mixed up the places.`,
          `That could not work from the ${play.room}, because the ${thing} stands in the ${home}.`,
        ],
  "no-way": ({ world, thing }) => [
    `I cannot go straight to the ${thing} from here; I have to take the way through the ${world.theme.corridor}.`,
  ],
  "not-there": ({ world, thing, other }) => [
    `I was wrong: the ${thing} is not ${atFixture(world, other)}. I must have confused the places.`,
    `So the ${thing} is not ${atFixture(world, other)}; I have to look where it really is.`,
  ],
  "already-here": ({ thing }) => [`I am in the ${thing} already, so that was a wasted move.`],
  "already-open": ({ thing }) => [
    `The ${thing} was open already, so opening it again brought nothing.`,
    `I had forgotten that the ${thing} is open. There is no need to do that again.`,
  ],
  "already-closed": ({ thing }) => [`The ${thing} was closed already; that changed nothing.`],
  "already-held": ({ thing }) => [
    `I have the ${thing} with me already. I should think about what comes next.`,
    `I did not need to take the ${thing} again; it is in my hands.`,
  ],
  "already-on": ({ thing }) => [`The ${thing} is on already, so I can leave the switch alone.`],
  "already-worked": ({ world, thing }) => [
    `The ${thing} has been ${world.task.work?.done ?? "done"} already; once is enough.`,
  ],
  "already-fitted": ({ thing }) => [`The ${thing} is fitted already. I should go on with what is missing.`],
  "already-set": ({ thing }) => [`The ${thing} was done already. I should go on with the next control.`],
  "already-read": ({ thing }) => [
    `I knew already what the ${thing} says. I should use what I have learned.`,
    `Reading the ${thing} again brought nothing new.`,
  ],
  "nothing-new": ({ thing }) => [
    `That told me nothing new about the ${thing}; I should act instead of looking.`,
    `Looking at the ${thing} did not help. I have to go on with the task.`,
  ],
  closed: ({ thing }) => [
    `The ${thing} is closed, which I overlooked. It has to be opened first.`,
    `I cannot reach into the ${thing} while it is closed.`,
  ],
  locked: ({ thing }) => [
    `The ${thing} is locked, so pulling at it is no use. It needs its key.`,
    `Without the key the ${thing} stays shut. I have to deal with the lock first.`,
  ],
  "not-locked": ({ thing }) => [`The ${thing} is not locked, so there was nothing to unlock.`],
  "wrong-key": ({ thing, other }) => [`The ${thing} is the wrong key for the ${other}. I need another one.`],
  "not-held": ({ thing }) => [
    `I do not have the ${thing} with me. I have to get it before I can use it.`,
    `I acted too early: the ${thing} is not in my hands yet.`,
  ],
  unsuitable: ({ thing, other }) => [
    `The ${thing} is not meant for the ${other}. I picked the wrong thing to work on.`,
  ],
  "not-running": ({ world }) => [
    `Nothing happened because the ${world.task.work?.station ?? "station"} is off. It has to be switched on first.`,
  ],
  incomplete: ({ thing }) => [
    `The ${thing} cannot run while a part is missing. I have to fit the parts first.`,
  ],
  misfit: ({ thing, other }) => [
    `The ${thing} does not belong in the ${other}. I need the part that is really missing.`,
  ],
  "wrong-tool": ({ world, thing }) => [
    `The ${thing} is the wrong tool; the right one is the ${world.task.defect?.tool ?? "other one"}.`,
  ],
  "wrong-order": ({ thing }) => [
    `It was not the turn of the ${thing}. I have to keep to the right order.`,
    `The order matters here, and the ${thing} was not next.`,
  ],
  "not-inspected": () => ["I answered too early. I have to see every reading before I can compare them."],
  "wrong-answer": () => ["My answer was wrong. I should compare the readings again, with care."],
};

function wordingsOf(world: World, play: Play, obstacle: Obstacle, form: string): readonly string[] {
  const { code, thing, other = "" } = obstacle;
  return WORDINGS[code]({ world, play, thing, other, home: world.fixtures.get(thing)?.room, form });
}

/** How the player's thought takes up an error: what was wrong, and so what to mind. */
export function narrateRefinement(
  world: World,
  play: Play,
  obstacle: Obstacle,
  intended: Operation,
  random: Random,
): string {
  const form = world.wording.get(intended)?.action.name ?? intended;
  return random.pick(wordingsOf(world, play, obstacle, form));
}
