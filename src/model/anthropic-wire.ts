import type { ChatMessage, ChatRequest, FinishReason } from "./chat-model.ts";
import type { ChatWire, ReplyPart, ReportedUsage, Sampling } from "./chat-wire.ts";
import { type Fields, isFields, parseFields, readCount, readText } from "./wire-fields.ts";

/** What Anthropic's protocol needs beside the request. */
export interface AnthropicWireOptions {
  /** Such as `https://api.anthropic.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly key: string | undefined;
  readonly stream: boolean;
  /** Whether `request.schema` is sent as `output_config`. */
  readonly structured: boolean;
  readonly sampling: Sampling;
  readonly headers: Readonly<Record<string, string>>;
  /** Further fields of the body; they go over ours. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The protocol demands a limit; this one every model since Claude 3.5 can keep. */
const DEFAULT_MAX_TOKENS = 8192;

const FINISH: Readonly<Record<string, FinishReason>> = {
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "filter",
  tool_use: "tool",
};

/** Anthropic's messages. It knows no seed, so `sampling.seed` is not sent. */
export function anthropicWire(options: AnthropicWireOptions): ChatWire {
  const { temperature, topP, maxTokens, stop } = options.sampling;
  const fixed = {
    max_tokens: maxTokens ?? DEFAULT_MAX_TOKENS,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop === undefined ? {} : { stop_sequences: stop }),
    ...(options.stream ? { stream: true } : {}),
  };
  return {
    url: `${options.baseUrl.replace(/\/+$/, "")}/messages`,
    headers: {
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
      ...(options.key === undefined ? {} : { "x-api-key": options.key }),
      ...options.headers,
    },
    body: (request) =>
      JSON.stringify({
        model: options.model,
        ...systemOf(request),
        messages: mergeMessages(request.messages.filter(({ role }) => role !== "system")),
        ...fixed,
        ...(options.structured ? outputConfig(request) : {}),
        ...options.body,
      }),
    eventReader: () => readEvent,
    readReply,
  };
}

/** The system text, marked so that the provider caches the prompt up to its end. */
function systemOf(request: ChatRequest): Fields {
  const texts = request.messages.filter(({ role }) => role === "system").map(({ content }) => content);
  if (texts.length === 0) return {};
  return { system: [{ type: "text", text: texts.join("\n\n"), cache_control: { type: "ephemeral" } }] };
}

/** The protocol wants the roles to take turns: neighbours of one role become one message. */
function mergeMessages(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const merged: ChatMessage[] = [];
  for (const { role, content } of messages) {
    const last = merged.at(-1);
    if (last?.role === role) merged[merged.length - 1] = { role, content: `${last.content}\n\n${content}` };
    else merged.push({ role, content });
  }
  return merged;
}

function outputConfig(request: ChatRequest): Fields {
  if (request.schema === undefined) return {};
  return { output_config: { format: { type: "json_schema", schema: request.schema.schema } } };
}

function readEvent(data: string): ReplyPart {
  const event = parseFields(data);
  if (event === undefined) return { malformed: "an event that is not a JSON object" };
  switch (event.type) {
    case "content_block_delta":
      return readBlock(event.delta);
    case "content_block_start":
      return readBlock(event.content_block);
    case "message_start":
      return isFields(event.message) ? readUsage(event.message.usage) : {};
    case "message_delta":
      return { ...readFinish(event.delta), ...readCompletionCount(event.usage) };
    case "message_stop":
      return { done: true };
    case "error":
      return { failure: data };
    default:
      // "ping", "content_block_stop" and whatever will be added: the protocol asks clients to pass them over.
      return {};
  }
}

function readReply(body: string): ReplyPart {
  const reply = parseFields(body);
  if (reply === undefined) return { malformed: "a reply that is not a JSON object" };
  if (reply.type === "error") return { failure: body };
  if (!Array.isArray(reply.content)) return { malformed: "a reply without content" };
  const blocks = reply.content.map(readBlock);
  const text = blocks.map((block) => block.text ?? "").join("");
  const reasoning = blocks.map((block) => block.reasoning ?? "").join("");
  return {
    text,
    ...(reasoning === "" ? {} : { reasoning }),
    ...readFinish(reply),
    ...readUsage(reply.usage),
  };
}

/** Reads a content block or its delta: text or thinking. */
function readBlock(block: unknown): ReplyPart {
  if (!isFields(block)) return {};
  const text = readText(block, "text");
  const reasoning = readText(block, "thinking");
  return {
    ...(text === undefined ? {} : { text }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function readFinish(fields: unknown): ReplyPart {
  const reason = isFields(fields) ? readText(fields, "stop_reason") : undefined;
  if (reason === undefined) return {};
  return { finish: Object.hasOwn(FINISH, reason) ? (FINISH[reason] ?? "stop") : "stop" };
}

/** Anthropic counts what it reads from and writes to its cache apart from `input_tokens`; we count all. */
function readUsage(usage: unknown): ReplyPart {
  if (!isFields(usage)) return {};
  const input = readCount(usage, "input_tokens");
  if (input === undefined) return readCompletionCount(usage);
  const cachedTokens = readCount(usage, "cache_read_input_tokens") ?? 0;
  const written = readCount(usage, "cache_creation_input_tokens") ?? 0;
  const prompt: ReportedUsage = { promptTokens: input + cachedTokens + written, cachedTokens };
  return { usage: { ...prompt, ...readCompletionCount(usage).usage } };
}

function readCompletionCount(usage: unknown): ReplyPart {
  const completionTokens = isFields(usage) ? readCount(usage, "output_tokens") : undefined;
  return completionTokens === undefined ? {} : { usage: { completionTokens } };
}
