import { all, any, fact, not, placed } from "../conditions.ts";
import {
  addDistractor,
  addFixture,
  draftBuilding,
  type Family,
  freshName,
  hideItem,
  hintsFor,
  pickFixture,
  pickOccasion,
} from "../draft.ts";
import { capitalised, joinWords } from "../english.ts";

/** One or two things have to be treated at a station before they are delivered. */
export const processAndDeliver: Family = (theme, random) => {
  const treatment = random.pick(theme.treatments);
  const draft = draftBuilding(theme, [treatment.room], random);
  const { station, room, preposition, verb, done } = treatment;
  addFixture(draft, { name: station, room, kind: "station", preposition });
  const target = pickFixture(draft, ["surface"], [room]);
  const nouns = random.shuffle(treatment.objects).slice(0, random.chance(0.4) ? 2 : 1);
  const items = nouns.map((noun) => hideItem(draft, freshName(draft, noun), [target.name]));
  const [firstNoun = ""] = nouns;
  addDistractor(draft, freshName(draft, firstNoun));
  const names = items.map(({ name }) => name);
  const list = joinWords(names.map((name) => `the ${name}`));
  const them = names.length === 1 ? "it" : "them";
  const occasion = pickOccasion(draft);
  const where = `on the ${target.name} in the ${target.room}`;
  return {
    draft,
    task: {
      family: "process-and-deliver",
      goalText: random.pick([
        `${capitalised(verb)} ${list} ${preposition} the ${station} and put ${them} ${where} for ${occasion}.`,
        `For ${occasion}, ${list} must be ${done} ${preposition} the ${station} in the ${room} and then put ${where}.`,
        `${capitalised(random.pick(theme.people))} wants ${list} ${done} ${preposition} the ${station} and laid out ${where} for ${occasion}.`,
      ]),
      conditions: names.flatMap((name) => [
        `The ${name} has been ${done} ${preposition} the ${station}.`,
        `The ${name} is ${where}.`,
      ]),
      design: `The task has three parts for each thing: find it, have it ${done} ${preposition} the ${station}, deliver it. ${treatment.switched ? `The ${station} is off at first, which is easily overlooked.` : "A like thing with another mark lies about."}`,
      stages: [all(...names.map((name) => fact("worked", name)), placed(names, target.name))],
      milestones: names.flatMap((name) => [
        any(fact("held", name), fact("worked", name)),
        fact("worked", name),
        all(fact("worked", name), fact("on", name, target.name)),
      ]),
      locks: [],
      off: treatment.switched ? [station] : [],
      work: { verb, done, station, items: names, readings: new Map() },
      hints: hintsFor(draft, items),
      uses: new Map(names.map((name) => [name, `for ${occasion}`])),
    },
  };
};

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

/** Controls have to be worked in an order that is written on a document somewhere else. */
export const followProcedure: Family = (theme, random) => {
  const { machine, room, verb, controls, document, result } = random.pick(theme.procedures);
  const draft = draftBuilding(theme, [room], random);
  const used = random.shuffle(controls).slice(0, Math.min(controls.length, 3 + random.integer(2)));
  for (const name of random.shuffle(controls))
    addFixture(draft, { name, room, kind: "control", preposition: "at" });
  const [first = "", ...following] = used;
  const text = `It says: "To start the ${machine}, ${verb} the ${first}, then ${joinWords(
    following.map((name) => `the ${name}`),
    "and",
  )
    .replace(/, /g, ", then ")
    .replace(" and ", " and last ")}."`;
  const card = hideItem(draft, document, [room], text);
  addDistractor(draft, `old ${document}`);
  const occasion = pickOccasion(draft);
  const person = random.pick(theme.people);
  return {
    draft,
    task: {
      family: "follow-procedure",
      goalText: random.pick([
        `Start the ${machine} in the ${room} for ${occasion}. The order of its controls is written on the ${document}; read it first and keep to it.`,
        `${capitalised(person)} wants the ${machine} in the ${room} to be started for ${occasion}. Find the ${document}, which gives the order of the controls, and follow it exactly.`,
        `Before ${occasion} the ${machine} in the ${room} has to be started by working its controls in the order that the ${document} gives.`,
      ]),
      conditions: [
        `The player has read the ${document}.`,
        `The controls of the ${machine} were worked in this order: ${used.join(", ")}.`,
      ],
      design: `The task is an ordered procedure: the ${document} gives the order of the controls, and a control out of turn does nothing. An old ${document} lies about that is of no use.`,
      stages: [
        all(fact("read", document)),
        all(...used.map((control) => fact("set", control)), fact("read", document)),
      ],
      milestones: [fact("read", document), ...used.map((control) => fact("set", control))],
      locks: [],
      off: [],
      sequence: { verb, machine, order: used, result, document },
      hints: hintsFor(draft, [card]),
      uses: new Map([[document, `to know the order of the controls of the ${machine}`]]),
    },
  };
};
