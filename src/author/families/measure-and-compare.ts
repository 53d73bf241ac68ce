import { all, any, fact, placed } from "../conditions.ts";
import {
  addFixture,
  draftBuilding,
  freshName,
  hideItem,
  hintsFor,
  pickFixture,
  pickOccasion,
} from "../draft.ts";
import { joinWords } from "../english.ts";
import type { Family } from "./family.ts";

/** Things have to be measured, and the one with the greatest reading belongs in a certain place. */
export const measureAndCompare: Family = (theme, random) => {
  const measurement = random.pick(theme.measurements);
  const { verb, done, instrument, preposition, room, unit, superlative, lowest, highest } = measurement;
  const draft = draftBuilding(theme, [room], random);
  addFixture(draft, { name: instrument, room, kind: "station", preposition });
  const target = pickFixture(draft, ["surface"]);
  const nouns = random.shuffle(measurement.objects).slice(0, random.chance(0.2) ? 3 : 2);
  const items = nouns.map((noun) => hideItem(draft, freshName(draft, noun), [target.name]));
  const names = items.map(({ name }) => name);
  const width = Math.max(2, Math.floor((highest - lowest) / names.length));
  const values = random.shuffle(names.map((_, index) => lowest + index * width + random.integer(width - 1)));
  const greatest = Math.max(...values);
  const best = names[values.indexOf(greatest)] ?? "";
  const list = joinWords(names.map((name) => `the ${name}`));
  const degree = names.length === 2 ? comparative(superlative) : superlative;
  const occasion = pickOccasion(draft);
  const where = `on the ${target.name} in the ${target.room}`;
  return {
    draft,
    task: {
      family: "measure-and-compare",
      goalText: random.pick([
        `Find out which is the ${degree}, ${joinWords(
          names.map((name) => `the ${name}`),
          "or",
        )}: ${verb} each of them ${preposition} the ${instrument} and put the ${degree} one ${where} for ${occasion}.`,
        `For ${occasion}, ${verb} ${list} ${preposition} the ${instrument} in the ${room}. Only the ${degree} one belongs ${where}; take it there.`,
      ]),
      conditions: [
        ...names.map((name) => `The ${name} has been ${done} ${preposition} the ${instrument}.`),
        `The ${best}, which is the ${degree} one, is ${where}.`,
      ],
      design: `The task asks for a comparison: only measuring shows which thing is the ${degree}. The player has to find the things, bring them to the ${instrument} and remember what it showed.`,
      stages: [
        all(...names.map((name) => fact("worked", name))),
        all(...names.map((name) => fact("worked", name)), placed([best], target.name)),
      ],
      milestones: [
        ...names.flatMap((name) => [any(fact("held", name), fact("worked", name)), fact("worked", name)]),
        all(...names.map((name) => fact("worked", name)), fact("on", best, target.name)),
      ],
      locks: [],
      off: [],
      work: {
        verb,
        done,
        station: instrument,
        items: names,
        readings: new Map(names.map((name, index) => [name, `${values[index] ?? lowest} ${unit}`])),
      },
      hints: hintsFor(draft, items),
      uses: new Map(names.map((name) => [name, "for the comparison"])),
    },
  };
};

/** "heavier" for "heaviest": of two things one is not the heaviest but the heavier. */
function comparative(superlative: string): string {
  return superlative.replace(/est$/, "er");
}
