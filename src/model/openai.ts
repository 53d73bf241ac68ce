import { defined } from "../defined.ts";
import type { Env } from "../env.ts";
import {
  type ChatWire,
  endpointUrl,
  type Fields,
  isFields,
  parseEvent,
  parseFields,
  type ReplyPart,
  type ReportedUsage,
  readCount,
  readText,
} from "./call.ts";
import { type ChatModel, type ChatRequest, type FinishReason, messagesText } from "./chat-model.ts";
import { httpModel } from "./http.ts";
import { findServerKind } from "./look-at-server.ts";
import { type ApiOptions, apiOptions, type ProviderSettings, secretsOf } from "./model-settings.ts";
import { boundFields, type MaxTokensField, ServerLimits } from "./server-limits.ts";

/**
 * Settings of {@link openAiCompatibleModel}. The key is sent as a bearer token, the schema as `response_format` or, to a
 * `server` that takes one, as a grammar.
 */
export interface OpenAiCompatibleOptions extends ApiOptions {
  /**
   * The field of the body that `maxTokens` goes into. When not given it is `max_completion_tokens` for
   * OpenAI's own reasoning models (`o1` …, `gpt-5` …), else `max_tokens`; either is changed for the other when the
   * server refuses it.
   */
  readonly maxTokensField?: MaxTokensField;
}

const REASONING_MODEL = /^(?:o\d|gpt-[5-9])/;

/** Opens the model that the settings name; where replies are to be bound, its server is asked what it is. */
export async function open(settings: ProviderSettings, environment: Env): Promise<ChatModel> {
  const options = apiOptions(settings, environment, "https://api.openai.com/v1");
  if (options.structured !== true || options.server !== undefined) return openAiCompatibleModel(options);
  const { baseUrl, key, headers } = options;
  const server = await findServerKind(baseUrl, { ...keyHeader(baseUrl, key), ...headers });
  return openAiCompatibleModel({ ...options, server });
}

/** A model behind `POST {baseUrl}/chat/completions`: OpenAI, vLLM, DeepSeek, Together, Ollama and the like. */
export function openAiCompatibleModel(options: OpenAiCompatibleOptions): ChatModel {
  const server = openAiServer(options);
  return httpModel(options.model, openAiWire(options, server), options, server, secretsOf(options));
}

/** What is known of a server before it was asked anything. */
export function openAiServer(options: OpenAiCompatibleOptions): ServerLimits {
  const ownField = REASONING_MODEL.test(options.model) ? "max_completion_tokens" : "max_tokens";
  return ServerLimits.of(options, options.maxTokensField ?? ownField);
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
export function openAiWire(options: OpenAiCompatibleOptions, server: ServerLimits): ChatWire {
  const { key, headers, stream = true, structured = false, server: kind = "other" } = options;
  const url = endpointUrl(options.baseUrl, "/chat/completions");
  return {
    url,
    headers: { "content-type": "application/json", ...keyHeader(url, key), ...headers },
    body: (request) => {
      const others = JSON.stringify({
        model: options.model,
        ...samplingFields(request, server),
        ...(stream ? { stream: true } : {}),
        ...(stream && server.takesStreamOptions ? { stream_options: { include_usage: true } } : {}),
        ...(structured ? boundFields(request.schema, kind) : {}),
        ...options.body,
      });
      return `${others.slice(0, -1)},"messages":${messagesText(request.messages)}}`;
    },
    eventReader: () => deltaShortcut(readOpenAiEvent),
    readReply,
  };
}

/** Azure takes its keys in a header of its own. */
export function keyHeader(url: string, key: string | undefined): Readonly<Record<string, string>> {
  if (key === undefined) return {};
  return new URL(url).hostname.endsWith(".azure.com")
    ? { "api-key": key }
    : { authorization: `Bearer ${key}` };
}

function samplingFields(request: ChatRequest, server: ServerLimits): Fields {
  const { temperature, topP, maxTokens, seed, stop } = server.sampling(request);
  // JSON leaves out what is undefined.
  return { temperature, top_p: topP, [server.maxTokensField]: maxTokens, seed, stop };
}

/** Reads one event of a stream. */
export function readOpenAiEvent(data: string): ReplyPart {
  if (data.trim() === "[DONE]") return { done: true };
  const { event, unread } = parseEvent(data);
  return event === undefined ? unread : readCompletion(event, data, "delta");
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
  const refusal = readText(content, "refusal");
  return {
    ...(text === "" ? {} : { text }),
    ...defined({ reasoning }),
    ...(refusal === undefined ? {} : { refusal, finish: "filter" }),
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
    ...defined({ promptTokens, completionTokens, cachedTokens }),
  };
}

const KEY = '"content":';

/** What stood around the text of an event. */
interface Frame {
  readonly head: string;
  readonly tail: string;
}

/**
 * Reads the events of one stream like `read`, at about a third of the cost. The events of a stream mostly differ
 * in the text alone, so an event that begins and ends like the last one has only its text parsed. The result is
 * the same: what stands between a known beginning and a known end and is one JSON string is the text.
 */
export function deltaShortcut(read: (data: string) => ReplyPart): (data: string) => ReplyPart {
  let frame: Frame | undefined;
  return (data) => {
    const text = frame === undefined ? undefined : textWithin(frame, data);
    if (text !== undefined) return text === "" ? {} : { text };
    const part = read(data);
    // An event that also brings something else, such as usage, must be read in full each time.
    if (part.text !== undefined && Object.keys(part).length === 1) frame = frameOf(data, part.text);
    return part;
  };
}

function textWithin({ head, tail }: Frame, data: string): string | undefined {
  const end = data.length - tail.length;
  // Slices are compared eight times as fast as `startsWith` goes through the characters.
  if (end < head.length || data.slice(0, head.length) !== head || data.slice(end) !== tail) return undefined;
  try {
    const value: unknown = JSON.parse(data.slice(head.length, end));
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The frame of an event whose text is known; undefined when the text cannot be told apart with certainty. The
 * key cannot stand inside a JSON string, where its quotes would be escaped, so one occurrence is the text's own.
 */
function frameOf(data: string, text: string): Frame | undefined {
  const at = data.indexOf(KEY);
  if (at === -1 || data.indexOf(KEY, at + 1) !== -1) return undefined;
  const start = at + KEY.length;
  const literal = JSON.stringify(text);
  if (!data.startsWith(literal, start)) return undefined;
  return { head: data.slice(0, start), tail: data.slice(start + literal.length) };
}
