import { deedWords } from "../deed-words.ts";
import { fixturesIn, heldItems, isSo } from "../play.ts";
import type { MistakeMaker, Situation } from "./mistake.ts";
import { type Idea, trueMistakes } from "./true-mistakes.ts";

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
