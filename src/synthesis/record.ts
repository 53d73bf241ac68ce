import { z } from "zod";
import { defined } from "../defined.ts";
import { isFields, ownValue } from "../model/call.ts";
import { type BoughtReply, boughtCallSchema } from "../model/reply.ts";
import type { Persona } from "../persona/persona.ts";
import type { RecordKind } from "../runs/journal.ts";
import type { LinePlace } from "../runs/journal-bytes.ts";
import { countPlacesAndObjects, scriptFaultSchema } from "../script/script.ts";
import { scriptToWire } from "../script/wire.ts";
import type { Turn } from "../trajectory/trajectory.ts";
import { flagsError, turnToWire } from "../trajectory/wire.ts";
import { faultSchema } from "../verifier/fault.ts";
import type { Outcome, Synthesis } from "./synthesis.ts";

const index = z.int().nonnegative();

const callIdentitySchema = z.object({
  /** The persona's place in the whole list, from 0. */
  index,
  persona: z.string(),
  /** The call's number within the persona, from 1; the script's calls count. */
  call: z.int().positive(),
  purpose: z.enum(["script", "trajectory"]),
  /** The model that answered; only in runs that several models write. */
  model: z.string().exactOptional(),
  /** What the persona's writers are called together, where another model answers its other calls. */
  writers: z.string().exactOptional(),
  /** Whether the reasoning came inside the text, from which it has been taken. */
  reasoningInText: z.literal(true).exactOptional(),
  /** The batch that it came with, and which copy of it when the service made two (`k3f9a2c1/2`). */
  batch: z.string().exactOptional(),
});
type CallIdentity = Readonly<z.infer<typeof callIdentitySchema>>;

/** Checks a line of a run's `calls.jsonl`. */
export const callRecordSchema = callIdentitySchema.and(boughtCallSchema);

/** One line of a run's `calls.jsonl`: a reply as it was bought, or a call that was given up without one. */
export type CallRecord = Readonly<z.infer<typeof callRecordSchema>>;

/** How the call that a synthesis is at stands in `calls.jsonl`; its persona is the run's `index`-th. */
export function nextCall(
  index: number,
  { persona, calls, stage }: Synthesis,
): Pick<CallRecord, "index" | "persona" | "call" | "purpose"> {
  const purpose = stage.kind === "script" ? "script" : "trajectory";
  return { index, persona: persona.id, call: calls + 1, purpose };
}

/** The lines of a run's `calls.jsonl`. */
export const CALLS: RecordKind<CallRecord> = {
  schema: callRecordSchema,
  name: "a call",
  removal: "its reply may then be bought again",
};

/** A reply as it was bought. A run is a fold over these. */
export type ReplyRecord = CallIdentity & BoughtReply;

/** Checks a line of a run's `syntheses.jsonl`; its script and its turns are read by those who need them. */
export const synthesisRecordSchema = z.object({
  index,
  /** The persona's id, which is also the id of its trajectory. */
  id: z.string(),
  persona: z.string(),
  outcome: z.enum(["accepted", "rejected", "failed"]),
  /** The model that wrote it, or both as `a + b`; only in runs that several models write. */
  writers: z.string().exactOptional(),
  /** Calls that were answered, the script's included. */
  calls: z.int().nonnegative(),
  /** Every fault met, in order; the last one is why a rejected persona was rejected. */
  faults: z.array(z.union([faultSchema, scriptFaultSchema])).readonly(),
  /** Why a failed persona failed. */
  reason: z.string().exactOptional(),
  /** The script in the paper's wire form (App. L), when one was verified. */
  script: z.unknown().exactOptional(),
  /** The verified turns in the paper's wire form (App. M); the whole trajectory when accepted. */
  trajectory: z.array(z.unknown()).readonly().exactOptional(),
});

/** One line of a run's `syntheses.jsonl`: a persona that has ended. */
export type SynthesisRecord = Readonly<z.infer<typeof synthesisRecordSchema>>;

/** The lines of a run's `syntheses.jsonl`. */
export const SYNTHESES: RecordKind<SynthesisRecord> = {
  schema: synthesisRecordSchema,
  name: "a synthesis",
  removal: "it is then made again from its calls",
};

/** The code of a fault as summaries and filters have it; of a script's fault with `script/` before it. */
export function faultCode(fault: SynthesisRecord["faults"][number]): string {
  return "turn" in fault ? fault.code : `script/${fault.code}`;
}

/**
 * Whether a persona's record counts in the place of what was read of it before: of one that failed and was tried again
 * the later, of one that stands there twice the first.
 */
export function replaces(before: Pick<SynthesisRecord, "outcome"> | undefined): boolean {
  return before === undefined || before.outcome === "failed";
}

/** How a persona ended. */
export type OutcomeKind = SynthesisRecord["outcome"];

/** Checks a line of a run's `personas.jsonl`. */
export const personaLineSchema = z.object({
  /** The persona's place in the whole list, from 0; that of the line when it is not given. */
  index: index.exactOptional(),
  id: z.string(),
  persona: z.string(),
});

/** A persona and its place in the whole list, from 0: in a shard not that of its line. */
export interface PlacedPersona {
  readonly index: number;
  readonly persona: Persona;
}

/** A persona as a line of `personas.jsonl`, the `line`-th from 0. */
export function personaLine({ index, persona: { id, text } }: PlacedPersona, line: number): string {
  return `${JSON.stringify({ ...(index === line ? {} : { index }), id, persona: text })}\n`;
}

function verifiedFields(outcome: Outcome): Pick<SynthesisRecord, "script" | "trajectory" | "reason"> {
  const turns = (verified: readonly Turn[]) => ({ trajectory: verified.map(turnToWire) });
  switch (outcome.kind) {
    case "accepted":
      return { script: scriptToWire(outcome.trajectory.script), ...turns(outcome.trajectory.turns) };
    case "rejected":
      return outcome.script === undefined
        ? {}
        : { script: scriptToWire(outcome.script), ...turns(outcome.verified) };
    case "failed":
      return { reason: outcome.reason };
  }
}

/** The record of a synthesis that has ended; undefined for one that has not. `writers` only where there are several. */
export function synthesisRecord(
  index: number,
  synthesis: Synthesis,
  writers?: string,
): SynthesisRecord | undefined {
  const { stage, persona, calls, faults } = synthesis;
  if (stage.kind !== "ended") return undefined;
  return {
    index,
    id: persona.id,
    persona: persona.text,
    outcome: stage.outcome.kind,
    ...defined({ writers }),
    calls,
    faults,
    ...verifiedFields(stage.outcome),
  };
}

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
    index,
    id,
    persona,
    goal,
    outcome,
    calls,
    faults,
    turns,
    errors,
    marks,
    writers,
    actions,
    objects,
    record,
    bought,
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
