import * as z from "zod";
import type { Random } from "../../../random.ts";
import { once, shippedData, shippedText } from "../../../shipped.ts";
import type { GameFile, TaskType } from "../games.ts";

const treatment = z.enum(["wash", "heat", "cool"]);

/** What can be done to a thing in a place that does it. */
type Treatment = z.infer<typeof treatment>;

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
type Vocabulary = z.infer<typeof vocabulary>;

/** The words of the households that ship. */
const householdVocabulary: () => Vocabulary = shippedData("alfworld/household.json", vocabulary);

/** The domain of the households, as PDDL. */
export const householdDomain: () => string = once(() => shippedText("alfworld/household.pddl"));

/** The grammar of the households, with `TASK` for the sentence that tells the task. */
export const householdGrammar: () => string = once(() => shippedText("alfworld/household.twl2"));

/** What a task asks for: what is done to the thing first, and how many are wanted. */
interface Wanted {
  readonly treatment?: Treatment;
  readonly count: number;
  /** The task in words; `O` is the kind of thing and `R` the kind of place. */
  readonly sentence: string;
}

const WANTED: Readonly<Record<TaskType, Wanted>> = {
  pick_and_place_simple: { count: 1, sentence: "bring one O to a R" },
  look_at_obj_in_light: { count: 1, sentence: "look at a O under a lit desklamp" },
  pick_clean_then_place_in_recep: { treatment: "wash", count: 1, sentence: "clean a O and bring it to a R" },
  pick_heat_then_place_in_recep: { treatment: "heat", count: 1, sentence: "heat a O and bring it to a R" },
  pick_cool_then_place_in_recep: { treatment: "cool", count: 1, sentence: "cool a O and bring it to a R" },
  pick_two_obj_and_place: { count: 2, sentence: "bring two of O to the same R" },
};

const ABLE: Readonly<Record<Treatment, string>> = { wash: "washable", heat: "heatable", cool: "coolable" };
const DOES: Readonly<Record<Treatment, string>> = { wash: "washes", heat: "heats", cool: "cools" };
const BECOMES: Readonly<Record<Treatment, string>> = { wash: "clean", heat: "hot", cool: "cold" };

/** Something with its place: a receptacle with its location, or a thing with its receptacle. */
interface Placed {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
}

function number(place: number): string {
  return String(place).padStart(2, "0");
}

/** An id that is shown as `KIND NUMBER`. */
function idOf(kind: string, place: number): string {
  const basin = /^(.+)basin$/.exec(kind);
  return basin ? `${basin[1]}_bar_${number(place)}_bar_basin` : `${kind}_bar_${number(place)}`;
}

/** Two or three rooms, in which the task can be done. */
function drawRooms(
  type: TaskType,
  { rooms, receptacles, lamps }: Vocabulary,
  random: Random,
): readonly string[] {
  const { treatment } = WANTED[type];
  const names = Object.keys(rooms);
  const can = (room: string): boolean => {
    if (type === "look_at_obj_in_light") return lamps.rooms.includes(room);
    if (treatment === undefined) return true;
    return rooms[room]?.some(([kind]) => receptacles[treatment].includes(kind)) === true;
  };
  const first = random.pick(names.filter(can));
  const others = random.shuffle(names.filter((name) => name !== first));
  return [first, ...others.slice(0, 1 + random.integer(2))];
}

function drawReceptacles(
  rooms: readonly string[],
  vocabulary: Vocabulary,
  random: Random,
): readonly Placed[] {
  const kinds = rooms.flatMap((room) =>
    (vocabulary.rooms[room] ?? []).flatMap(([kind, least, most]) =>
      Array.from({ length: least + random.integer(most - least + 1) }, () => kind),
    ),
  );
  return kinds.map((kind, place) => ({ id: idOf(kind, place), kind, at: `loc_bar_${number(place + 1)}` }));
}

/** The thing that is wanted, where it is wanted, and where it can lie before. */
interface Errand {
  readonly thing: string;
  readonly target: string;
  readonly sources: readonly string[];
}

function drawErrand(
  type: TaskType,
  rooms: readonly string[],
  kinds: ReadonlySet<string>,
  random: Random,
): Errand {
  const { treatment } = WANTED[type];
  const { things } = householdVocabulary();
  const errands = Object.entries(things).flatMap(([thing, { rooms: own, does, in: places }]) => {
    if (treatment !== undefined && !does.includes(treatment)) return [];
    if (!own.some((room) => rooms.includes(room))) return [];
    const possible = places.filter((kind) => kinds.has(kind));
    const isLook = type === "look_at_obj_in_light";
    return possible.map((target) => ({
      thing,
      target,
      sources: isLook ? possible : possible.filter((kind) => kind !== target),
    }));
  });
  const thing = random.pick([
    ...new Set(errands.filter(({ sources }) => sources.length > 0).map((e) => e.thing)),
  ]);
  return random.pick(errands.filter((errand) => errand.thing === thing && errand.sources.length > 0));
}

