import { defined } from "../defined.ts";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import type { Sampling } from "./chat-model.ts";
import type { HttpSettings } from "./http.ts";
import type { MaxTokensField, Note, ServerKind } from "./server-limits.ts";

/** What a provider makes a model of: plain data without keys, but for what its headers may hold. */
export interface ProviderSettings extends HttpSettings, Sampling {
  /** For `ai-sdk` the package and the model, such as `@ai-sdk/google:gemini-2.5-pro`. */
  readonly model: string;
  /** Such as `https://api.openai.com/v1` or `http://localhost:8000/v1`; a query goes along with each request. */
  readonly baseUrl?: string;
  /** The environment's variable that holds the key. */
  readonly apiKeyEnv?: string;
  /** Whether schemas of replies are sent to the provider; false when not given. */
  readonly structured?: boolean;
  /** What kind of server it is, which says how it is sent them; it is asked when not given. */
  readonly server?: ServerKind;
  /**
   * Further headers; they go over ours. A value may be a secret: no error shows it, and whoever saves the rest leaves
   * it out.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the request's body, sent as they are; they go over ours. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Told, each once, of what the server was found to want otherwise; not kept with the rest. */
  readonly note?: Note;
}

/** What a provider that speaks HTTP is opened with. */
export interface ApiOptions extends Omit<ProviderSettings, "apiKeyEnv"> {
  readonly baseUrl: string;
  /** Local servers need none. */
  readonly key?: string;
}

/** What may never be shown of a provider's settings: a further header may be a key too, under a name that we do not know. */
export function secretsOf({ key, headers = {} }: ApiOptions): readonly string[] {
  return [...(key === undefined ? [] : [key]), ...Object.values(headers)];
}

/** Fields that would change what the reader of the reply relies on. */
const OWN_FIELDS: readonly string[] = ["messages", "model", "stream", "stream_options", "n"];
const LIMIT_FIELDS: readonly MaxTokensField[] = ["max_tokens", "max_completion_tokens"];

/**
 * The options of a provider that speaks HTTP, with its key from the environment. A limit among the further fields of
 * the body takes the place of `maxTokens` and goes into the field that it was given in. Throws AgentRefineError.
 */
export function apiOptions(
  settings: ProviderSettings,
  environment: Env,
  defaultUrl: string,
): ApiOptions & { readonly maxTokensField?: MaxTokensField } {
  const field = Object.keys(settings.body ?? {}).find((name) => OWN_FIELDS.includes(name));
  if (field !== undefined) {
    throw new AgentRefineError(`the field "${field}" of the request's body cannot be set`, {
      fix: "Use the setting for it if there is one, and leave the field out.",
    });
  }
  const url = checkUrl(settings.baseUrl ?? defaultUrl);
  const key = findKey(url, environment, settings.apiKeyEnv);
  // Our own names are in lower case, and a name that is given twice would be sent twice.
  const named = Object.entries(settings.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const { apiKeyEnv: _isRead, ...rest } = settings;
  return {
    ...rest,
    headers: Object.fromEntries(named),
    baseUrl: url.href,
    ...defined({ key }),
    ...limitOfBody(settings),
  };
}

/** The limit that the further fields of a body hold, taken out of them. */
function limitOfBody({
  body,
  maxTokens = Number.POSITIVE_INFINITY,
}: ProviderSettings): Pick<ApiOptions, "body" | "maxTokens"> & { readonly maxTokensField?: MaxTokensField } {
  const maxTokensField = LIMIT_FIELDS.find((name) => Object.hasOwn(body ?? {}, name));
  if (body === undefined || maxTokensField === undefined) return {};
  const { [maxTokensField]: limit, ...rest } = body;
  if (typeof limit !== "number" || !Number.isSafeInteger(limit) || limit < 1 || limit > maxTokens) {
    throw new AgentRefineError(`"${maxTokensField}" of the request's body is no limit that can be kept`, {
      fix: `Give a whole number of tokens that is not above 'maxTokens' (${maxTokens}), by which costs are bounded.`,
    });
  }
  return { body: rest, maxTokens: limit, maxTokensField };
}

/** Refuses settings that a provider has no use for. Throws AgentRefineError. */
export function refuseSettings(
  settings: ProviderSettings,
  reasons: Partial<Record<keyof ProviderSettings, string>>,
): void {
  for (const [setting, reason] of Object.entries(reasons)) {
    if (!Object.hasOwn(settings, setting)) continue;
    throw new AgentRefineError(`"${setting}" cannot be set for this provider: ${reason}`, {
      fix: `Leave "${setting}" out.`,
    });
  }
}

/** Names of parameters whose values open doors. */
const SECRET_PARAMETER = /key|token|secret|sig|code|pass|auth/i;

/** A base URL is written into the run's folder, so it must hold no secret. */
function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    // The text is not shown: what cannot be parsed may hold a key.
    throw new AgentRefineError("the base URL is not an http or https address", {
      fix: "Give one such as http://localhost:8000/v1.",
    });
  }
  const hasSecret = [...url.searchParams.keys()].some((name) => SECRET_PARAMETER.test(name));
  if (url.username !== "" || url.password !== "" || url.hash !== "" || hasSecret) {
    throw new AgentRefineError(`the base URL for ${url.host} holds more than an address`, {
      fix: "Take user, password and key out of it, and give the key in an environment variable.",
    });
  }
  return url;
}

