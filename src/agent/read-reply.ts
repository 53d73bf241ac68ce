import type { ChatReply } from "../model/chat-model.ts";
import { splitReasoning } from "../model/reasoning.ts";
import { formatReAct, type ReActIrregularity, readPlayedReAct } from "../react.ts";

/** Why nothing was done for a reply: the paper's formatting errors (section 7), each in a word of its own. */
export const MALFORMATIONS = [
  "missing-action",
  "empty",
  "reasoning-only",
  "cut",
  "cut-while-thinking",
  "refused",
  "tool-call",
] as const;

/** One of {@link MALFORMATIONS}. */
export type Malformation = (typeof MALFORMATIONS)[number];

/** A reply as a player's turn. */
export type ReadReply = {
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
const EMPTY_REPLY = "(no text)";

/** Whether the reply ended in its action, which may then go on where it was cut. */
function isCutInAction(own: string, action: string, { finish }: ChatReply): boolean {
  return finish === "length" && own.trimEnd().endsWith(action);
}

function withoutAction(
  { finish, reasoning = "" }: ChatReply,
  text: string,
  hasThought: boolean,
): Malformation {
  const isCut = finish === "length";
  if (finish === "filter") return "refused";
  if (text.trim() !== "") return isCut ? "cut" : "missing-action";
  if (hasThought || reasoning.trim() !== "") return isCut ? "cut-while-thinking" : "reasoning-only";
  return isCut ? "cut" : "empty";
}

/**
 * Reads a reply that is to be played: its reasoning is no part of the turn, and what is left is read as AgentBoard
 * reads it ({@link readPlayedReAct}). Nothing of a reply that was cut while its model was still thinking is played.
 *
 * @param actionLines how many lines an action of this world may have
 */
export function readReply(reply: ChatReply, actionLines = 1): ReadReply {
  const { reasoning, text, open } = splitReasoning(reply.text);
  if (open) {
    const malformed = reply.finish === "stop" ? "reasoning-only" : "cut-while-thinking";
    return { malformed: reply.finish === "filter" ? "refused" : malformed, content: EMPTY_REPLY };
  }
  const { thought, action, irregular, own } = readPlayedReAct(text, actionLines);
  const content = own.trim() === "" ? EMPTY_REPLY : own.trim();
  if (action === undefined || reply.finish === "filter") {
    return { malformed: withoutAction(reply, own, reasoning.trim() !== ""), content };
  }
  if (isCutInAction(own, action, reply)) return { malformed: "cut", content };
  const said = thought === undefined ? `Action: ${action}` : formatReAct({ thought, action });
  return { thought, action, irregular, content: said };
}

const PROBLEMS: Readonly<Record<Malformation, string>> = {
  "missing-action": "it has no action after `Action:`",
  empty: "it is empty",
  "reasoning-only": "it has reasoning but no answer",
  cut: "it was cut off before its action was complete, so it must be shorter",
  "cut-while-thinking": "it was cut off before its reasoning had ended, so you must think less",
  refused: "it was filtered",
  "tool-call": "it calls a tool, and there are none here",
};

/** What a player is shown in place of an observation when nothing could be done for its reply. */
export function malformedObservation(malformed: Malformation): string {
  const form = formatReAct({ thought: "…", action: "…" });
  return `Your reply could not be read: ${PROBLEMS[malformed]}. Nothing was done. Answer with one thought and one action, in this form:\n${form}`;
}
