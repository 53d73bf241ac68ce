import { deedWords } from "../english.ts";
import { fixturesIn, heldItems, isSo } from "../play.ts";
import { type Idea, type MistakeMaker, type Situation, trueMistakes } from "./mistake.ts";

/** A later deed before the one that has to come first. */
function outOfOrder({ world, intention, random }: Situation): readonly Idea[] {
  const { deed, rest, sought } = intention;
  if (deed.operation === "go" || sought !== undefined) return [];
  const later = rest.slice(0, 2).filter(({ operation }) => operation !== "go");
  return later.map((early) => [
    early,
    random.pick([
      `I am in the right place, so I can ${deedWords(world, early)} at once.`,
      `It is best to ${deedWords(world, early)} without delay.`,
      `The quickest way forward is to ${deedWords(world, early)}.`,
    ]),
  ]);
}

/** Opening what is open and reading what has been read. */
function fixturesAgain({ world, play, random }: Situation): readonly Idea[] {
  return fixturesIn(world, play.room).flatMap(({ name, kind }): readonly Idea[] => {
    if (kind === "container" && !isSo(play, "closed", name)) {
      const thought = random.pick([
        `I want to be sure about the ${name}, so I open it and look inside.`,
        `Perhaps I overlooked something in the ${name}. I will open it.`,
        `The ${name} has to be open for what I want to do, so I open it.`,
      ]);
      return [[{ operation: "open", names: [name] }, thought]];
    }
    if (!isSo(play, "read", name)) return [];
    const thought = random.pick([
      `I am not sure that I remember the ${name} rightly, so I look at it once more.`,
      `Was that really what the ${name} said? I read it again.`,
    ]);
    return [[{ operation: "examine", names: [name] }, thought]];
  });
}

/** Taking what is in hand already, and reading it again. */
function itemsAgain({ world, play, random }: Situation): readonly Idea[] {
  return heldItems(play).flatMap((item): readonly Idea[] => {
    const ideas: Idea[] = [];
    const home = world.fixtures.get(world.items.get(item)?.fixture ?? "");
    if (home?.room === play.room) {
      const thought = random.pick([
        `I need the ${item}, so I should take it from the ${home.name}.`,
        `I must not forget the ${item}. I will take it from the ${home.name} now.`,
      ]);
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
      const thought = random.pick([
        `Perhaps the ${name} can simply be pulled open.`,
        `I will try whether the ${name} opens; someone may have forgotten to lock it.`,
      ]);
      return [[{ operation: "open", names: [name] }, thought]];
    }
    if (kind !== "control") return [];
    const thought = random.pick([
      `The ${name} looks like the one to use now.`,
      `I believe that the ${name} is next.`,
      `As far as I can tell, it is the turn of the ${name}.`,
    ]);
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
