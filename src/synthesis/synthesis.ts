import type { ChatReply, ChatRequest } from "../model/chat-model.ts";
import { withReasoningApart } from "../model/reasoning.ts";
import { REPLY_FAULT_CODES, replyFault } from "../model/reply.ts";
import type { Persona } from "../persona/persona.ts";
import { type ActionMatcher, createActionMatcher } from "../script/action-matcher.ts";
import { type FaultyScript, scriptRequest } from "../script/prompt.ts";
import { explainScriptFault, type Script, type ScriptFault } from "../script/script.ts";
import { type ScriptVerdict, verifyScript } from "../script/verify-script.ts";
import { type Progress, trajectoryRequest } from "../trajectory/prompt.ts";
import type { ErrorPolicy, Trajectory, Turn } from "../trajectory/trajectory.ts";
import { PAPER_FORM, type ReplyForm } from "../trajectory/turn-wires.ts";
import { explainFault, type Fault, type Verdict } from "../verifier/fault.ts";
import { verifyReply, watchReply } from "../verifier/verification.ts";

/** How a persona ended. */
export type Outcome =
  | { readonly kind: "accepted"; readonly trajectory: Trajectory }
  /** Out of calls; `script` and `verified` are what had been verified by then. */
  | {
      readonly kind: "rejected";
      readonly fault: Fault | ScriptFault;
      readonly script?: Script;
      readonly verified: readonly Turn[];
    }
  /** The model could not be reached, or refused. */
  | { readonly kind: "failed"; readonly reason: string };

/** Where a synthesis stands. */
type Stage =
  | { readonly kind: "script"; readonly faulty?: FaultyScript }
  | {
      readonly kind: "trajectory";
      readonly script: Script;
      readonly matcher: ActionMatcher;
      readonly progress: Progress;
    }
  | { readonly kind: "ended"; readonly outcome: Outcome };

/** The record of one persona's calls, verdicts and outcome. Nothing here does I/O. */
export interface Synthesis {
  readonly persona: Persona;
  /** How many calls the persona may use, the script's included (paper, section 3.2: 4). At least 2. */
  readonly maximumCalls: number;
  /** Whether the trajectory is to have errors with their refinements. */
  readonly errors: ErrorPolicy;
  /** How the model is asked to write. */
  readonly form: ReplyForm;
  readonly calls: number;
  /** Every fault met so far, in order. */
  readonly faults: readonly (Fault | ScriptFault)[];
  readonly stage: Stage;
}

/** A synthesis before its first call. */
export function begin(
  persona: Persona,
  maximumCalls: number,
  errors: ErrorPolicy = "refined",
  form: ReplyForm = PAPER_FORM,
): Synthesis {
  return { persona, maximumCalls, errors, form, calls: 0, faults: [], stage: { kind: "script" } };
}

/** What to ask the model next; undefined when the synthesis has ended. */
export function request({ persona, stage, errors, form }: Synthesis): ChatRequest | undefined {
  switch (stage.kind) {
    case "script":
      return scriptRequest(persona, stage.faulty, form.wire !== "paper");
    case "trajectory":
      return trajectoryRequest(persona, stage.script, stage.progress, errors, form);
    case "ended":
      return undefined;
  }
}

/** The turns that are kept from earlier calls. */
function keptTurns(stage: Stage): readonly Turn[] {
  return stage.kind === "trajectory" && stage.progress.kind === "continue" ? stage.progress.verified : [];
}

function reject(synthesis: Synthesis, fault: Fault | ScriptFault): Synthesis {
  const { stage } = synthesis;
  const script = stage.kind === "trajectory" ? { script: stage.script } : {};
  return {
    ...synthesis,
    stage: { kind: "ended", outcome: { kind: "rejected", fault, verified: keptTurns(stage), ...script } },
  };
}

/** Whether the model has twice given no answer for the same reason, though it was told; a third time costs as much. */
function givesNoAnswer({ faults }: Synthesis): boolean {
  const [before, last] = faults.slice(-2);
  if (before === undefined || last === undefined || !REPLY_FAULT_CODES.some((code) => code === last.code))
    return false;
  const place = (fault: Fault | ScriptFault): number | undefined =>
    "turn" in fault ? fault.turn : undefined;
  return before.code === last.code && place(before) === place(last);
}

/** Ends the synthesis when it is out of calls, or when further calls are in vain. */
function withinCalls(synthesis: Synthesis): Synthesis {
  const { stage, calls, maximumCalls, faults } = synthesis;
  if (stage.kind === "ended" || (calls < maximumCalls && !givesNoAnswer(synthesis))) return synthesis;
  const isFresh =
    stage.kind === "trajectory" && stage.progress.kind === "begin" && stage.progress.problem === undefined;
  const fault: Fault | ScriptFault | undefined = isFresh ? { code: "out-of-calls", turn: 0 } : faults.at(-1);
  if (fault === undefined) return synthesis;
  return reject(isFresh ? { ...synthesis, faults: [...faults, fault] } : synthesis, fault);
}

