import { all, any, fact, placed } from "../conditions.ts";
import {
  addDistractor,
  addFixture,
  draftBuilding,
  freshName,
  hideItem,
  hintsFor,
  pickFixture,
  pickOccasion,
} from "../draft.ts";
import { capitalised, joinWords } from "../english.ts";
import type { Family } from "./family.ts";

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
