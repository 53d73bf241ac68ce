import type { ChatMessage } from "../../model/chat-model.ts";
import { hash32 } from "../../random.ts";
import { formatReAct } from "../../react.ts";

/** How many lamps the last message that tells it says are lit. */
function litLamps(messages: readonly ChatMessage[]): number {
  const told = messages.map(({ content }) => /(\d+) of \d+ lamps are lit\.\s*$/.exec(content)?.[1]);
  return Number(told.filter((lit) => lit !== undefined).at(-1) ?? 0);
}

/**
 * What a middling player of the lamps replies to a conversation: mostly the next lamp, at times nonsense, two
 * actions at once, an unknown action or a look. The same conversation always gets the same reply.
 */
export function lampReply(messages: readonly ChatMessage[]): string {
  const draw = hash32(JSON.stringify(messages.map(({ content }) => content))) % 12;
  const next = formatReAct({ thought: "On we go.", action: `light lamp ${litLamps(messages) + 1}` });
  if (draw === 0) return "I would rather not say.";
  if (draw === 1) return `${next}\nAction: look`;
  if (draw === 2) return "";
  if (draw === 3) return formatReAct({ thought: "Magic.", action: "light everything" });
  if (draw === 4) return formatReAct({ thought: "Where am I?", action: "look" });
  if (draw === 5) return `${next}\nObservation: 9 of 9 lamps are lit.\nThought: done`;
  return next;
}
