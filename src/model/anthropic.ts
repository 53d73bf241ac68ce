import { anthropicWire } from "./anthropic-wire.ts";
import type { ChatModel } from "./chat-model.ts";
import type { Sampling } from "./chat-wire.ts";
import { type HttpSettings, httpModel } from "./http-model.ts";

/** Settings of {@link anthropicModel}. */
export interface AnthropicOptions extends HttpSettings, Sampling {
  /** `https://api.anthropic.com/v1`, or that of a gateway. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as `x-api-key`. */
  readonly key?: string;
  /** Whether a request's schema is sent as `output_config`; false when not given. */
  readonly structured?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the body, sent as they are; they go over ours. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/**
 * A model behind Anthropic's `POST {baseUrl}/messages`. The system text is marked for the provider's cache.
 * What is written to that cache counts as ordinary prompt, although it costs a quarter more.
 */
export function anthropicModel(options: AnthropicOptions): ChatModel {
  const { key, model, headers = {} } = options;
  const wire = anthropicWire({
    baseUrl: options.baseUrl,
    model,
    key,
    stream: options.stream ?? true,
    structured: options.structured ?? false,
    sampling: options,
    headers,
    body: options.body ?? {},
  });
  return httpModel(model, wire, options, [...(key === undefined ? [] : [key]), ...Object.values(headers)]);
}
