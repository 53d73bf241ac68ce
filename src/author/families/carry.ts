import { all, any, fact, not, placed } from "../conditions.ts";
import {
  addDistractor,
  addItem,
  draftBuilding,
  type Family,
  freshName,
  hideItem,
  hintsFor,
  onTarget,
  pickFixture,
  pickOccasion,
  taskWords,
} from "../draft.ts";
import { capitalised, listOf, numberWord } from "../english.ts";

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
  const gaps = {
    list: listOf(names),
    count: numberWord(names.length),
    where: onTarget(target),
    target: target.name,
    room: target.room,
    Person: capitalised(random.pick(theme.people)),
    occasion,
  };
  return {
    draft,
    task: {
      ...taskWords("fetch-and-place", gaps, names, random),
      stages: [placed(names, target.name)],
      milestones: names.flatMap((name) => [
        any(fact("held", name), fact("on", name, target.name)),
        fact("on", name, target.name),
      ]),
      hints: hintsFor(draft, items),
      uses: new Map(names.map((name) => [name, `for ${occasion}`])),
    },
  };
};

/** Things of one kind bear labels that say where each belongs. */
export const sortByLabel: Family = (theme, random) => {
  const draft = draftBuilding(theme, [], random);
  const noun = random.pick(theme.objects);
  const count = random.chance(0.15) ? 3 : 2;
  const surfaces = random.shuffle([...draft.fixtures.values()].filter(({ kind }) => kind === "surface"));
  const items = surfaces.slice(0, count).map((target) => {
    const label = `A label on it says: "Belongs ${onTarget(target)}."`;
    return { item: hideItem(draft, freshName(draft, noun), [target.name], label), target };
  });
  addDistractor(draft, noun);
  const names = items.map(({ item }) => item.name);
  const list = listOf(names);
  const gaps = { list, List: capitalised(list), count: numberWord(count), occasion: pickOccasion(draft) };
  const places = items.map(({ target }) => ({ where: onTarget(target) }));
  const reading = all(...names.map((name) => fact("read", name)));
  return {
    draft,
    task: {
      ...taskWords("sort-by-label", gaps, names, random, places),
      stages: [reading, all(reading, ...items.map(({ item, target }) => fact("on", item.name, target.name)))],
      milestones: [
        ...names.map((name) => fact("read", name)),
        ...items.flatMap(({ item: { name }, target }) => {
          const done = all(fact("read", name), fact("on", name, target.name));
          return [any(fact("held", name), done), done];
        }),
      ],
      hints: hintsFor(
        draft,
        items.map(({ item }) => item),
      ),
      uses: new Map(names.map((name) => [name, "for sorting"])),
    },
  };
};

/** A thing is locked away; its key has to be found first. */
export const unlock: Family = (theme, random) => {
  const draft = draftBuilding(theme, [], random);
  const vault = pickFixture(draft, ["container"]);
  const target = pickFixture(draft, ["surface"], [vault.room]);
  const [keyName = "iron key", ...otherKeys] = random.shuffle(theme.keys);
  const key = hideItem(draft, keyName, [vault.name]);
  const item = addItem(draft, freshName(draft, random.pick(theme.objects)), vault);
  for (const other of otherKeys)
    addDistractor(draft, other, pickFixture(draft, ["surface", "container"], [vault.name]));
  const occasion = pickOccasion(draft);
  const gaps = {
    item: item.name,
    key: key.name,
    vault: vault.name,
    room: vault.room,
    where: onTarget(target),
    target: `${target.name} in the ${target.room}`,
    Person: capitalised(random.pick(theme.people)),
    occasion,
  };
  return {
    draft,
    task: {
      ...taskWords("unlock", gaps, [], random),
      stages: [placed([item.name], target.name)],
      milestones: [
        fact("held", key.name),
        not(fact("locked", vault.name)),
        any(fact("held", item.name), fact("on", item.name, target.name)),
        fact("on", item.name, target.name),
      ],
      locks: [{ container: vault.name, key: key.name }],
      hints: [...hintsFor(draft, [key]), { item: item.name, room: vault.room, fixture: vault.name }],
      uses: new Map([
        [key.name, `to unlock the ${vault.name}`],
        [item.name, `for ${occasion}`],
      ]),
    },
  };
};
