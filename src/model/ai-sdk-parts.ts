import type { FinishReason } from "./chat-model.ts";
import type { ReplyPart, ReportedUsage } from "./chat-wire.ts";
import { type Fields, isFields, readCount, readText } from "./wire-fields.ts";

const FINISH: Readonly<Record<string, FinishReason>> = { length: "length", "content-filter": "filter" };

/** An error that the AI SDK reported inside a stream or a result, in place of a part. */
export class AiSdkStreamError extends Error {
  override readonly name = "AiSdkStreamError";
}

/**
 * Reads one part of an AI SDK stream. Throws the error that the part carries: the SDK's own when it is one,
 * else an {@link AiSdkStreamError} with the provider's words as JSON.
 */
export function readAiSdkPart(value: unknown): ReplyPart {
  if (!isFields(value)) return {};
  const delta = readText(value, "delta");
  switch (value.type) {
    case "text-delta":
      return delta === undefined ? {} : { text: delta };
    case "reasoning-delta":
      return delta === undefined ? {} : { reasoning: delta };
    case "finish":
      return { ...readEnd(value), done: true };
    case "error":
      throw errorOf(value.error);
    default:
      return {};
  }
}

/** Reads the result of a call without streaming. Throws as {@link readAiSdkPart} does. */
export function readAiSdkResult(value: unknown): ReplyPart {
  if (!isFields(value) || !Array.isArray(value.content)) return { malformed: "a result without content" };
  const parts: readonly unknown[] = value.content;
  const texts = (type: string): string =>
    parts
      .map((part) => (isFields(part) && part.type === type ? (readText(part, "text") ?? "") : ""))
      .join("");
  const reasoning = texts("reasoning");
  return { text: texts("text"), ...(reasoning === "" ? {} : { reasoning }), ...readEnd(value) };
}

function errorOf(error: unknown): Error {
  if (error instanceof Error) return error;
  return new AiSdkStreamError(typeof error === "string" ? error : JSON.stringify(error ?? null));
}

/** The finish reason (a text in specification v2, an object since v3) and the usage. */
function readEnd(fields: Fields): ReplyPart {
  const given = fields.finishReason;
  const reason = isFields(given) ? readText(given, "unified") : readText(fields, "finishReason");
  if (reason === "error") throw new AiSdkStreamError("the provider gave up in the middle of a reply");
  const known = reason !== undefined && Object.hasOwn(FINISH, reason) ? FINISH[reason] : undefined;
  const usage = isFields(fields.usage) ? { usage: readUsage(fields.usage) } : {};
  return { finish: known ?? "stop", ...usage };
}

/** Usage: flat counts in specification v2, objects since v3. */
function readUsage(usage: Fields): ReportedUsage {
  const input = usage.inputTokens;
  const output = usage.outputTokens;
  const promptTokens = isFields(input) ? readCount(input, "total") : readCount(usage, "inputTokens");
  const cachedTokens = isFields(input)
    ? readCount(input, "cacheRead")
    : readCount(usage, "cachedInputTokens");
  const completionTokens = isFields(output) ? readCount(output, "total") : readCount(usage, "outputTokens");
  return {
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(cachedTokens === undefined ? {} : { cachedTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
  };
}
