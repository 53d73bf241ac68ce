import { all, any, fact } from "../conditions.ts";
import { addDistractor, draftBuilding, freshName, hideItem, hintsFor, pickOccasion } from "../draft.ts";
import { capitalised, joinWords, numberWord } from "../english.ts";
import type { Family } from "./family.ts";

/** Things of one kind bear labels that say where each belongs. */
export const sortByLabel: Family = (theme, random) => {
  const draft = draftBuilding(theme, [], random);
  const noun = random.pick(theme.objects);
  const count = random.chance(0.15) ? 3 : 2;
  const surfaces = random.shuffle([...draft.fixtures.values()].filter(({ kind }) => kind === "surface"));
  const targets = surfaces.slice(0, count);
  const items = targets.map((target) => {
    const label = `A label on it says: "Belongs on the ${target.name} in the ${target.room}."`;
    return { item: hideItem(draft, freshName(draft, noun), [target.name], label), target };
  });
  addDistractor(draft, noun);
  const names = items.map(({ item }) => item.name);
  const list = joinWords(names.map((name) => `the ${name}`));
  const occasion = pickOccasion(draft);
  const placings = items.map(({ item, target }) => fact("on", item.name, target.name));
  const reading = all(...names.map((name) => fact("read", name)));
  return {
    draft,
    task: {
      family: "sort-by-label",
      goalText: random.pick([
        `Find ${list}, read the label on each of them, and put each one where its label says, so that all is in order for ${occasion}.`,
        `${capitalised(list)} are not in their places. Each bears a label that names its place: read the labels and put the ${numberWord(count)} things where they belong before ${occasion}.`,
      ]),
      conditions: items.map(
        ({ item, target }) =>
          `The ${item.name} is on the ${target.name} in the ${target.room}, as its label says.`,
      ),
      design: `The task is to bring ${numberWord(count)} like things to different places. Only the labels say which belongs where, so they must be read first.`,
      stages: [reading, all(reading, ...placings)],
      milestones: [
        ...names.map((name) => fact("read", name)),
        ...items.flatMap(({ item, target }) => [
          any(fact("held", item.name), all(fact("read", item.name), fact("on", item.name, target.name))),
          all(fact("read", item.name), fact("on", item.name, target.name)),
        ]),
      ],
      locks: [],
      off: [],
      hints: hintsFor(
        draft,
        items.map(({ item }) => item),
      ),
      uses: new Map(names.map((name) => [name, "for sorting"])),
    },
  };
};
