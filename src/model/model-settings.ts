import { AgentRefineError } from "../errors.ts";
import { anthropicModel } from "./anthropic.ts";
import type { ChatModel } from "./chat-model.ts";
import type { Sampling } from "./chat-wire.ts";
import { type Environment, findKey } from "./find-key.ts";
import type { HttpSettings } from "./http-model.ts";
import { loadAiSdkModel } from "./load-ai-sdk-model.ts";
import { openAiCompatibleModel } from "./openai-compatible.ts";

/** A provider's protocol. */
export type Provider = "openai" | "anthropic" | "ai-sdk";

/** A model as the user names it: plain data without keys, but for what its headers may hold. */
export interface ModelSettings extends HttpSettings, Sampling {
  /** When not given: `openai` for a base URL, `anthropic` for names that begin with `claude`, else `openai`. */
  readonly provider?: Provider;
  /** For `ai-sdk` the package and the model, such as `@ai-sdk/google:gemini-2.5-pro`. */
  readonly model: string;
  readonly baseUrl?: string;
  /** The environment's variable that holds the key. */
  readonly apiKeyEnv?: string;
  /** Whether schemas of replies are sent to the provider; false when not given. */
  readonly structured?: boolean;
  /** Further headers; they go over ours. A value may be a secret: no error shows it, and whoever saves the rest leaves it out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the request's body. */
  readonly body?: Readonly<Record<string, unknown>>;
}

const DEFAULT_URLS = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
} as const;

/** Fields that would change what the reader of the reply or the cost limit relies on. */
const OWN_FIELDS: readonly string[] = [
  "messages",
  "model",
  "stream",
  "stream_options",
  "n",
  "max_tokens",
  "max_completion_tokens",
];

/** The protocol of a model: the one given, else inferred (see {@link ModelSettings}). */
function providerOf(settings: ModelSettings): Provider {
  if (settings.provider !== undefined) return settings.provider;
  return settings.baseUrl === undefined && settings.model.startsWith("claude") ? "anthropic" : "openai";
}

/** Makes the model that the settings name, with its key from the environment. Throws AgentRefineError. */
export async function openModel(settings: ModelSettings, environment: Environment): Promise<ChatModel> {
  const provider = providerOf(settings);
  if (provider === "ai-sdk") return openAiSdkModel(settings, environment);
  const field = Object.keys(settings.body ?? {}).find((name) => OWN_FIELDS.includes(name));
  if (field !== undefined) {
    throw new AgentRefineError(`the field "${field}" of the request's body cannot be set`, {
      fix: "Use the setting for it if there is one, and leave the field out.",
    });
  }
  const url = checkUrl(settings.baseUrl ?? DEFAULT_URLS[provider]);
  const key = findKey(url, environment, settings.apiKeyEnv);
  // Our own names are in lower case, and a name that is given twice would be sent twice.
  const named = Object.entries(settings.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const options = {
    ...settings,
    headers: Object.fromEntries(named),
    baseUrl: baseUrlOf(url, provider),
    ...(key === undefined ? {} : { key }),
  };
  if (provider === "openai") return openAiCompatibleModel(options);
  if (settings.seed !== undefined) throw unsupported("seed", "Anthropic's protocol knows none");
  return anthropicModel(options);
}

function openAiSdkModel(settings: ModelSettings, environment: Environment): Promise<ChatModel> {
  if (settings.baseUrl !== undefined) throw unsupported("baseUrl", "the AI SDK's package knows its own");
  if (settings.apiKeyEnv !== undefined)
    throw unsupported("apiKeyEnv", "the AI SDK's package reads its own key");
  if (settings.body !== undefined) throw unsupported("body", "the AI SDK's package writes its own");
  const keys = Object.entries(environment).filter(([name]) => /(?:KEY|TOKEN|SECRET)$/.test(name));
  const secrets = keys.map(([, value]) => value ?? "");
  return loadAiSdkModel(settings.model, { ...settings, secrets });
}

function unsupported(setting: string, reason: string): AgentRefineError {
  return new AgentRefineError(`"${setting}" cannot be set for this provider: ${reason}`, {
    fix: `Leave "${setting}" out.`,
  });
}

/** A base URL is written into the run's folder, so it must hold no secret. */
function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    // The text is not shown: what cannot be parsed may hold a key.
    throw new AgentRefineError("the base URL is not an http or https address", {
      fix: "Give one such as http://localhost:8000/v1.",
    });
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new AgentRefineError(`the base URL for ${url.host} holds more than an address`, {
      fix: "Take user, password and query out of it, and give the key in an environment variable.",
    });
  }
  return url;
}

/** Anthropic's own tools leave out the version in its base URL; we take it with and without. */
function baseUrlOf(url: URL, provider: "openai" | "anthropic"): string {
  const base = url.href.replace(/\/+$/, "");
  return provider === "anthropic" && !/\/v\d+$/.test(base) ? `${base}/v1` : base;
}
