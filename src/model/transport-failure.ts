import { errors } from "undici";
import { errorMessage } from "../errors.ts";
import { ChatError } from "./chat-error.ts";
import { redact } from "./redact.ts";

/** The words of a connection's error; one that tried several addresses has only its parts' words. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(errorMessage).join("; ");
  return errorMessage(error);
}

/** The error that a connection's failure stands for: `timeout`, `bad-reply` (not HTTP) or `unreachable`. */
export function transportFailure(error: unknown, host: string, secrets: readonly string[]): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new ChatError("timeout", `${host} sent nothing for too long`, { cause: error });
  }
  const words = redact(wordsOf(error), secrets);
  if (error instanceof errors.HTTPParserError) {
    return new ChatError("bad-reply", `${host} does not speak HTTP: ${words}`, { cause: error });
  }
  return new ChatError("unreachable", `no reply from ${host}: ${words}`, { cause: error });
}
