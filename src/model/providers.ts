import type { ChatModel } from "./chat-model.ts";
import type { Environment, ProviderSettings } from "./model-settings.ts";

/** Opens the model that settings name. Rejects with AgentRefineError. */
type OpenProvider = (settings: ProviderSettings, environment: Environment) => Promise<ChatModel>;

/** Every protocol that a model can be asked in, each in a file of its own that is loaded when it is needed. */
const OPEN = {
  openai: async (settings, environment) => (await import("./openai.ts")).open(settings, environment),
  anthropic: async (settings, environment) => (await import("./anthropic.ts")).open(settings, environment),
  "ai-sdk": async (settings, environment) => (await import("./ai-sdk.ts")).open(settings, environment),
} as const satisfies Readonly<Record<string, OpenProvider>>;

/** A provider's protocol. */
export type Provider = keyof typeof OPEN;

/** The name of every {@link Provider}. */
export const PROVIDERS = Object.keys(OPEN) as readonly Provider[] as readonly [Provider, ...Provider[]];

/** A model as the user names it. */
export interface ModelSettings extends ProviderSettings {
  /** When not given: `anthropic` for names that begin with `claude` without a base URL, else `openai`. */
  readonly provider?: Provider;
}

/** Makes the model that the settings name, with its key from the environment. Rejects with AgentRefineError. */
export async function openModel(
  { provider, ...settings }: ModelSettings,
  environment: Environment,
): Promise<ChatModel> {
  const isClaude = settings.baseUrl === undefined && settings.model.startsWith("claude");
  return OPEN[provider ?? (isClaude ? "anthropic" : "openai")](settings, environment);
}
