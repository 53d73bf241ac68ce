import type { ChatReply } from "../model/chat-model.ts";
import { splitReasoning } from "../model/reasoning.ts";
import { REPLY_FAULT_CODES, replyFault } from "../model/reply.ts";
import { formatReAct, type ReActIrregularity, readPlayedReAct } from "../react.ts";

/** Why nothing was done for a reply: the paper's formatting errors (section 7), each in a word of its own. */
export const MALFORMATIONS = ["missing-action", "cut-while-thinking", ...REPLY_FAULT_CODES] as const;

/** One of {@link MALFORMATIONS}. */
export type Malformation = (typeof MALFORMATIONS)[number];

/** A reply as a player's turn. */
type ReadReply = {
  /** What stands in the conversation for it: without its reasoning, and without observations of its own. */
  readonly content: string;
} & (
  | { readonly malformed: Malformation }
  | {
      readonly thought: string | undefined;
      readonly action: string;
      readonly irregular: readonly ReActIrregularity[];
    }
);

/** Stands in the conversation for a reply without text, which some providers refuse to be sent. */
export const EMPTY_REPLY = "(no text)";

function withoutAction(reply: ChatReply, text: string, reasoning: string): Malformation {
  const thought = `${reply.reasoning ?? ""}${reasoning}`.trim();
  const fault = replyFault({ text, finish: reply.finish, ...(thought === "" ? {} : { reasoning: thought }) });
  const isCut = reply.finish === "length";
  if (fault === "reasoning-only" && isCut) return "cut-while-thinking";
  if (fault !== undefined) return fault;
  if (reply.finish === "tool") return "tool-call";
  return isCut ? "cut-off" : "missing-action";
}

/**
 * Reads a reply that is to be played: its reasoning is no part of the turn, and what is left is read as AgentBoard
 * reads it ({@link readPlayedReAct}). Nothing of a reply that was cut while its model was still thinking is played.
 *
 * @param actionLines how many lines an action of this world may have
 */
export function readReply(reply: ChatReply, actionLines = 1): ReadReply {
  const { reasoning, text, open } = splitReasoning(reply.text);
  const { thought, action, irregular, own } = readPlayedReAct(text, actionLines);
  const content = own.trim() === "" ? EMPTY_REPLY : own.trim();
  if (action === undefined || reply.finish === "filter") {
    // Of a reasoning that has not ended nothing is an answer, not even what was said before it.
    return { malformed: withoutAction(reply, open ? "" : own, reasoning), content };
  }
  // A reply that was cut at the end of its action might have gone on with it.
  const isCut = reply.finish === "length" && own.trimEnd().endsWith(action);
  if (!open && isCut) return { malformed: "cut-off", content };
  const said = thought === undefined ? `Action: ${action}` : formatReAct({ thought, action });
  return { thought, action, irregular, content: said };
}

const PROBLEMS: Readonly<Record<Malformation, string>> = {
  "missing-action": "it has no action after `Action:`",
  "empty-reply": "it is empty",
  "reasoning-only": "it has reasoning but no answer",
  "cut-off": "it was cut off before its action was complete, so it must be shorter",
  "cut-while-thinking": "it was cut off before its reasoning had ended, so you must think less",
  refused: "it was filtered",
  "tool-call": "it calls a tool, and there are none here",
};

/** What a player is shown in place of an observation when nothing could be done for its reply. */
export function malformedObservation(malformed: Malformation): string {
  const form = formatReAct({ thought: "…", action: "…" });
  return `Your reply could not be read: ${PROBLEMS[malformed]}. Nothing was done. Answer with one thought and one action, in this form:\n${form}`;
}
