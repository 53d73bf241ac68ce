import type { ChatRequest, FinishReason } from "./chat-model.ts";
import type { ChatWire, ReplyPart, ReportedUsage, Sampling } from "./chat-wire.ts";
import { deltaShortcut } from "./delta-shortcut.ts";
import { type Fields, isFields, parseFields, readCount, readText } from "./wire-fields.ts";

/** What OpenAI's protocol needs beside the request. */
export interface OpenAiWireOptions {
  /** Such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly key: string | undefined;
  readonly stream: boolean;
  /** Whether `request.schema` is sent as `response_format`. */
  readonly structured: boolean;
  readonly sampling: Sampling;
  /** The field that `maxTokens` goes into. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  readonly headers: Readonly<Record<string, string>>;
  /** Further fields of the body; they go over ours. */
  readonly body: Readonly<Record<string, unknown>>;
}

const FINISH: Readonly<Record<string, FinishReason>> = {
  length: "length",
  max_tokens: "length",
  model_length: "length",
  content_filter: "filter",
  tool_calls: "tool",
  function_call: "tool",
};

/** Finish reasons with which servers say that they gave up: OpenRouter, DeepSeek, vLLM. */
const GAVE_UP: ReadonlySet<string> = new Set(["error", "insufficient_system_resource", "abort"]);

/** OpenAI's chat completions, as OpenAI and everyone who copies it speaks them. */
export function openAiWire(options: OpenAiWireOptions): ChatWire {
  const { temperature, topP, maxTokens, seed, stop } = options.sampling;
  const fixed = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(maxTokens === undefined ? {} : { [options.maxTokensField]: maxTokens }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined ? {} : { stop }),
    ...(options.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  return {
    url: `${options.baseUrl.replace(/\/+$/, "")}/chat/completions`,
    headers: {
      "content-type": "application/json",
      ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
      ...options.headers,
    },
    body: (request) =>
      JSON.stringify({
        model: options.model,
        messages: request.messages.map(({ role, content }) => ({ role, content })),
        ...fixed,
        ...(options.structured ? responseFormat(request) : {}),
        ...options.body,
      }),
    eventReader: () => deltaShortcut(readOpenAiEvent),
    readReply,
  };
}

function responseFormat(request: ChatRequest): Fields {
  if (request.schema === undefined) return {};
  const { name, schema, strict } = request.schema;
  return { response_format: { type: "json_schema", json_schema: { name, schema, strict } } };
}

/** Reads one event of a stream. */
export function readOpenAiEvent(data: string): ReplyPart {
  if (data === "[DONE]") return { done: true };
  const event = parseFields(data);
  if (event === undefined) return { malformed: "an event that is not a JSON object" };
  return readCompletion(event, data, "delta");
}

function readReply(body: string): ReplyPart {
  const reply = parseFields(body);
  if (reply === undefined) return { malformed: "a reply that is not a JSON object" };
  const part = readCompletion(reply, body, "message");
  const choices = reply.choices;
  if (part.failure === undefined && !(Array.isArray(choices) && choices.length > 0)) {
    return { malformed: "a reply without choices" };
  }
  return part;
}

/** Reads a chunk or a whole completion; they differ in where the text is. */
function readCompletion(fields: Fields, source: string, place: "delta" | "message"): ReplyPart {
  if (isFailure(fields)) return { failure: source };
  const usage = isFields(fields.usage) ? { usage: readUsage(fields.usage) } : {};
  const choice: unknown = Array.isArray(fields.choices) ? fields.choices[0] : undefined;
  if (!isFields(choice)) return usage;
  const content = choice[place];
  return { ...readContent(isFields(content) ? content : {}), ...readFinish(choice.finish_reason), ...usage };
}

/** Whether an object stands in place of a completion and says that there will be none. */
function isFailure(fields: Fields): boolean {
  return (fields.error !== undefined && fields.error !== null) || fields.object === "error";
}

function readContent(content: Fields): ReplyPart {
  const text = textOf(content.content);
  const reasoning = readText(content, "reasoning_content") ?? readText(content, "reasoning");
  return {
    ...(text === "" ? {} : { text }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(readText(content, "refusal") === undefined ? {} : { finish: "filter" }),
  };
}

/** A text, or Mistral's list of pieces of which only those with a text count. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((piece: unknown) => (isFields(piece) ? (readText(piece, "text") ?? "") : "")).join("");
}

function readFinish(reason: unknown): ReplyPart {
  if (typeof reason !== "string" || reason === "") return {};
  if (GAVE_UP.has(reason)) {
    const message = `the provider gave up in the middle of a reply (${reason})`;
    return { failure: JSON.stringify({ error: { message, type: "overloaded_error" } }) };
  }
  return { finish: Object.hasOwn(FINISH, reason) ? (FINISH[reason] ?? "stop") : "stop" };
}

function readUsage(usage: Fields): ReportedUsage {
  const promptTokens = readCount(usage, "prompt_tokens");
  const completionTokens = readCount(usage, "completion_tokens");
  const details = isFields(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const cachedTokens = readCount(details, "cached_tokens") ?? readCount(usage, "prompt_cache_hit_tokens");
  return {
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
    ...(cachedTokens === undefined ? {} : { cachedTokens }),
  };
}
