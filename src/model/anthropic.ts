import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { Env } from "../env.ts";
import { BatchHttp } from "./batch/batch-http.ts";
import {
  answerOf,
  type BatchAnswer,
  type BatchInput,
  type BatchService,
  type ProviderBatch,
} from "./batch/batch-service.ts";
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
import type { ChatMessage, ChatModel, ChatRequest, FinishReason } from "./chat-model.ts";
import { httpModel } from "./http.ts";
import {
  type ApiOptions,
  apiOptions,
  type ProviderSettings,
  refuseSettings,
  secretsOf,
} from "./model-settings.ts";
import type { BatchTerms } from "./money.ts";
import { ServerLimits } from "./server-limits.ts";

/** Opens the model that the settings name. Throws AgentRefineError. */
export function open(settings: ProviderSettings, environment: Env): ChatModel {
  const options = apiOptions(settings, environment, "https://api.anthropic.com/v1");
  refuseSettings(settings, { seed: "Anthropic's protocol knows none" });
  return anthropicModel(options);
}

/**
 * A model behind Anthropic's `POST {baseUrl}/messages`. The system text is marked for the provider's cache; the key
 * is sent as `x-api-key`, the schema as `output_config`.
 */
export function anthropicModel(options: ApiOptions): ChatModel {
  const server = ServerLimits.of(options);
  return httpModel(options.model, anthropicWire(options, server), options, server, secretsOf(options));
}

/** The protocol demands a limit; this one every model since Claude 3.5 can keep. */
const DEFAULT_MAX_TOKENS = 8192;

const FINISH: Readonly<Record<string, FinishReason>> = {
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "filter",
  tool_use: "tool",
};

/** Anthropic's messages, of which the provider keeps the system text in its cache for `kept`, or for five minutes. */
export function anthropicWire(options: ApiOptions, server: ServerLimits, kept?: "1h"): ChatWire {
  const { key, headers, stream = true, structured = false } = options;
  return {
    url: endpointUrl(withVersion(options.baseUrl), "/messages"),
    headers: {
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
      ...(key === undefined ? {} : { "x-api-key": key }),
      ...headers,
    },
    body: (request) =>
      JSON.stringify({
        model: options.model,
        ...systemOf(request, kept),
        messages: mergeMessages(request.messages.filter(({ role }) => role !== "system")),
        ...samplingFields(request, server),
        ...(stream ? { stream: true } : {}),
        ...(structured ? outputConfig(request) : {}),
        ...options.body,
      }),
    eventReader: () => readEvent,
    readReply,
  };
}

/** Anthropic's own tools leave out the version in its base URL; we take it with and without. */
function withVersion(baseUrl: string): string {
  return /\/v\d+$/.test(new URL(baseUrl).pathname.replace(/\/+$/, ""))
    ? baseUrl
    : endpointUrl(baseUrl, "/v1");
}

/** The protocol knows no seed, so that one is not sent. */
function samplingFields(request: ChatRequest, server: ServerLimits): Fields {
  const { temperature, topP, maxTokens, stop } = server.sampling(request);
  // JSON leaves out what is undefined.
  return { max_tokens: maxTokens ?? DEFAULT_MAX_TOKENS, temperature, top_p: topP, stop_sequences: stop };
}

/** The system text, marked so that the provider caches the prompt up to its end. */
function systemOf(request: ChatRequest, ttl: "1h" | undefined): Fields {
  const texts = request.messages.filter(({ role }) => role === "system").map(({ content }) => content);
  if (texts.length === 0) return {};
  // JSON leaves out what is undefined.
  const text = { type: "text", text: texts.join("\n\n"), cache_control: { type: "ephemeral", ttl } };
  return { system: [text] };
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
  const { event, unread } = parseEvent(data);
  if (event === undefined) return unread;
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
  return isFields(block) ? { text: readText(block, "text"), reasoning: readText(block, "thinking") } : {};
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
  const prompt: ReportedUsage = {
    promptTokens: input + cachedTokens + written,
    cachedTokens,
    ...(written === 0 ? {} : { cacheWriteTokens: written }),
  };
  return { usage: { ...prompt, ...readCompletionCount(usage).usage } };
}

