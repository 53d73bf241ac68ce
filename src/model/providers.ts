import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import type { BatchService } from "./batch/batch-service.ts";
import type { ChatModel } from "./chat-model.ts";
import type { ProviderSettings } from "./model-settings.ts";
import type { BatchTerms } from "./money.ts";

/** Opens the model that settings name. Rejects with AgentRefineError. */
type OpenProvider = (settings: ProviderSettings, environment: Env) => Promise<ChatModel>;

/** A service that speaks a protocol at an address of its own, as `init` proposes it. */
interface HostedService {
  readonly name: string;
  readonly model: string;
  /** The variable in which its users keep their key. */
  readonly key: string;
}

interface ProviderRow {
  readonly open: OpenProvider;
  /** Opens the batch service beside the model that settings name; undefined for a protocol without batches. */
  readonly batches?: (settings: ProviderSettings, environment: Env) => Promise<BatchService>;
  /** What its batch service takes. */
  readonly terms?: (baseUrl: string | undefined) => Promise<BatchTerms>;
  readonly service?: HostedService;
}

/** Every protocol that a model can be asked in, each in a file of its own that is loaded when it is needed. */
const TABLE = {
  openai: {
    open: async (settings, environment) => (await import("./openai.ts")).open(settings, environment),
    batches: async (settings, environment) =>
      (await import("./batch/openai-batches.ts")).open(settings, environment),
    terms: async (baseUrl) => (await import("./batch/openai-batches.ts")).termsAt(baseUrl),
    service: { name: "OpenAI", model: "gpt-4o", key: "OPENAI_API_KEY" },
  },
  anthropic: {
    open: async (settings, environment) => (await import("./anthropic.ts")).open(settings, environment),
    batches: async (settings, environment) =>
      (await import("./anthropic.ts")).openBatches(settings, environment),
    terms: async () => (await import("./anthropic.ts")).BATCH_TERMS,
    service: { name: "Anthropic", model: "claude-sonnet-4-5", key: "ANTHROPIC_API_KEY" },
  },
  "ai-sdk": {
    open: async (settings, environment) => (await import("./ai-sdk.ts")).open(settings, environment),
  },
} as const satisfies Readonly<Record<string, ProviderRow>>;

/** A provider's protocol. */
export type Provider = keyof typeof TABLE;

/** The name of every {@link Provider}. */
export const PROVIDERS = Object.keys(TABLE) as readonly Provider[] as readonly [Provider, ...Provider[]];

/** Services that can be proposed to who has none yet. */
export const HOSTED_SERVICES: readonly HostedService[] = Object.values<ProviderRow>(TABLE).flatMap(
  ({ service }) => service ?? [],
);

/** A model as the user names it. */
export interface ModelSettings extends ProviderSettings {
  /** When not given: `anthropic` for names that begin with `claude` without a base URL, else `openai`. */
  readonly provider?: Provider;
}

/** Makes the model that the settings name, with its key from the environment. Rejects with AgentRefineError. */
export async function openModel(
  { provider, ...settings }: ModelSettings,
  environment: Env,
): Promise<ChatModel> {
  return TABLE[provider ?? likelyProvider(settings.model, settings.baseUrl)].open(settings, environment);
}

/** The protocol of a model for which none was named. */
function likelyProvider(model: string, baseUrl: string | undefined): Provider {
  return baseUrl === undefined && model.startsWith("claude") ? "anthropic" : "openai";
}

/** Opens the batch service for the model that the settings name. Rejects with AgentRefineError. */
export async function openBatchService(
  { provider, ...settings }: ModelSettings,
  environment: Env,
): Promise<BatchService> {
  const named = provider ?? likelyProvider(settings.model, settings.baseUrl);
  const { batches }: ProviderRow = TABLE[named];
  if (batches !== undefined) return batches(settings, environment);
  throw new AgentRefineError(`models of ${named} cannot be asked in batches`, { fix: "Leave --batch out." });
}

/** What the batch service of a model takes; all that a live call costs where there is none. */
export async function batchTerms({
  name,
  baseUrl,
  provider = likelyProvider(name, baseUrl),
}: {
  readonly name: string;
  readonly baseUrl?: string;
  readonly provider?: Provider;
}): Promise<BatchTerms> {
  const { terms }: ProviderRow = TABLE[provider];
  return (await terms?.(baseUrl)) ?? { discount: 1 };
}
