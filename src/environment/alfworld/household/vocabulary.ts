import * as z from "zod";
import { once, shippedData, shippedText } from "../../../shipped.ts";

const treatment = z.enum(["wash", "heat", "cool"]);

/** What can be done to a thing in a place that does it. */
export type Treatment = z.infer<typeof treatment>;

const placesSchema = z.array(z.string()).readonly();

const vocabulary = z.strictObject({
  /** The kinds of receptacles of each room, with how many there are at least and at most. */
  rooms: z.record(z.string(), z.array(z.tuple([z.string(), z.number(), z.number()])).readonly()),
  receptacles: z.strictObject({
    lidded: placesSchema,
    wash: placesSchema,
    heat: placesSchema,
    cool: placesSchema,
  }),
  /** Kinds of things: the rooms that have them, what can be done to them, and where they can be put. */
  things: z.record(
    z.string(),
    z.strictObject({ rooms: placesSchema, does: z.array(treatment).readonly(), in: placesSchema }),
  ),
  /** The rooms that have desk lamps, and where those stand. */
  lamps: z.strictObject({ rooms: placesSchema, in: placesSchema }),
});

/** What a household is made of. */
export type Vocabulary = z.infer<typeof vocabulary>;

/** The words of the households that ship. */
export const householdVocabulary: () => Vocabulary = shippedData("alfworld/household.json", vocabulary);

/** The domain of the households, as PDDL. */
export const householdDomain: () => string = once(() => shippedText("alfworld/household.pddl"));

/** The grammar of the households, with `TASK` for the sentence that tells the task. */
export const householdGrammar: () => string = once(() => shippedText("alfworld/household.twl2"));
