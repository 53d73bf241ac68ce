import { any, fact, not, placed } from "../conditions.ts";
import {
  addDistractor,
  addItem,
  draftBuilding,
  freshName,
  hideItem,
  hintsFor,
  pickFixture,
  pickOccasion,
} from "../draft.ts";
import { capitalised } from "../english.ts";
import type { Family } from "./family.ts";

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
