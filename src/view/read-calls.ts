import { synthesisOf } from "../config/run-settings.ts";
import type { FinishReason } from "../model/chat-model.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { type AnsweredCall, answeredCalls, turnStart } from "../synthesis/persona-calls.ts";
import { callsAt } from "../synthesis/read-run.ts";
import type { IndexedPersona, ReplyRecord } from "../synthesis/record.ts";

const ENDINGS: Readonly<Record<FinishReason, string>> = {
  stop: "ended by itself",
  length: "cut at the limit of tokens",
  aborted: "stopped at its fault, so that the rest was not bought",
  filter: "refused by a filter",
  tool: "called a tool",
};

/** Where what is at fault begins in a reply: at the faulty turn; of a reply that was stopped or cut, near its end. */
function faultStart({ reply: { text, finish }, fault, turn }: AnsweredCall): number {
  if (fault === null) return text.length;
  const place = turn === undefined ? undefined : turnStart(text, turn);
  if (place !== undefined) return place;
  return finish === "aborted" || finish === "length" ? text.length : 0;
}

function shownCall(call: AnsweredCall) {
  const { reply, messages, fault } = call;
  const from = faultStart(call);
  const { promptTokens, cachedTokens, completionTokens, estimated } = reply.usage;
  return {
    call: call.call,
    purpose: call.purpose,
    /** The model that answered, where several models write. */
    model: reply.model,
    /** Why it ended where it did, in words. */
    ending: ENDINGS[reply.finish],
    /** Its fault in words; null when it had none. */
    fault,
    /** The share of the reply that stands before its fault; 0 for an empty one. */
    kept: reply.text === "" ? 0 : from / reply.text.length,
    /** What the model wrote: up to its fault, and from there on. Without a fault all of it is good. */
    good: reply.text.slice(0, from),
    faulty: reply.text.slice(from),
    reasoning: reply.reasoning,
    promptTokens,
    cachedTokens,
    completionTokens,
    /** Whether the tokens were estimated, because the provider did not count them. */
    isEstimated: estimated,
    /** Dollars; null when the price is unknown. */
    cost: reply.cost,
    /** What was asked, rebuilt; undefined when it is not what was asked (its hash is another). */
    messages,
  };
}

/** A call of a persona with all that was asked and answered. */
export type ShownCall = ReturnType<typeof shownCall>;

/** A call without its texts, which have a page of their own. */
export function callSummary(shown: ShownCall) {
  const { good: _good, faulty: _faulty, reasoning: _reasoning, messages: _messages, ...summary } = shown;
  return summary;
}

/** The calls of a persona, read at their places and fed to the state machine of the run again. */
export async function readCalls({ paths, description }: RunFolder, entry: IndexedPersona, persona: string) {
  const calls = await callsAt(paths, entry.bought.places);
  const replies = calls.filter((call): call is ReplyRecord => "text" in call);
  const answered = answeredCalls({ id: entry.id, persona }, replies, synthesisOf(description.settings));
  return {
    answered: answered.map(shownCall),
    /** Those that were paid for and brought no reply. */
    broken: calls.flatMap((call) =>
      "error" in call ? [{ call: call.call, problem: call.error.message, cost: call.cost }] : [],
    ),
  };
}
