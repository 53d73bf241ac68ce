import { fixturesIn, heldItems, isSo } from "../play.ts";
import type { MistakeMaker, Situation } from "./mistake.ts";
import { type Idea, trueMistakes } from "./true-mistakes.ts";

function lookingCloser({ world, play, random }: Situation): readonly Idea[] {
  const things = fixturesIn(world, play.room).filter(({ kind }) => kind !== "control");
  const fixtures = things.map(
    ({ name }): Idea => [
      { operation: "examine", names: [name] },
      random.pick([
        `The ${name} may tell me something useful.`,
        `I will look at the ${name} first, in case it holds a clue.`,
        `There could be a note or a mark on the ${name}, so I give it a closer look.`,
      ]),
    ],
  );
  const items = heldItems(play)
    .filter((item) => !isSo(play, "legible", item))
    .map(
      (item): Idea => [
        { operation: "examine", names: [item] },
        random.pick([
          `Before I go on, I will look at the ${item} more closely. There may be something special about it.`,
          `Maybe the ${item} has a mark that helps me further.`,
        ]),
      ],
    );
  return [...fixtures, ...items];
}

function lookingAgain({ play, random }: Situation): readonly Idea[] {
  if (!play.visited.has(play.room)) return [];
  return [
    [
      { operation: "look", names: [] },
      random.pick([
        `I may have missed something in the ${play.room}, so I look about again.`,
        `I am not sure how to go on from the ${play.room}. Another look around may help.`,
        `Did I see everything that there is in the ${play.room}? I had better check.`,
      ]),
    ],
  ];
}

/** Looking where there is nothing to be learned: logic errors out of indecision. */
export const idleErrors: MistakeMaker = (situation) =>
  trueMistakes(situation, [...lookingCloser(situation), ...lookingAgain(situation)], "logic");