/** The part of a reply that counts. Where it is not said how it ended, it ended by itself. */
type ReceivedReply = Pick<ChatReply, "text" | "reasoning"> & Partial<Pick<ChatReply, "finish">>;

function verdictOnScript(reply: ReceivedReply): ScriptVerdict {
  const code = replyFault(reply);
  if (code !== undefined) return { faults: [{ code }] };
  const verdict = verifyScript(reply.text);
  return verdict.script === undefined && reply.finish === "length"
    ? { faults: [{ code: "cut-off" }] }
    : verdict;
}

function receiveScript(synthesis: Synthesis, reply: ReceivedReply): Synthesis {
  const { script, faults } = verdictOnScript(reply);
  if (script === undefined) {
    return {
      ...synthesis,
      faults: [...synthesis.faults, ...faults.slice(0, 1)],
      stage: { kind: "script", faulty: { reply: reply.text, faults } },
    };
  }
  const matcher = createActionMatcher(script.actions);
  return { ...synthesis, stage: { kind: "trajectory", script, matcher, progress: { kind: "begin" } } };
}

function progressAfter(fault: Fault, verified: readonly Turn[], read: readonly Turn[]): Progress {
  const problem = explainFault(fault);
  if (fault.code === "too-few-errors") return { kind: "start-over", turns: read, problem };
  return verified.length === 0 ? { kind: "begin", problem } : { kind: "continue", verified, problem };
}

function verdictOnTurns(
  reply: ReceivedReply,
  matcher: ActionMatcher,
  kept: readonly Turn[],
  { errors, form: { wire } }: Synthesis,
): Verdict {
  const code = replyFault(reply);
  if (code !== undefined)
    return { fault: { code, turn: kept.length }, verified: kept, read: kept, errors: 0 };
  const verdict = verifyReply(matcher, reply.text, kept, errors, wire);
  const { fault, read } = verdict;
  if (fault === undefined || reply.finish !== "length") return verdict;
  // An array that is cut is not closed, but lines that are cut may all be whole.
  const signs: readonly Fault["code"][] =
    wire === "paper" ? ["malformed-json"] : ["malformed-json", "unfinished", "error-in-last-turn"];
  return signs.includes(fault.code)
    ? { ...verdict, fault: { code: "cut-off", turn: read.length }, verified: read }
    : verdict;
}

function receiveTurns(synthesis: Synthesis, reply: ReceivedReply): Synthesis {
  const { stage } = synthesis;
  if (stage.kind !== "trajectory") return synthesis;
  const { fault, verified, read } = verdictOnTurns(reply, stage.matcher, keptTurns(stage), synthesis);
  if (fault === undefined) {
    const trajectory = { script: stage.script, turns: verified };
    return { ...synthesis, stage: { kind: "ended", outcome: { kind: "accepted", trajectory } } };
  }
  return {
    ...synthesis,
    faults: [...synthesis.faults, fault],
    stage: { ...stage, progress: progressAfter(fault, verified, read) },
  };
}

/** Takes the model's reply: verifies it, keeps the verified prefix, counts the call (Algorithm 1). */
export function receive(synthesis: Synthesis, reply: ReceivedReply): Synthesis {
  if (synthesis.stage.kind === "ended") return synthesis;
  const counted = { ...synthesis, calls: synthesis.calls + 1 };
  const answer = withReasoningApart(reply);
  return withinCalls(
    counted.stage.kind === "script" ? receiveScript(counted, answer) : receiveTurns(counted, answer),
  );
}

/** Ends the synthesis because no reply could be had. */
export function fail(synthesis: Synthesis, reason: string): Synthesis {
  return { ...synthesis, stage: { kind: "ended", outcome: { kind: "failed", reason } } };
}

/**
 * A function to feed with the text of the reply while it arrives. It returns the first fault as soon as there
 * is one, which means: stop paying. A script has no such fault before its end.
 */
export function watch({ stage, errors, form }: Synthesis): (text: string) => Fault | undefined {
  return stage.kind === "trajectory"
    ? watchReply(stage.matcher, keptTurns(stage), errors, form.wire)
    : () => undefined;
}

/** The words of any fault. */
export function explain(fault: Fault | ScriptFault): string {
  // Faults of scripts carry no turn; "malformed-json" exists in both.
  return "turn" in fault ? explainFault(fault) : explainScriptFault(fault);
}
