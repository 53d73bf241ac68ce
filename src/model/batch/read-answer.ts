import type { ChatWire } from "../call.ts";
import { ChatError } from "../chat-error.ts";
import { classifyFailure } from "../failure.ts";
import type { AnswerOutcome } from "./batch-service.ts";

/** What a batch answered to one request: the same body, with the same status, as a live call would have had. */
export function answerOf(
  wire: ChatWire,
  status: number,
  body: unknown,
  secrets: readonly string[],
): AnswerOutcome {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? null);
  const fail = (words: string): AnswerOutcome => ({
    kind: "error",
    error: classifyFailure({ status, headers: {}, body: words }, secrets, Date.now()),
  });
  if (status < 200 || status > 299) return fail(text);
  const part = wire.readReply(text);
  if (part.failure !== undefined) return fail(part.failure);
  if (part.malformed !== undefined) {
    return { kind: "error", error: new ChatError("bad-reply", `the batch has ${part.malformed}`) };
  }
  return { kind: "reply", part };
}
