import { deedWords, tell } from "../english.ts";
import { fixturesIn, heldItems, isSo } from "../play.ts";
import { type Idea, type MistakeMaker, type Situation, trueMistakes } from "./mistake.ts";

/** A later deed before the one that has to come first. */
function outOfOrder({ world, intention, random }: Situation): readonly Idea[] {
  const { deed, rest, sought } = intention;
  if (deed.operation === "go" || sought !== undefined) return [];
  const later = rest.slice(0, 2).filter(({ operation }) => operation !== "go");
  return later.map((early) => [early, tell("out-of-order", { deed: deedWords(world, early) }, random)]);
}

/** Opening what is open and reading what has been read. */
function fixturesAgain({ world, play, random }: Situation): readonly Idea[] {
  return fixturesIn(world, play.room).flatMap(({ name, kind }): readonly Idea[] => {
    if (kind === "container" && !isSo(play, "closed", name)) {
      const thought = tell("open-again", { name }, random);
      return [[{ operation: "open", names: [name] }, thought]];
    }
    if (!isSo(play, "read", name)) return [];
    const thought = tell("read-again", { name }, random);
    return [[{ operation: "examine", names: [name] }, thought]];
  });
}

/** Taking what is in hand already, and reading it again. */
function itemsAgain({ world, play, random }: Situation): readonly Idea[] {
  return heldItems(play).flatMap((item): readonly Idea[] => {
    const ideas: Idea[] = [];
    const home = world.fixtures.get(world.items.get(item)?.fixture ?? "");
    if (home?.room === play.room) {
      const thought = tell("take-again", { item, name: home.name }, random);
      ideas.push([{ operation: "take", names: [item, home.name] }, thought]);
    }
    if (isSo(play, "read", item)) {
      ideas.push([
        { operation: "examine", names: [item] },
        `I want to read the ${item} once more, to be safe.`,
      ]);
    }
    return ideas;
  });
}

/** Pulling at locked things, and guessing which control is next. */
function inVain({ world, play, random }: Situation): readonly Idea[] {
  return fixturesIn(world, play.room).flatMap(({ name, kind }): readonly Idea[] => {
    if (isSo(play, "locked", name)) {
      const thought = tell("open-locked", { name }, random);
      return [[{ operation: "open", names: [name] }, thought]];
    }
    if (kind !== "control") return [];
    const thought = tell("guess-control", { name }, random);
    return [[{ operation: "set", names: [name] }, thought]];
  });
}

/** Actions of a right form in the right place that change nothing in the present state. */
export const logicErrors: MistakeMaker = (situation) =>
  trueMistakes(
    situation,
    [outOfOrder, fixturesAgain, itemsAgain, inVain].flatMap((ideas) => ideas(situation)),
    "logic",
  );

function lookingCloser({ world, play, random }: Situation): readonly Idea[] {
  const things = fixturesIn(world, play.room).filter(({ kind }) => kind !== "control");
  const fixtures = things.map(
    ({ name }): Idea => [{ operation: "examine", names: [name] }, tell("look-closer-here", { name }, random)],
  );
  const items = heldItems(play)
    .filter((item) => !isSo(play, "legible", item))
    .map(
      (item): Idea => [{ operation: "examine", names: [item] }, tell("look-closer-held", { item }, random)],
    );
  return [...fixtures, ...items];
}

function lookingAgain({ play, random }: Situation): readonly Idea[] {
  if (!play.visited.has(play.room)) return [];
  return [[{ operation: "look", names: [] }, tell("look-again", { room: play.room }, random)]];
}

/** Looking where there is nothing to be learned: logic errors out of indecision. */
export const idleErrors: MistakeMaker = (situation) =>
  trueMistakes(situation, [...lookingCloser(situation), ...lookingAgain(situation)], "logic");
