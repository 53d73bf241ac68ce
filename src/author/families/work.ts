import { all, any, fact, not, placed } from "../conditions.ts";
import {
  addDistractor,
  addFixture,
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
import { capitalised, listOf } from "../english.ts";

/** One or two things have to be treated at a station before they are delivered. */
export const processAndDeliver: Family = (theme, random) => {
  const treatment = random.pick(theme.treatments);
  const draft = draftBuilding(theme, [treatment.room], random);
  const { station, room, preposition, verb, done, switched } = treatment;
  addFixture(draft, { name: station, room, kind: "station", preposition });
  const target = pickFixture(draft, ["surface"], [room]);
  const nouns = random.shuffle(treatment.objects).slice(0, random.chance(0.4) ? 2 : 1);
  const items = nouns.map((noun) => hideItem(draft, freshName(draft, noun), [target.name]));
  addDistractor(draft, freshName(draft, nouns[0] ?? ""));
  const names = items.map(({ name }) => name);
  const occasion = pickOccasion(draft);
  const gaps = {
    list: listOf(names),
    them: names.length === 1 ? "it" : "them",
    at: `${preposition} the ${station}`,
    where: onTarget(target),
    catch: switched
      ? `The ${station} is off at first, which is easily overlooked.`
      : "A like thing with another mark lies about.",
    Verb: capitalised(verb),
    done,
    room,
    occasion,
    Person: capitalised(random.pick(theme.people)),
  };
  return {
    draft,
    task: {
      ...taskWords("process-and-deliver", gaps, names, random),
      stages: [all(...names.map((name) => fact("worked", name)), placed(names, target.name))],
      milestones: names.flatMap((name) => [
        any(fact("held", name), fact("worked", name)),
        fact("worked", name),
        all(fact("worked", name), fact("on", name, target.name)),
      ]),
      off: switched ? [station] : [],
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
  const gaps = {
    device,
    room,
    tool,
    list: listOf(missing),
    ...(count === 1
      ? { are: "is", "the parts": "the part", "some parts": "a part" }
      : { are: "are", "the parts": "the parts", "some parts": "two parts" }),
    occasion: pickOccasion(draft),
  };
  return {
    draft,
    task: {
      ...taskWords("repair", gaps, missing, random),
      stages: [all(...missing.map((part) => fact("fitted", part)), not(fact("off", device)))],
      milestones: [
        fact("held", tool),
        ...missing.flatMap((part) => [any(fact("held", part), fact("fitted", part)), fact("fitted", part)]),
        not(fact("off", device)),
      ],
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
  const rest = listOf(following).replace(/, /g, ", then ").replace(" and ", " and last ");
  const text = `It says: "To start the ${machine}, ${verb} the ${first}, then ${rest}."`;
  const card = hideItem(draft, document, [room], text);
  addDistractor(draft, `old ${document}`);
  const gaps = {
    machine,
    room,
    document,
    order: used.join(", "),
    occasion: pickOccasion(draft),
    Person: capitalised(random.pick(theme.people)),
  };
  return {
    draft,
    task: {
      ...taskWords("follow-procedure", gaps, [], random),
      stages: [
        all(fact("read", document)),
        all(...used.map((control) => fact("set", control)), fact("read", document)),
      ],
      milestones: [fact("read", document), ...used.map((control) => fact("set", control))],
      sequence: { verb, machine, order: used, result, document },
      hints: hintsFor(draft, [card]),
      uses: new Map([[document, `to know the order of the controls of the ${machine}`]]),
    },
  };
};
