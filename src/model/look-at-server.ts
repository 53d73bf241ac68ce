import { request as send } from "undici";
import { AgentRefineError } from "../errors.ts";
import { endpointUrl, type Fields, isFields, parseFields, readCount } from "./call.ts";
import { openDispatcher } from "./http.ts";
import { kindOfOwners, type ServerKind } from "./server-limits.ts";

const LOOK_TIMEOUT = 5000;

/** Fields in which lists of models tell the length of a context: vLLM, OpenRouter, Groq, Mistral, llama.cpp. */
const CONTEXT_FIELDS = ["max_model_len", "context_length", "context_window", "max_context_length", "n_ctx"];
/** Lines in which servers count the requests that they work on: vLLM, SGLang, llama.cpp. */
const RUNNING =
  /^(?:vllm:num_requests_running|sglang:num_running_reqs|llamacpp:requests_processing)\S* (\d+)/m;

/** What a server tells of itself beside its protocol. */
export interface ServerSelf {
  /** The models that it lists; none when it does not tell. */
  models(): Promise<readonly Fields[]>;
  /** Tokens, prompt and reply together, of a model; undefined when it does not tell. */
  contextLength(model: string): Promise<number | undefined>;
  /** How many requests it works on; undefined when it does not tell. */
  running(): Promise<number | undefined>;
}

/** Looks at the server at an address, each time with one short request. */
export function lookAt(baseUrl: string, headers: Readonly<Record<string, string>>): ServerSelf {
  const get = async (url: string): Promise<string> => {
    const dispatcher = openDispatcher(LOOK_TIMEOUT);
    try {
      const answer = await send(url, { headers, bodyTimeout: LOOK_TIMEOUT, dispatcher });
      const body = await answer.body.text();
      return answer.statusCode === 200 ? body : "";
    } catch {
      // Whether it answers at all, the first call tells.
      return "";
    } finally {
      await dispatcher.close();
    }
  };
  const models = async (): Promise<readonly Fields[]> => {
    const data = parseFields(await get(endpointUrl(baseUrl, "/models")))?.data;
    return Array.isArray(data) ? data.filter(isFields) : [];
  };
  return {
    models,
    contextLength: async (model) => {
      const all = await models();
      const own = all.find(({ id }) => id === model) ?? (all.length === 1 ? all[0] : undefined);
      const fields = { ...(isFields(own?.meta) ? own.meta : {}), ...own };
      return CONTEXT_FIELDS.map((name) => readCount(fields, name)).find((count) => count !== undefined);
    },
    running: async () => {
      const { origin, pathname } = new URL(baseUrl);
      const metrics = await get(`${origin}${pathname.replace(/(?:\/v\d+)?\/*$/, "")}/metrics`);
      const count = RUNNING.exec(metrics)?.[1];
      return count === undefined ? undefined : Number(count);
    },
  };
}

/** Services that bind replies to nothing but JSON. */
const UNBOUND: readonly string[] = ["api.deepseek.com"];
/** Services that need not be asked what they are. */
const KNOWN: readonly string[] = ["api.openai.com"];

/**
 * What kind of server answers at an address, by what its list of models says; `other` when it does not tell. Rejects
 * with an AgentRefineError for a service that keeps to no schema.
 */
export async function findServerKind(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
): Promise<ServerKind> {
  const { hostname } = new URL(baseUrl);
  if (UNBOUND.includes(hostname)) {
    throw new AgentRefineError(`${hostname} keeps to no JSON Schema, which 'structured' asks for`, {
      fix: "Leave it out.",
    });
  }
  if (KNOWN.includes(hostname)) return "other";
  return kindOfOwners((await lookAt(baseUrl, headers).models()).map((model) => model.owned_by));
}
