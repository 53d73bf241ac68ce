import fc from "fast-check";
import type { Action, Json, JsonObject, Script } from "../script.ts";
import { arbitraryText } from "./arbitrary-text.ts";

/** A key as a model invents it. A letter first, because objects list keys that are whole numbers before others. */
const arbitraryKey = arbitraryText.map((text) => `k${text}`);

const arbitraryAction: fc.Arbitrary<Action> = fc.record(
  {
    name: arbitraryKey,
    description: fc.string({ unit: "grapheme", maxLength: 20 }),
    specialFormat: arbitraryText,
    pattern: arbitraryText,
    parameters: fc.uniqueArray(
      fc.record({ name: arbitraryKey, values: fc.array(arbitraryText, { minLength: 1, maxLength: 4 }) }),
      { maxLength: 3, selector: ({ name }) => name },
    ),
  },
  { requiredKeys: ["name", "pattern", "parameters"], noNullPrototype: true },
);

const arbitraryTree: fc.Arbitrary<JsonObject> = fc.dictionary(
  arbitraryKey,
  fc.letrec<{ part: Json }>((tie) => ({
    part: fc.oneof(
      { maxDepth: 3 },
      arbitraryText,
      fc.constantFrom(null, true, 0.5),
      fc.array(arbitraryText, { maxLength: 2 }),
      fc.dictionary(arbitraryKey, tie("part"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).part,
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);

/** Any script of the right form. Its patterns and names need not fit together. */
export const arbitraryScript: fc.Arbitrary<Script> = fc.record(
  {
    thought: arbitraryText,
    initialState: arbitraryText,
    placesAndObjects: arbitraryTree,
    player: arbitraryText,
    goal: arbitraryText,
    completionConditions: fc.array(arbitraryText, { minLength: 1, maxLength: 3 }),
    actions: fc.uniqueArray(arbitraryAction, { minLength: 1, maxLength: 5, selector: ({ name }) => name }),
  },
  { noNullPrototype: true },
);
