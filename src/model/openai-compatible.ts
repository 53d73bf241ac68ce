import type { ChatModel } from "./chat-model.ts";
import type { Sampling } from "./chat-wire.ts";
import { type HttpSettings, httpModel } from "./http-model.ts";
import { openAiWire } from "./openai-wire.ts";

/** Settings of {@link openAiCompatibleModel}. */
export interface OpenAiCompatibleOptions extends HttpSettings, Sampling {
  /** Such as `https://api.openai.com/v1` or `http://localhost:8000/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as a bearer token; local servers need none. */
  readonly key?: string;
  /** Whether a request's schema is sent as `response_format`; false when not given. */
  readonly structured?: boolean;
  /**
   * The field of the body that `maxTokens` goes into. When not given it is `max_completion_tokens` for
   * OpenAI's own reasoning models (`o1` …, `gpt-5` …), which refuse the older name, else `max_tokens`.
   */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the body, sent as they are; they go over ours. */
  readonly body?: Readonly<Record<string, unknown>>;
}

const REASONING_MODEL = /^(?:o\d|gpt-[5-9])/;

/** A model behind `POST {baseUrl}/chat/completions`: OpenAI, vLLM, DeepSeek, Together, Ollama and the like. */
export function openAiCompatibleModel(options: OpenAiCompatibleOptions): ChatModel {
  const { key, model, headers = {} } = options;
  const wire = openAiWire({
    baseUrl: options.baseUrl,
    model,
    key,
    stream: options.stream ?? true,
    structured: options.structured ?? false,
    sampling: options,
    maxTokensField:
      options.maxTokensField ?? (REASONING_MODEL.test(model) ? "max_completion_tokens" : "max_tokens"),
    headers,
    body: options.body ?? {},
  });
  // A further header may be a key too, under a name that we do not know.
  const secrets = [...(key === undefined ? [] : [key]), ...Object.values(headers)];
  return httpModel(model, wire, options, secrets);
}
