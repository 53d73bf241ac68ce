import type { ChatMessage } from "../chat-model.ts";
import type { ServedReply } from "./served-answer.ts";
import { countTokens, type ServedDialect } from "./served-dialect.ts";

const HEAD = '{"id":"chatcmpl-test","object":"chat.completion.chunk","created":1700000000,"model":"served",';

function chunk(delta: string, finish: string): string {
  return `data: ${HEAD}"choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}]}\n\n`;
}

function usageOf(reply: ServedReply, messages: readonly ChatMessage[]): Record<string, unknown> {
  const counted = messages.reduce((sum, message) => sum + countTokens(message.content), 0);
  const prompt = reply.promptTokens ?? counted;
  const completion = countTokens(reply.text) + countTokens(reply.reasoning ?? "");
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: reply.cachedTokens ?? 0 },
  };
}

const FINISH = { stop: "stop", length: "length", filter: "content_filter" } as const;

/** OpenAI's chat completions as the test server speaks them. */
export const openAiDialect: ServedDialect = {
  messages: (body) => body.messages as readonly ChatMessage[],
  start: () => chunk('{"role":"assistant","content":""}', "null"),
  text: (delta) => chunk(`{"content":${JSON.stringify(delta)}}`, "null"),
  reasoning: (delta) => chunk(`{"reasoning_content":${JSON.stringify(delta)}}`, "null"),
  end: (reply, messages, body) => {
    const finish = chunk("{}", `"${FINISH[reply.finish ?? "stop"]}"`);
    const options = body.stream_options as { include_usage?: boolean } | undefined;
    if (reply.usage === false || options?.include_usage !== true) return `${finish}data: [DONE]\n\n`;
    const usage = JSON.stringify(usageOf(reply, messages));
    return `${finish}data: ${HEAD}"choices":[],"usage":${usage}}\n\ndata: [DONE]\n\n`;
  },
  malformed: "data: {not json\n\n",
  errorEvent: (error) => `data: ${JSON.stringify({ error })}\n\n`,
  whole: (reply, messages) => ({
    id: "chatcmpl-test",
    object: "chat.completion",
    created: 1700000000,
    model: "served",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: reply.text,
          ...(reply.reasoning === undefined ? {} : { reasoning_content: reply.reasoning }),
        },
        finish_reason: FINISH[reply.finish ?? "stop"],
      },
    ],
    ...(reply.usage === false ? {} : { usage: usageOf(reply, messages) }),
  }),
  refusal: (status) => ({
    error: { message: `served status ${status}`, type: "served_error", param: null, code: null },
  }),
};
