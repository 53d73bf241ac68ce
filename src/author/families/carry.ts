import { all, any, fact, not, placed } from "../conditions.ts";
import {
  addDistractor,
  addItem,
  draftBuilding,
  type Family,
  freshName,
  hideItem,
  hintsFor,
  pickFixture,
  pickOccasion,
} from "../draft.ts";
import { capitalised, joinWords, numberWord } from "../english.ts";

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
  const where = `on the ${target.name} in the ${target.room}`;
  return {
    draft,
    task: {
      family: "unlock",
      goalText: random.pick([
        `The ${item.name} is locked in the ${vault.name} in the ${vault.room}, which opens with the ${key.name}. Find the key, get the ${item.name} out and put it ${where} for ${occasion}.`,
        `${capitalised(random.pick(theme.people))} has asked for the ${item.name} to be ${where} for ${occasion}. It is in the locked ${vault.name} in the ${vault.room}; the ${key.name} fits its lock.`,
        `Open the ${vault.name} in the ${vault.room} with the ${key.name}, which has been mislaid, and bring the ${item.name} from it to the ${target.name} in the ${target.room} for ${occasion}.`,
      ]),
      conditions: [
        `The ${vault.name} in the ${vault.room} has been unlocked.`,
        `The ${item.name} is ${where}.`,
      ],
      design: `What is asked for is behind a lock, and the key has to be found first. Other keys lie about that do not fit.`,
      stages: [placed([item.name], target.name)],
      milestones: [
        fact("held", key.name),
        not(fact("locked", vault.name)),
        any(fact("held", item.name), fact("on", item.name, target.name)),
        fact("on", item.name, target.name),
      ],
      locks: [{ container: vault.name, key: key.name }],
      off: [],
      hints: [...hintsFor(draft, [key]), { item: item.name, room: vault.room, fixture: vault.name }],
      uses: new Map([
        [key.name, `to unlock the ${vault.name}`],
        [item.name, `for ${occasion}`],
      ]),
    },
  };
};