/** The variable in which each provider's users keep their key. A key goes to its own host and to no other. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  "api.openai.com": "OPENAI_API_KEY",
  "api.anthropic.com": "ANTHROPIC_API_KEY",
  "api.deepseek.com": "DEEPSEEK_API_KEY",
  "api.together.xyz": "TOGETHER_API_KEY",
  "api.together.ai": "TOGETHER_API_KEY",
  "openrouter.ai": "OPENROUTER_API_KEY",
  "api.mistral.ai": "MISTRAL_API_KEY",
  "api.groq.com": "GROQ_API_KEY",
  "api.fireworks.ai": "FIREWORKS_API_KEY",
  "api.x.ai": "XAI_API_KEY",
  "api.cerebras.ai": "CEREBRAS_API_KEY",
  "api.deepinfra.com": "DEEPINFRA_API_KEY",
  "api.moonshot.ai": "MOONSHOT_API_KEY",
  "dashscope.aliyuncs.com": "DASHSCOPE_API_KEY",
  "dashscope-intl.aliyuncs.com": "DASHSCOPE_API_KEY",
  "generativelanguage.googleapis.com": "GEMINI_API_KEY",
};

/** The variable for keys of any host. */
const OWN_VARIABLE = "AGENTREFINE_API_KEY";

/** The variables in which a key is looked for when none is named. */
export const KEY_VARIABLES: readonly string[] = [...new Set([OWN_VARIABLE, ...Object.values(WELL_KNOWN)])];

/** A key from a variable, without the line end that comes along when it is read from a file. */
function read(environment: Env, variable: string): string | undefined {
  const key = environment[variable]?.trim();
  if (key === undefined || key === "") return undefined;
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new AgentRefineError(`the key in ${variable} has characters that no key has`, {
      fix: `Set ${variable} again; a space or a line end may have come along.`,
    });
  }
  return key;
}

/** Whether an address is on this machine. */
function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/**
 * The variable whose key a server would be sent that somebody else may have named: the one that is named with it, else
 * the one for any host when it is set. Undefined where no key would go, or only to where it harms nobody: to a provider's own
 * host, or to this machine.
 */
export function keyAtRisk(baseUrl: string, named: string | undefined, environment: Env): string | undefined {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isKnown = url?.protocol === "https:" && Object.hasOwn(WELL_KNOWN, url.hostname);
  if (named !== undefined) return isKnown && WELL_KNOWN[url.hostname] === named ? undefined : named;
  if (url === undefined || isKnown || isLoopback(url)) return undefined;
  return (environment[OWN_VARIABLE] ?? "").trim() === "" ? undefined : OWN_VARIABLE;
}

/**
 * The key for a host: from the variable that the user named, else AGENTREFINE_API_KEY, else the host's own
 * variable. Undefined for hosts that need none, such as a local server. Throws AgentRefineError, which names the
 * variable, for one that is missing.
 */
export function findKey(url: URL, environment: Env, named?: string): string | undefined {
  if (named !== undefined) {
    const key = read(environment, named);
    if (key !== undefined) return key;
    throw new AgentRefineError(`the variable ${named} holds no key`, { fix: `Set ${named}.` });
  }
  const own = read(environment, OWN_VARIABLE);
  if (own !== undefined) return own;
  const variable = Object.hasOwn(WELL_KNOWN, url.hostname) ? WELL_KNOWN[url.hostname] : undefined;
  if (variable === undefined) return undefined;
  // A key must not travel in the open.
  const key = url.protocol === "https:" ? read(environment, variable) : undefined;
  if (key !== undefined) return key;
  throw new AgentRefineError(`${url.hostname} needs a key`, {
    fix: `Set ${variable} (and use https) or ${OWN_VARIABLE}.`,
  });
}
