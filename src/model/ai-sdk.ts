import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { defined } from "../defined.ts";
import type { Env } from "../env.ts";
import { AgentRefineError, errorMessage, shortWords, systemErrorCode } from "../errors.ts";
import {
  type Call,
  type Fields,
  isFields,
  makeCall,
  type ReplyPart,
  type ReportedUsage,
  readCount,
  readText,
  takePart,
} from "./call.ts";
import {
  ChatError,
  type ChatErrorCode,
  type ChatMessage,
  type ChatModel,
  type ChatRequest,
  type FinishReason,
  type Sampling,
} from "./chat-model.ts";
import { classifyFailure, redact } from "./failure.ts";
import { HTTP_DEFAULTS, type HttpSettings } from "./http.ts";
import { type ProviderSettings, refuseSettings } from "./model-settings.ts";
import { type Note, ServerLimits } from "./server-limits.ts";

/**
 * The part of the AI SDK's language model that is used here, as every provider package of the AI SDK makes it
 * (specification v2 and later). It is called directly: the SDK's own `streamText` costs three times as much
 * processor time for each reply.
 */
export interface AiSdkLanguageModel {
  readonly modelId: string;
  doGenerate(options: AiSdkCallOptions): PromiseLike<unknown>;
  doStream(options: AiSdkCallOptions): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

/** What the AI SDK's language models are asked. */
interface AiSdkCallOptions {
  prompt: AiSdkMessage[];
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  seed?: number;
  stopSequences?: string[];
  responseFormat?: { type: "json"; name: string; schema: Record<string, unknown> };
  abortSignal: AbortSignal;
  headers?: Record<string, string>;
}

/** A message in the AI SDK's form. */
type AiSdkMessage =
  | { role: "system"; content: string }
  | { role: "user" | "assistant"; content: { type: "text"; text: string }[] };

/** Settings of {@link aiSdkModel}. */
export interface AiSdkOptions extends HttpSettings, Sampling {
  /** Whether a request's schema is sent along; false when not given. */
  readonly structured?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values that no error may show: the keys that the provider package reads by itself. */
  readonly secrets?: readonly string[];
  /** Told, each once, of what the provider was found to want otherwise. */
  readonly note?: Note;
}

/** Opens the model that the settings name. Rejects with AgentRefineError. */
export function open(settings: ProviderSettings, environment: Env): Promise<ChatModel> {
  refuseSettings(settings, {
    baseUrl: "the AI SDK's package knows its own",
    apiKeyEnv: "the AI SDK's package reads its own key",
    body: "the AI SDK's package writes its own",
  });
  // A package looks into the process's own variables only; those of a file `.env`, say, would not reach it.
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) process.env[name] ??= value;
  }
  const keys = Object.entries(environment).filter(([name]) => /(?:KEY|TOKEN|SECRET)$/.test(name));
  return loadAiSdkModel(settings.model, { ...settings, secrets: keys.map(([, value]) => value ?? "") });
}

/** A model of the AI SDK; the way to providers that speak neither of the two protocols. */
export function aiSdkModel(model: AiSdkLanguageModel, name: string, options: AiSdkOptions): ChatModel {
  const { secrets: keys = [], headers = {}, ...settings } = options;
  const { stream, idleTimeout, totalTimeout, maxReplyLength } = { ...HTTP_DEFAULTS, ...defined(settings) };
  const secrets = [...keys, ...Object.values(headers)];
  const server = new ServerLimits(name, options);
  const timeout = stream ? idleTimeout : totalTimeout;
  const words = `${model.modelId} sent ${stream ? "no text" : "no whole reply"} for ${timeout / 1000} s ('timeout')`;
  const read = stream ? readStream : readWhole;
  return {
    name,
    chat: (request, chatOptions = {}) =>
      makeCall(request, chatOptions, server, async (call) => {
        const { signal } = chatOptions;
        const ending = new AbortController();
        const { signal: abortSignal } = ending;
        const pass = (): void => ending.abort(signal?.reason);
        signal?.addEventListener("abort", pass, { once: true });
        const timer = setTimeout(() => ending.abort(new ChatError("timeout", words)), timeout);
        try {
          const asked = callOptions(request, options, server.sampling(request), abortSignal);
          await read(model, asked, { call, maxReplyLength, timer });
        } catch (error) {
          throw abortSignal.aborted ? abortSignal.reason : aiSdkFailure(error, secrets);
        } finally {
          clearTimeout(timer);
          signal?.removeEventListener("abort", pass);
        }
      }),
  };
}

