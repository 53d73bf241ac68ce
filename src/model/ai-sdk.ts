import { aiSdkFailure } from "./ai-sdk-failure.ts";
import { readAiSdkPart, readAiSdkResult } from "./ai-sdk-parts.ts";
import { type Call, makeCall, takePart, withOwnSignal } from "./call.ts";
import { ChatError } from "./chat-error.ts";
import type { ChatMessage, ChatModel, ChatRequest } from "./chat-model.ts";
import type { Sampling } from "./chat-wire.ts";
import { HTTP_DEFAULTS, type HttpSettings } from "./http-model.ts";

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
export interface AiSdkCallOptions {
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
export type AiSdkMessage =
  | { role: "system"; content: string }
  | { role: "user" | "assistant"; content: { type: "text"; text: string }[] };

/** Settings of {@link aiSdkModel}. */
export interface AiSdkOptions extends HttpSettings, Sampling {
  /** Whether a request's schema is sent along; false when not given. */
  readonly structured?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values that no error may show: the keys that the provider package reads by itself. */
  readonly secrets?: readonly string[];
}

/** A model of the AI SDK; the way to providers that speak neither of the two protocols. */
export function aiSdkModel(model: AiSdkLanguageModel, name: string, options: AiSdkOptions): ChatModel {
  const stream = options.stream ?? HTTP_DEFAULTS.stream;
  const secrets = [...(options.secrets ?? []), ...Object.values(options.headers ?? {})];
  return {
    name,
    chat: (request, chatOptions = {}) =>
      makeCall(request, chatOptions, (call) =>
        withOwnSignal(chatOptions.signal, async (own, stop) => {
          const asked = callOptions(request, options, own);
          const read = stream ? readStream : readWhole;
          try {
            await read(model, asked, call, options, stop);
          } catch (error) {
            throw own.aborted ? own.reason : aiSdkFailure(error, secrets);
          }
        }),
      ),
  };
}

type Stop = (reason: ChatError) => void;

async function readStream(
  model: AiSdkLanguageModel,
  asked: AiSdkCallOptions,
  call: Call,
  options: AiSdkOptions,
  stop: Stop,
): Promise<void> {
  const limit = options.idleTimeout ?? HTTP_DEFAULTS.idleTimeout;
  const words = `${model.modelId} sent nothing for ${limit / 1000} s`;
  const timer = setTimeout(() => stop(new ChatError("timeout", words)), limit);
  try {
    const { stream } = await model.doStream(asked);
    call.answered = true;
    // Leaving the loop cancels the stream, which closes the connection.
    for await (const value of stream) {
      timer.refresh();
      if (
        takePart(call, readAiSdkPart(value), options.maxReplyLength ?? HTTP_DEFAULTS.maxReplyLength) !== "on"
      )
        break;
    }
  } finally {
    clearTimeout(timer);
  }
  if (call.cut === undefined && call.defect === undefined && !call.ended) {
    asked.abortSignal.throwIfAborted();
    throw new ChatError("unreachable", `${model.modelId} ended the stream in the middle of a reply`);
  }
}

async function readWhole(
  model: AiSdkLanguageModel,
  asked: AiSdkCallOptions,
  call: Call,
  options: AiSdkOptions,
  stop: Stop,
): Promise<void> {
  const limit = options.totalTimeout ?? HTTP_DEFAULTS.totalTimeout;
  const words = `${model.modelId} sent no reply within ${limit / 1000} s`;
  const timer = setTimeout(() => stop(new ChatError("timeout", words)), limit);
  try {
    const part = readAiSdkResult(await model.doGenerate(asked));
    call.answered = true;
    takePart(call, { ...part, done: true }, options.maxReplyLength ?? HTTP_DEFAULTS.maxReplyLength);
  } finally {
    clearTimeout(timer);
  }
}

function callOptions(
  request: ChatRequest,
  options: AiSdkOptions,
  abortSignal: AbortSignal,
): AiSdkCallOptions {
  const { temperature, topP, maxTokens, seed, stop, headers, structured } = options;
  const { schema } = request;
  return {
    prompt: request.messages.map(promptMessage),
    abortSignal,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    ...(seed === undefined ? {} : { seed }),
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