function drawThings(
  type: TaskType,
  { thing, sources }: Errand,
  rooms: readonly string[],
  receptacles: readonly Placed[],
  random: Random,
): readonly Placed[] {
  const { things, lamps } = householdVocabulary();
  const placeOf = (kinds: readonly string[]): string | undefined => {
    const possible = receptacles.filter(({ kind }) => kinds.includes(kind));
    return possible.length === 0 ? undefined : random.pick(possible).id;
  };
  const drawn: { readonly kind: string; readonly at: string | undefined }[] = [];
  const wanted = WANTED[type].count + random.integer(2);
  for (let i = 0; i < wanted; i += 1) drawn.push({ kind: thing, at: placeOf(sources) });
  for (const room of rooms) {
    const kinds = Object.keys(things).filter((kind) => kind !== thing && things[kind]?.rooms.includes(room));
    const some = 3 + random.integer(4);
    for (let i = 0; i < some; i += 1) {
      const kind = random.pick(kinds);
      drawn.push({ kind, at: placeOf(things[kind]?.in ?? []) });
    }
    if (lamps.rooms.includes(room)) drawn.push({ kind: "desklamp", at: placeOf(lamps.in) });
  }
  return drawn.flatMap(({ kind, at }, place) =>
    at === undefined ? [] : [{ id: idOf(kind, place), kind, at }],
  );
}

function goalOf(type: TaskType, { thing, target }: Errand): string {
  const { treatment, count } = WANTED[type];
  if (type === "look_at_obj_in_light") {
    return `(exists (?o ?p - object ?r - receptacle ?l - location) (and (of ?o ${thing}) (lamp ?p) (lit ?p)
      (in ?p ?r) (stands ?r ?l) (at agent1 ?l) (holds agent1 ?o)))`;
  }
  if (count === 2) {
    return `(exists (?o ?p - object ?r - receptacle) (and (of ?o ${thing}) (of ?p ${thing}) (sort ?r ${target})
      (in ?o ?r) (in ?p ?r) (not (= ?o ?p))))`;
  }
  const treated = treatment === undefined ? "" : `(${BECOMES[treatment]} ?o)`;
  return `(exists (?o - object ?r - receptacle) (and (of ?o ${thing}) (sort ?r ${target}) ${treated} (in ?o ?r)))`;
}

function receptacleFacts({ id, kind, at }: Placed, { receptacles }: Vocabulary): readonly string[] {
  const treatments: readonly Treatment[] = ["wash", "heat", "cool"];
  return [
    `(stands ${id} ${at}) (sort ${id} ${kind})`,
    ...(receptacles.lidded.includes(kind) ? [`(lidded ${id})`] : []),
    ...treatments.filter((each) => receptacles[each].includes(kind)).map((each) => `(${DOES[each]} ${id})`),
  ];
}

function thingFacts({ id, kind, at }: Placed, { things }: Vocabulary): readonly string[] {
  if (kind === "desklamp") return [`(in ${id} ${at}) (of ${id} ${kind}) (lamp ${id})`];
  const able = (things[kind]?.does ?? []).map((each) => `(${ABLE[each]} ${id})`);
  return [`(in ${id} ${at}) (of ${id} ${kind}) (portable ${id})`, ...able];
}

/** Makes a household of two or three rooms and a task in it; the same stream of draws gives the same. */
export function makeHousehold(type: TaskType, random: Random): GameFile {
  const vocabulary = householdVocabulary();
  const rooms = drawRooms(type, vocabulary, random);
  const receptacles = drawReceptacles(rooms, vocabulary, random);
  const places = new Set(receptacles.map(({ kind }) => kind));
  const errand = drawErrand(type, rooms, places, random);
  const things = drawThings(type, errand, rooms, receptacles, random);
  const kinds = new Set(things.map(({ kind }) => kind));
  const fits = [...kinds].flatMap((kind) =>
    (vocabulary.things[kind]?.in ?? [])
      .filter((each) => places.has(each))
      .map((each) => `(fits ${kind} ${each})`),
  );
  const list = (placed: readonly Placed[]): string => placed.map(({ id }) => id).join(" ");
  const locations = ["loc_bar_00", ...receptacles.map(({ at }) => at)];
  const sentence = WANTED[type].sentence.replace("O", errand.thing).replace("R", errand.target);
  return {
    pddl_domain: householdDomain(),
    grammar: householdGrammar().replace("TASK", sentence),
    solvable: true,
    pddl_problem: `(define (problem household) (:domain household)
  (:objects agent1 - agent ${locations.join(" ")} - location ${list(receptacles)} - receptacle
    ${list(things)} - object ${[...new Set([...kinds, ...places])].join(" ")} - kind)
  (:init (at agent1 loc_bar_00)
    ${[...receptacles.flatMap((each) => receptacleFacts(each, vocabulary)), ...things.flatMap((each) => thingFacts(each, vocabulary)), ...fits].join("\n    ")})
  (:goal ${goalOf(type, errand)}))`,
  };
}