/** A reply that is being read; the timer ends it, and begins anew with each text of a stream. */
interface Reading {
  readonly call: Call;
  readonly maxReplyLength: number;
  readonly timer: NodeJS.Timeout;
}

async function readStream(
  model: AiSdkLanguageModel,
  asked: AiSdkCallOptions,
  { call, maxReplyLength, timer }: Reading,
): Promise<void> {
  const { stream } = await model.doStream(asked);
  call.answered = true;
  // Leaving the loop cancels the stream, which closes the connection.
  for await (const value of stream) {
    const part = readAiSdkPart(value);
    if (part.text !== undefined || part.reasoning !== undefined) timer.refresh();
    if (takePart(call, part, maxReplyLength) !== "on") break;
  }
  if (call.cut === undefined && call.defect === undefined && !call.ended) {
    asked.abortSignal.throwIfAborted();
    throw new ChatError("unreachable", `${model.modelId} ended the stream in the middle of a reply`);
  }
}

async function readWhole(
  model: AiSdkLanguageModel,
  asked: AiSdkCallOptions,
  { call, maxReplyLength }: Reading,
): Promise<void> {
  const part = readAiSdkResult(await model.doGenerate(asked));
  call.answered = true;
  takePart(call, { ...part, done: true }, maxReplyLength);
}

function callOptions(
  request: ChatRequest,
  { headers, structured }: AiSdkOptions,
  { temperature, topP, maxTokens, seed, stop }: Sampling,
  abortSignal: AbortSignal,
): AiSdkCallOptions {
  const { schema } = request;
  return {
    prompt: request.messages.map(promptMessage),
    abortSignal,
    ...defined({ temperature, topP, maxOutputTokens: maxTokens, seed }),
    ...(stop === undefined ? {} : { stopSequences: [...stop] }),
    ...(headers === undefined ? {} : { headers: { ...headers } }),
    ...(structured === true && schema !== undefined
      ? { responseFormat: { type: "json", name: schema.name, schema: { ...schema.schema } } }
      : {}),
  };
}

function promptMessage({ role, content }: ChatMessage): AiSdkMessage {
  return role === "system" ? { role, content } : { role, content: [{ type: "text", text: content }] };
}

const FINISH: Readonly<Record<string, FinishReason>> = {
  length: "length",
  "content-filter": "filter",
  "tool-calls": "tool",
};

/** An error that the AI SDK reported inside a stream or a result, in place of a part. */
class AiSdkStreamError extends Error {
  override readonly name = "AiSdkStreamError";
}

/**
 * Reads one part of an AI SDK stream. Throws the error that the part carries: the SDK's own when it is one,
 * else an {@link AiSdkStreamError} with the provider's words as JSON.
 */
function readAiSdkPart(value: unknown): ReplyPart {
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
function readAiSdkResult(value: unknown): ReplyPart {
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
  const cacheWriteTokens = isFields(input) ? readCount(input, "cacheWrite") : undefined;
  const completionTokens = isFields(output) ? readCount(output, "total") : readCount(usage, "outputTokens");
  return {
    ...defined({ promptTokens, cachedTokens, cacheWriteTokens, completionTokens }),
  };
}

/** What the AI SDK's own errors mean; its packages mark them by name. */
const CODES: Readonly<Record<string, ChatErrorCode>> = {
  AI_LoadAPIKeyError: "unauthorized",
  AI_NoSuchModelError: "not-found",
  AI_JSONParseError: "bad-reply",
  AI_TypeValidationError: "bad-reply",
  AI_InvalidResponseDataError: "bad-reply",
  AI_EmptyResponseBodyError: "bad-reply",
  AI_InvalidPromptError: "rejected-request",
  AI_UnsupportedFunctionalityError: "rejected-request",
};

/** What the AI SDK threw, in our words. Its errors for failed calls carry the answer's status and body. */
export function aiSdkFailure(error: unknown, secrets: readonly string[]): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof AiSdkStreamError) {
    return classifyFailure({ status: 200, headers: {}, body: error.message }, secrets);
  }
  const words = redact(wordsOf(error), secrets);
  const fields: unknown = error;
  if (!isFields(fields)) return new ChatError("unreachable", shortWords(words));
  const { statusCode, responseBody, name } = fields;
  if (typeof statusCode === "number" && statusCode >= 300) {
    const body = typeof responseBody === "string" && responseBody !== "" ? responseBody : words;
    return classifyFailure({ status: statusCode, headers: headersOf(fields), body }, secrets);
  }
  const known = typeof name === "string" && Object.hasOwn(CODES, name) ? CODES[name] : undefined;
  return new ChatError(known ?? (isUnreadable(fields) ? "bad-reply" : "unreachable"), shortWords(words));
}

