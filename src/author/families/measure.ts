import { all, any, fact, placed } from "../conditions.ts";
import {
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

/** Instruments in several rooms have to be read and compared, and the answer is given in words. */
export const inspectAndReport: Family = (theme, random) => {
  const { things, rooms, quantity, unit, lowest, highest } = random.pick(theme.inspections);
  const places = random.shuffle(things.map((thing, index) => ({ thing, room: rooms[index] ?? "" })));
  const draft = draftBuilding(theme, rooms.slice(0, things.length), random);
  const numbers = random.shuffle(
    Array.from({ length: places.length }, (_, index) => {
      const width = Math.max(2, Math.floor((highest - lowest) / places.length));
      return lowest + index * width + random.integer(width - 1);
    }),
  );
  const readings = places.map((place, index) => ({ ...place, value: numbers[index] ?? lowest }));
  for (const { thing, room, value } of readings) {
    const information = random.pick([`It shows ${value} ${unit}.`, `The reading is ${value} ${unit}.`]);
    addFixture(draft, { name: thing, room, kind: "display", preposition: "at", information });
  }
  const asked = readings.slice(0, 3);
  const highestAsked = random.chance(0.5);
  const ordered = [...asked].sort((a, b) => (highestAsked ? b.value - a.value : a.value - b.value));
  const [best] = ordered;
  const names = asked.map(({ thing }) => thing);
  const word = highestAsked ? "highest" : "lowest";
  const list = joinWords(names.map((name) => `the ${name}`));
  const person = random.pick(theme.people);
  const occasion = pickOccasion(draft);
  const other = names.find((name) => name !== best?.thing) ?? "";
  return {
    draft,
    task: {
      family: "inspect-and-report",
      goalText: random.pick([
        `Read ${list}, and report which of them shows the ${word} ${quantity} and how much it is. ${capitalised(person)} needs to know it for ${occasion}.`,
        `For ${occasion}, ${person} asks which of ${list} shows the ${word} ${quantity}. Examine all three and answer with its name and the number.`,
        `Find out which shows the ${word} ${quantity}: ${joinWords(
          names.map((name) => `the ${name}`),
          "or",
        )}. Look at each of them, then report the instrument and its reading to ${person} for ${occasion}.`,
      ]),
      conditions: [
        `The player has examined ${list}.`,
        `The player has reported the ${best?.thing ?? ""} with ${best?.value ?? 0} ${unit}.`,
      ],
      design:
        "The task is a round of inspection: instruments in several rooms have to be read and compared, and the result is reported in words. An early or a careless report is refused.",
      stages: [fact("answered")],
      milestones: [...names.map((name) => fact("read", name)), fact("answered")],
      locks: [],
      off: [],
      question: {
        things: names,
        thing: best?.thing ?? "",
        value: String(best?.value ?? 0),
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