function readCompletionCount(usage: unknown): ReplyPart {
  const completionTokens = isFields(usage) ? readCount(usage, "output_tokens") : undefined;
  return completionTokens === undefined ? {} : { usage: { completionTokens } };
}

/** What batches take, cached tokens included; a prompt is kept for an hour there. */
export const BATCH_TERMS: BatchTerms = { discount: 0.5, cacheWrites: 2 };
/** Bytes of a batch: the 256 MB that Anthropic allows, less a reserve of a twentieth. */
const BATCH_BYTES = 243_200_000;
const BATCHES = "/messages/batches";

/** Opens Anthropic's Message Batches for the model that the settings name. Throws AgentRefineError. */
export function openBatches(settings: ProviderSettings, environment: Env): BatchService {
  const options = apiOptions({ ...settings, stream: false }, environment, "https://api.anthropic.com/v1");
  refuseSettings(settings, { seed: "Anthropic's protocol knows none" });
  const server = ServerLimits.of(options);
  // Lines are worked on in any order at any time of a day, so that what is kept for minutes is seldom met again.
  const wire = anthropicWire(options, server, "1h");
  const secrets = secretsOf(options);
  const http = new BatchHttp({ baseUrl: withVersion(options.baseUrl), headers: wire.headers, secrets });
  return {
    name: http.host,
    limits: { requests: 100_000, bytes: BATCH_BYTES },
    ...BATCH_TERMS,
    // The batch itself carries its requests.
    store: undefined,
    line: (customId, request) => `{"custom_id":${JSON.stringify(customId)},"params":${wire.body(request)}}`,
    create: async (input) => {
      const sending = { method: "POST", body: Readable.from(bodyOf(input)) } as const;
      const length = { "content-length": String(HEAD.length + input.bytes - 1 + TAIL.length) };
      return readBatch(await http.json(BATCHES, { ...sending, headers: length }), http);
    },
    ...http.batches(BATCHES, "after_id", (fields) => readBatch(fields, http)),
    fetch: ({ id }) => http.bytes(`${BATCHES}/${encodeURIComponent(id)}/results`),
    readAnswer: (line) => readBatchLine(line, wire, secrets),
    learn: (error, request) => server.learn(error, request, 0),
  };
}

const HEAD = '{"requests":[';
const TAIL = "]}";
const NEWLINE = 0x0a;
const COMMA = 0x2c;

/** The lines of a batch file as one JSON list: a line feed stands nowhere else in them. */
async function* bodyOf({ path, bytes }: BatchInput): AsyncGenerator<Buffer | string> {
  yield HEAD;
  // The last line feed is left out.
  for await (const chunk of createReadStream(path, { end: bytes - 2 })) {
    if (!Buffer.isBuffer(chunk)) continue;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) chunk[at] = COMMA;
    yield chunk;
  }
  yield TAIL;
}

function readBatch(fields: Fields, http: BatchHttp): ProviderBatch {
  const id = http.idOf(fields, "batch");
  const state = readText(fields, "processing_status") ?? "";
  const counts = isFields(fields.request_counts) ? fields.request_counts : {};
  const count = (name: string): number => readCount(counts, name) ?? 0;
  const answered = count("succeeded") + count("errored");
  const requests = count("processing") + answered + count("canceled") + count("expired");
  const created = Date.parse(readText(fields, "created_at") ?? "");
  return {
    id,
    phase: state === "ended" ? "ended" : "open",
    state,
    createdAt: Number.isNaN(created) ? Number.POSITIVE_INFINITY : created,
    requests,
    answered,
    replies: count("succeeded"),
    files: state === "ended" ? [{ kind: "output", id }] : [],
  };
}

function readBatchLine(line: string, wire: ChatWire, secrets: readonly string[]): BatchAnswer | undefined {
  const fields = parseFields(line);
  const customId = fields && readText(fields, "custom_id");
  const result = fields?.result;
  if (customId === undefined || !isFields(result)) return undefined;
  switch (result.type) {
    case "succeeded":
      return { customId, outcome: answerOf(wire, 200, result.message, secrets) };
    case "errored":
      return { customId, outcome: answerOf(wire, 200, result.error, secrets) };
    default:
      return { customId, outcome: { kind: "unrun", why: readText(result, "type") ?? "unknown" } };
  }
}
