import { any, fact, placed } from "../conditions.ts";
import {
  addDistractor,
  draftBuilding,
  freshName,
  hideItem,
  hintsFor,
  pickFixture,
  pickOccasion,
} from "../draft.ts";
import { capitalised, joinWords, numberWord } from "../english.ts";
import type { Family } from "./family.ts";

/** Two or three things lie about, some behind doors, and have to be brought to one place. */
export const fetchAndPlace: Family = (theme, random) => {
  const draft = draftBuilding(theme, [], random);
  const target = pickFixture(draft, ["surface"]);
  const nouns = random.shuffle(theme.objects).slice(0, random.chance(0.12) ? 3 : 2);
  const items = nouns.map((noun) => {
    const item = hideItem(draft, freshName(draft, noun), [target.room]);
    const beside = random.chance(0.4) ? draft.fixtures.get(item.fixture) : undefined;
    addDistractor(draft, freshName(draft, noun), beside);
    return item;
  });
  const names = items.map(({ name }) => name);
  const occasion = pickOccasion(draft);
  const list = joinWords(names.map((name) => `the ${name}`));
  const where = `on the ${target.name} in the ${target.room}`;
  return {
    draft,
    task: {
      family: "fetch-and-place",
      goalText: random.pick([
        `Find ${list} and put them ${where}; they are needed for ${occasion}.`,
        `For ${occasion}, bring ${list} to the ${target.room} and leave them on the ${target.name}.`,
        `${capitalised(random.pick(theme.people))} needs ${list} for ${occasion}. Collect them and put them ${where}.`,
      ]),
      conditions: names.map((name) => `The ${name} is ${where}.`),
      design: `The task is to find ${numberWord(names.length)} things and to bring them to one place. Like things with other marks lie about, so that a careless player takes the wrong one.`,
      stages: [placed(names, target.name)],
      milestones: names.flatMap((name) => [
        any(fact("held", name), fact("on", name, target.name)),
        fact("on", name, target.name),
      ]),
      locks: [],
      off: [],
      hints: hintsFor(draft, items),
      uses: new Map(names.map((name) => [name, `for ${occasion}`])),
    },
  };
};
