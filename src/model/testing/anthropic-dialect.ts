import type { ChatMessage } from "../chat-model.ts";
import type { ServedReply } from "./served-answer.ts";
import { countTokens, type ServedBody, type ServedDialect } from "./served-dialect.ts";

const STOP = { stop: "end_turn", length: "max_tokens", filter: "refusal" } as const;

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

function event(name: string, fields: object): string {
  return `event: ${name}\ndata: ${JSON.stringify({ type: name, ...fields })}\n\n`;
}

function systemText(body: ServedBody): string {
  if (typeof body.system === "string") return body.system;
  const blocks = (body.system ?? []) as readonly { readonly text: string }[];
  return blocks.map((block) => block.text).join("");
}

/** The prompt's tokens as Anthropic states them: those read from the cache are not part of `input_tokens`. */
function promptUsage(reply: ServedReply, messages: readonly ChatMessage[]): Record<string, number> {
  const prompt = messages.reduce((sum, message) => sum + countTokens(message.content), 0);
  const cached = Math.min(prompt, reply.cachedTokens ?? 0);
  return { input_tokens: prompt - cached, cache_read_input_tokens: cached, cache_creation_input_tokens: 0 };
}

function completionTokens(reply: ServedReply): number {
  return countTokens(reply.text) + countTokens(reply.reasoning ?? "");
}

/** Anthropic's messages as the test server speaks them. */
export const anthropicDialect: ServedDialect = {
  messages: (body) => {
    const system = systemText(body);
    const messages = body.messages as readonly ChatMessage[];
    return system === "" ? messages : [{ role: "system", content: system }, ...messages];
  },
  start: (reply, messages) => {
    const usage = reply.usage === false ? {} : { ...promptUsage(reply, messages), output_tokens: 1 };
    const message = {
      id: "served",
      type: "message",
      role: "assistant",
      content: [],
      stop_reason: null,
      usage,
    };
    const block = { index: 0, content_block: { type: "text", text: "" } };
    return `${event("message_start", { message })}${event("content_block_start", block)}${event("ping", {})}`;
  },
  text: (delta) => event("content_block_delta", { index: 0, delta: { type: "text_delta", text: delta } }),
  reasoning: (delta) =>
    event("content_block_delta", { index: 0, delta: { type: "thinking_delta", thinking: delta } }),
  end: (reply) => {
    const delta = { stop_reason: STOP[reply.finish ?? "stop"], stop_sequence: null };
    const usage = reply.usage === false ? {} : { usage: { output_tokens: completionTokens(reply) } };
    const stop = event("content_block_stop", { index: 0 });
    return `${stop}${event("message_delta", { delta, ...usage })}${event("message_stop", {})}`;
  },
  malformed: "event: content_block_delta\ndata: {not json\n\n",
  errorEvent: (error) => event("error", { error }),
  whole: (reply, messages) => ({
    id: "served",
    type: "message",
    role: "assistant",
    content: [
      ...(reply.reasoning === undefined
        ? []
        : [{ type: "thinking", thinking: reply.reasoning, signature: "" }]),
      { type: "text", text: reply.text },
    ],
    stop_reason: STOP[reply.finish ?? "stop"],
    ...(reply.usage === false
      ? {}
      : { usage: { ...promptUsage(reply, messages), output_tokens: completionTokens(reply) } }),
  }),
  refusal: (status) => ({
    type: "error",
    error: { type: ERROR_TYPES[status] ?? "api_error", message: `served status ${status}` },
  }),
};
