import { type Persona, toPersona } from "../../src/persona/persona.ts";
import type { PendingPersona } from "../../src/synthesis/live.ts";

const TRADES = [
  "baker",
  "gardener",
  "laboratory technician",
  "ward nurse",
  "bicycle mechanic",
  "librarian",
  "newspaper editor",
  "stage manager",
  "primary school teacher",
  "museum guard",
  "ferry pilot",
  "train dispatcher",
  "swimming coach",
  "keeper of an animal shelter",
  "hobby astronomer",
  "court clerk",
  "hotel porter",
  "carpenter",
  "beekeeper",
  "keeper of old records",
  "cook on a fishing boat",
] as const;

const PLACES = [
  "a harbour town",
  "the suburbs",
  "a mountain village",
  "a busy capital",
  "an island with one road",
  "the old quarter",
  "a mining town",
  "a valley of orchards",
  "the edge of a desert",
  "a river delta",
] as const;

const HABITS = [
  "labels every drawer twice",
  "sings while working",
  "never throws a screw away",
  "collects stamps with birds on them",
  "writes letters by hand",
  "trains apprentices with patience",
  "knows every neighbour by name",
  "repairs clocks on Sundays",
  "keeps a diary of the weather",
  "plays chess by mail",
  "grows tomatoes on the window sill",
] as const;

function sentence(index: number): string {
  // The lists' lengths have no common factor, so 2,310 sentences differ before the years have to.
  const trade = TRADES[index % TRADES.length];
  const place = PLACES[index % PLACES.length];
  const habit = HABITS[index % HABITS.length];
  const years = 1 + Math.floor(index / (TRADES.length * PLACES.length * HABITS.length));
  return `With ${years} years in the job, a ${trade} from ${place} who ${habit}.`;
}

/** So many different personas, one at a time. */
export async function* personas(count: number): AsyncGenerator<Persona> {
  for (let index = 0; index < count; index += 1) yield toPersona(sentence(index));
}

/** So many personas as a new run has them: nothing has been bought for any of them. */
export async function* pending(count: number): AsyncGenerator<PendingPersona> {
  let index = 0;
  for await (const persona of personas(count)) {
    yield { index, persona, replies: new Map() };
    index += 1;
  }
}
