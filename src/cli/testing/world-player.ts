import type { ChatMessage } from "../../model/chat-model.ts";
import { hash32, randomFor } from "../../random.ts";
import { formatReAct } from "../../react.ts";

/**
 * What a clumsy player of BabyAI replies to a conversation: it goes to things it sees, turns and walks, and now and
 * then talks nonsense. The same conversation always gets the same reply.
 */
export function worldReply(messages: readonly ChatMessage[]): string {
  const text = messages.map(({ content }) => content).join("\n");
  const random = randomFor(hash32(text), "world player");
  if (random.chance(0.1)) return "Let me think about that for a while.";
  const last = messages.at(-1)?.content ?? "";
  const seen = [...last.matchAll(/There is a ([a-z ]+ \d+) /g)].map(([, name]) => name ?? "");
  const moves = ["turn left", "turn right", "move forward", "jump"];
  const verbs = ["go to", "pickup", "toggle and go through"];
  const approaches = seen.map((name) => `${random.pick(verbs)} ${name}`);
  return formatReAct({ thought: "Onward.", action: random.pick([...moves, ...approaches, ...approaches]) });
}
