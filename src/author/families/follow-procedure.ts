import { all, fact } from "../conditions.ts";
import { addDistractor, addFixture, draftBuilding, hideItem, hintsFor, pickOccasion } from "../draft.ts";
import { capitalised, joinWords } from "../english.ts";
import type { Family } from "./family.ts";

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
