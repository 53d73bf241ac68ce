import type { ChatMessage } from "../model/chat-model.ts";
import { requestHash } from "../model/reply.ts";
import type { CallRecord, ReplyRecord, SynthesisRecord } from "./record.ts";
import { begin, explain, receive, request, type Synthesis } from "./synthesis.ts";

/** One call of a persona as it was: what was asked, what came, and what was wrong with it. */
export interface AnsweredCall {
  readonly call: number;
  readonly purpose: CallRecord["purpose"];
  /**
   * The prompt, rebuilt, since a run keeps replies only. Left out when it has not the hash that was kept with the
   * reply: another version asked for it, or the run was changed.
   */
  readonly messages?: readonly ChatMessage[];
  readonly reply: Pick<ReplyRecord, "text" | "reasoning" | "finish" | "usage" | "cost" | "model">;
  /** Its fault in words; null when there was none. */
  readonly fault: string | null;
  /** The turn that the fault is in; left out for a script's. */
  readonly turn?: number;
}

/** The prompt of a call, when it is the one that the reply answered. */
function promptOf(synthesis: Synthesis, reply: ReplyRecord): Pick<AnsweredCall, "messages"> {
  const asked = request(synthesis);
  return asked !== undefined && requestHash(asked) === reply.request ? { messages: asked.messages } : {};
}

/**
 * The calls of a persona that were answered, in their order, by feeding the run's state machine with them again.
 * `replies` are those of the persona in the order in which they were bought; of a call that was bought twice the later
 * one counts.
 */
export function answeredCalls(
  record: Pick<SynthesisRecord, "id" | "persona">,
  replies: readonly ReplyRecord[],
  { maximumCalls, errors, form }: Pick<Synthesis, "maximumCalls" | "errors" | "form">,
): readonly AnsweredCall[] {
  const last = new Map(replies.map((reply) => [reply.call, reply]));
  let synthesis = begin({ id: record.id, text: record.persona }, maximumCalls, errors, form);
  return [...last.values()]
    .sort((one, other) => one.call - other.call)
    .map((reply) => {
      const prompt = promptOf(synthesis, reply);
      const before = synthesis.faults.length;
      synthesis = receive(synthesis, reply);
      const fault = synthesis.faults[before];
      return {
        call: reply.call,
        purpose: reply.purpose,
        ...prompt,
        reply,
        fault: fault === undefined ? null : explain(fault),
        ...(fault !== undefined && "turn" in fault ? { turn: fault.turn } : {}),
      };
    });
}

/** Where in a reply the turn with this number begins, in characters; undefined when it is not found. */
export function turnStart(text: string, turn: number): number | undefined {
  const place = text.search(new RegExp(`\\{\\s*"turn"\\s*:\\s*${turn}\\b`));
  return place < 0 ? undefined : place;
}
