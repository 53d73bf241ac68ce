import { all, any, fact, not } from "../conditions.ts";
import { addDistractor, addFixture, draftBuilding, hideItem, hintsFor, pickOccasion } from "../draft.ts";
import { joinWords } from "../english.ts";
import type { Family } from "./family.ts";

/** A device lacks two parts, which have to be found and fitted with a tool before it runs again. */
export const repair: Family = (theme, random) => {
  const { device, room, parts, strays, tool, result } = random.pick(theme.repairs);
  const draft = draftBuilding(theme, [room], random);
  addFixture(draft, { name: device, room, kind: "device", preposition: "at" });
  const count = random.chance(0.6) ? 2 : 1;
  const missing = random.shuffle(parts).slice(0, count);
  const items = missing.map((part) => hideItem(draft, part));
  const toolItem = hideItem(draft, tool);
  for (const stray of [...strays, ...parts.filter((part) => !missing.includes(part))])
    addDistractor(draft, stray);
  const list = joinWords(missing.map((part) => `the ${part}`));
  const occasion = pickOccasion(draft);
  return {
    draft,
    task: {
      family: "repair",
      goalText: random.pick([
        `Repair the ${device} in the ${room}: it lacks ${list}. Fit what is missing with the ${tool} and switch the ${device} on, so that it is ready for ${occasion}.`,
        `The ${device} in the ${room} does not work, because ${list} ${count === 1 ? "is" : "are"} missing. Find ${count === 1 ? "the part" : "the parts"} and the ${tool}, repair it and switch it on; it is needed for ${occasion}.`,
        `Get the ${device} in the ${room} going again before ${occasion}. It needs ${list}, which can only be fitted with the ${tool}, and at the end it has to be switched on.`,
      ]),
      conditions: [
        ...missing.map((part) => `The ${part} is fitted in the ${device}.`),
        `The ${device} is switched on.`,
      ],
      design: `The task is a repair: ${count === 1 ? "a part" : "two parts"} and a tool are scattered over the rooms, and the device only starts when it is complete. Parts of other machines lie about.`,
      stages: [all(...missing.map((part) => fact("fitted", part)), not(fact("off", device)))],
      milestones: [
        fact("held", tool),
        ...missing.flatMap((part) => [any(fact("held", part), fact("fitted", part)), fact("fitted", part)]),
        not(fact("off", device)),
      ],
      locks: [],
      off: [device],
      defect: { device, parts: missing, tool, result },
      hints: hintsFor(draft, [...items, toolItem], 0.8),
      uses: new Map([
        ...missing.map((part) => [part, `for the ${device}`] as const),
        [tool, "to fit what is missing"],
      ]),
    },
  };
};
