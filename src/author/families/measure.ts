import type { Random } from "../../random.ts";
import { all, any, fact, placed } from "../conditions.ts";
import {
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

/** So many different numbers in a range, in any order. */
function differentNumbers(count: number, lowest: number, highest: number, random: Random): readonly number[] {
  const width = Math.max(2, Math.floor((highest - lowest) / count));
  return random.shuffle(
    Array.from({ length: count }, (_, place) => lowest + place * width + random.integer(width - 1)),
  );
}

/** Instruments in several rooms have to be read and compared, and the answer is given in words. */
export const inspectAndReport: Family = (theme, random) => {
  const { things, rooms, quantity, unit, lowest, highest } = random.pick(theme.inspections);
  const places = random.shuffle(things.map((thing, index) => ({ thing, room: rooms[index] ?? "" })));
  const draft = draftBuilding(theme, rooms.slice(0, things.length), random);
  const numbers = differentNumbers(places.length, lowest, highest, random);
  const readings = places.map((place, index) => ({ ...place, value: numbers[index] ?? lowest }));
  for (const { thing, room, value } of readings) {
    const information = random.pick([`It shows ${value} ${unit}.`, `The reading is ${value} ${unit}.`]);
    addFixture(draft, { name: thing, room, kind: "display", preposition: "at", information });
  }
  const asked = readings.slice(0, 3);
  const isHighest = random.chance(0.5);
  const ordered = asked.toSorted((a, b) => (isHighest ? b.value - a.value : a.value - b.value));
  const { thing, value } = ordered[0] ?? { thing: "", value: 0 };
  const names = asked.map((each) => each.thing);
  const person = random.pick(theme.people);
  const gaps = {
    list: listOf(names),
    choice: listOf(names, "or"),
    word: isHighest ? "highest" : "lowest",
    quantity,
    unit,
    person,
    Person: capitalised(person),
    best: thing,
    value: `${value}`,
    occasion: pickOccasion(draft),
  };
  const other = names.find((name) => name !== thing) ?? "";
  return {
    draft,
    task: {
      ...taskWords("inspect-and-report", gaps, [], random),
      stages: [fact("answered")],
      milestones: [...names.map((name) => fact("read", name)), fact("answered")],
      question: {
        things: names,
        thing,
        value: `${value}`,
        unit,
        example: `${other}, ${highest + 7} ${unit}`,
      },
      hints: [],
      uses: new Map(),
    },
  };
};

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
  const values = differentNumbers(names.length, lowest, highest, random);
  const best = names[values.indexOf(Math.max(...values))] ?? "";
  const gaps = {
    list: listOf(names),
    choice: listOf(names, "or"),
    // Of two things one is not the heaviest but the heavier.
    degree: names.length === 2 ? superlative.replace(/est$/, "er") : superlative,
    at: `${preposition} the ${instrument}`,
    where: onTarget(target),
    verb,
    done,
    instrument,
    room,
    best,
    occasion: pickOccasion(draft),
  };
  const allWorked = names.map((name) => fact("worked", name));
  return {
    draft,
    task: {
      ...taskWords("measure-and-compare", gaps, names, random),
      stages: [all(...allWorked), all(...allWorked, placed([best], target.name))],
      milestones: [
        ...names.flatMap((name) => [any(fact("held", name), fact("worked", name)), fact("worked", name)]),
        all(...allWorked, fact("on", best, target.name)),
      ],
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