/** A status of success beside an error that a retry would not fix: a body that could not be read. */
function isUnreadable(fields: Fields): boolean {
  return typeof fields.statusCode === "number" && fields.isRetryable !== true;
}

function headersOf(fields: Fields): Record<string, string> {
  const headers: Record<string, string> = {};
  const given = fields.responseHeaders;
  for (const [name, value] of Object.entries(isFields(given) ? given : {})) {
    if (typeof value === "string") headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** The SDK hides the reason of a broken connection in the cause. */
function wordsOf(error: unknown): string {
  const words = errorMessage(error);
  return error instanceof Error && error.cause instanceof Error ? `${words}: ${error.cause.message}` : words;
}

/** A provider of the AI SDK: a function from a model's name to the model. */
type Provider = (modelId: string) => unknown;

const PACKAGE_AND_MODEL = /^((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*):(.+)$/i;

/**
 * The model that `text` names, such as `@ai-sdk/google:gemini-2.5-pro`. The provider's package is imported, from
 * beside this package or from `folder`, and its provider function is called with the model's name; the key is
 * the package's own affair. Throws AgentRefineError.
 */
export async function loadAiSdkModel(
  text: string,
  options: AiSdkOptions,
  folder: string = process.cwd(),
): Promise<ChatModel> {
  const [, packageName, modelId] = PACKAGE_AND_MODEL.exec(text) ?? [];
  if (packageName === undefined || modelId === undefined) {
    throw new AgentRefineError(`"${text}" does not name a model of the AI SDK`, {
      fix: "Write the provider's package and the model's name, such as @ai-sdk/google:gemini-2.5-pro.",
    });
  }
  const provider = findProvider(await importPackage(packageName, folder));
  if (provider === undefined) {
    throw new AgentRefineError(`the package ${packageName} exports no provider of the AI SDK`, {
      fix: "Name a package that exports one ready to use, such as @ai-sdk/google.",
    });
  }
  const model = provider(modelId);
  if (!isLanguageModel(model)) {
    throw new AgentRefineError(`the package ${packageName} made no language model of "${modelId}"`, {
      fix: "Use a provider package for the AI SDK 5 or later.",
    });
  }
  return aiSdkModel(model, modelId, options);
}

async function importPackage(name: string, folder: string): Promise<object> {
  try {
    return await import(name);
  } catch (error) {
    if (systemErrorCode(error) !== "ERR_MODULE_NOT_FOUND") throw broken(name, error);
  }
  try {
    const path = createRequire(join(folder, "package.json")).resolve(name);
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (systemErrorCode(error) !== "MODULE_NOT_FOUND") throw broken(name, error);
    throw new AgentRefineError(`the package ${name} is not installed`, { fix: `Run: npm install ${name}` });
  }
}

function broken(name: string, error: unknown): AgentRefineError {
  return new AgentRefineError(`the package ${name} cannot be loaded: ${errorMessage(error)}`, {
    fix: `Run: npm install ${name}`,
    cause: error,
  });
}

/** The default export when it is a provider, else the first export that is one. */
function findProvider(module: object): Provider | undefined {
  const values: unknown[] =
    "default" in module ? [module.default, ...Object.values(module)] : Object.values(module);
  return values.find(isProvider);
}

/** Providers are functions that also have a method `languageModel`; their factories have none. */
function isProvider(value: unknown): value is Provider {
  return typeof value === "function" && "languageModel" in value && typeof value.languageModel === "function";
}

function isLanguageModel(value: unknown): value is AiSdkLanguageModel {
  return (
    typeof value === "object" &&
    value !== null &&
    "modelId" in value &&
    "doGenerate" in value &&
    "doStream" in value &&
    typeof value.doGenerate === "function" &&
    typeof value.doStream === "function"
  );
}
