import { fact } from "../conditions.ts";
import { addFixture, draftBuilding, pickOccasion } from "../draft.ts";
import { capitalised, joinWords } from "../english.ts";
import type { Family } from "./family.ts";

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
