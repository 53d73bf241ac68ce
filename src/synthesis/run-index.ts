import { isFields, ownValue } from "../model/call.ts";
import type { LinePlace } from "../runs/journal-bytes.ts";
import { countPlacesAndObjects } from "../script/script.ts";
import { flagsError } from "../trajectory/wire.ts";
import { faultCode, type OutcomeKind, type SynthesisRecord } from "./record.ts";

/** Characters of a persona and of a goal that the index keeps. */
const KEPT = 240;
/** Turns of a trajectory whose marks are kept. */
const MOST_MARKS = 200;

/** What is known of a persona's calls without reading them. */
export interface Bought {
  /** Where the calls stand in `calls.jsonl`, in their order. */
  readonly places: readonly LinePlace[];
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** Dollars; null when the price of one is unknown. */
  readonly cost: number | null;
}

/** A persona that has ended, in as much as lists and filters need, and where its records stand. */
export interface IndexedPersona {
  /** The persona's place in the run, from 0. */
  readonly index: number;
  readonly id: string;
  /** The beginnings of the persona and of the script's goal. */
  readonly persona: string;
  readonly goal: string | null;
  readonly outcome: OutcomeKind;
  /** Who wrote it, as its record says; only in runs that several models write. */
  readonly writers?: string | undefined;
  /** Calls that were answered. */
  readonly calls: number;
  /** The codes of the faults met, in order; a script's as `script/<code>`. */
  readonly faults: readonly string[];
  /** Turns that were verified, and error turns among the player's. */
  readonly turns: number;
  readonly errors: number;
  /** One letter for each turn of the player: `e` an error, `r` one that refines those before it, `.` any other. */
  readonly marks: string;
  /** Actions that the script offers, and the places and objects of its world. */
  readonly actions: number;
  readonly objects: number;
  /** Where the record stands in `syntheses.jsonl`. */
  readonly record: LinePlace;
  readonly bought: Bought;
}

/** The marks of turns in wire form: see {@link IndexedPersona}. */
function marksOf(turns: readonly unknown[]): string {
  let marks = "";
  for (let turn = 1; turn < turns.length && marks.length < MOST_MARKS; turn += 2) {
    const isJudged = turn + 1 < turns.length;
    if (isJudged && flagsError(turns[turn + 1])) marks += "e";
    else marks += isJudged && marks.endsWith("e") ? "r" : ".";
  }
  return marks;
}

function beginning(text: string): string {
  return text.length <= KEPT ? text : `${text.slice(0, KEPT - 1).toWellFormed()}…`;
}

/** A record in as much as lists and filters need. It need not be read as a trajectory for that. */
export function indexedPersona(record: SynthesisRecord, at: LinePlace): Omit<IndexedPersona, "bought"> {
  const { script, trajectory = [] } = record;
  const goal = ownValue(script, "Goal");
  const tree = ownValue(ownValue(script, "Environment"), "places and objects");
  return {
    index: record.index,
    id: record.id,
    persona: beginning(record.persona),
    goal: typeof goal === "string" ? beginning(goal) : null,
    outcome: record.outcome,
    writers: record.writers,
    calls: record.calls,
    faults: record.faults.map(faultCode),
    turns: trajectory.length,
    errors: trajectory.filter(flagsError).length,
    marks: marksOf(trajectory),
    actions: Object.keys(ownValue(script, "Available Actions") ?? {}).length,
    objects: isFields(tree) ? countPlacesAndObjects(tree) : 0,
    record: at,
  };
}

/** A persona of an index with all that is known of it in fields of its own. */
export function plainPersona(entry: IndexedPersona): IndexedPersona {
  const { index, id, persona, goal, outcome, calls, faults, turns, errors, marks } = entry;
  const { writers, actions, objects, record, bought } = entry;
  return {
    ...{ index, id, persona, goal, outcome, calls, faults, turns, errors, marks },
    ...{ writers, actions, objects, record, bought },
  };
}

/** Digits of an id that are shown at least. */
const SHORT_ID = 6;
/** Digits of an id, of its 16, that a number has. */
const DIGITS = 12;

/** How many digits of the ids tell all of them apart: one more than any has in common with the next in their order. */
export function digitsOf(entries: readonly IndexedPersona[]): number {
  // Numbers, since a hundred thousand texts take ten times as long to be sorted.
  const sorted = new Float64Array(entries.length);
  for (const [at, { id }] of entries.entries()) sorted[at] = Number.parseInt(id.slice(0, DIGITS), 16);
  sorted.sort();
  let [digits, unit] = [SHORT_ID, 16 ** (DIGITS - SHORT_ID)];
  for (let at = 1; at < sorted.length; at += 1) {
    const [one = 0, other = 0] = [sorted[at - 1], sorted[at]];
    for (; digits < DIGITS && Math.floor(one / unit) === Math.floor(other / unit); unit /= 16) digits += 1;
  }
  return digits;
}
