import { request as send } from "undici";
import { AgentRefineError } from "../errors.ts";
import { type Fields, isFields, parseFields } from "./call.ts";
import type { ReplySchema } from "./chat-model.ts";
import { openDispatcher } from "./http.ts";

/** A server of OpenAI's protocol that can bind a reply to a grammar. */
interface GrammarServer {
  /** What it calls itself as the owner of its models. */
  readonly owner: string;
  /** The fields of a request with a grammar in GBNF. */
  readonly fields: (grammar: string) => Fields;
}

/** What servers can be bound with; any that is not here is sent a JSON Schema. */
const TABLE = {
  vllm: { owner: "vllm", fields: (grammar) => ({ structured_outputs: { grammar } }) },
  sglang: { owner: "sglang", fields: (ebnf) => ({ ebnf }) },
  "llama.cpp": { owner: "llamacpp", fields: (grammar) => ({ grammar }) },
} as const satisfies Readonly<Record<string, GrammarServer>>;

/** Services that bind replies to nothing but JSON. */
const UNBOUND: readonly string[] = ["api.deepseek.com"];
/** Services that need not be asked what they are. */
const KNOWN: readonly string[] = ["api.openai.com"];

/** A kind of server. */
export type ServerKind = keyof typeof TABLE | "other";

/** The name of every {@link ServerKind}. */
export const SERVER_KINDS = ["vllm", "sglang", "llama.cpp", "other"] as const satisfies readonly ServerKind[];

/** The fields of a request whose reply is bound to a schema. */
export function boundFields(schema: ReplySchema | undefined, kind: ServerKind): Fields {
  if (schema === undefined) return {};
  const grammar = kind === "other" ? undefined : schema.grammar;
  if (kind !== "other" && grammar !== undefined) return TABLE[kind].fields(grammar);
  const { name, schema: form, strict } = schema;
  return { response_format: { type: "json_schema", json_schema: { name, schema: form, strict } } };
}

const LOOK_TIMEOUT = 5000;

/**
 * What kind of server answers at an address, by what its list of models says; `other` when it does not tell. Rejects
 * with an AgentRefineError for a service that keeps to no schema.
 */
export async function findServerKind(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
): Promise<ServerKind> {
  const url = new URL(baseUrl);
  if (UNBOUND.includes(url.hostname)) {
    throw new AgentRefineError(`${url.hostname} keeps to no JSON Schema, which 'structured' asks for`, {
      fix: "Leave it out.",
    });
  }
  if (KNOWN.includes(url.hostname)) return "other";
  const dispatcher = openDispatcher(LOOK_TIMEOUT);
  try {
    const path = url.pathname.replace(/\/+$/, "");
    const answer = await send(`${url.origin}${path}/models${url.search}`, {
      headers,
      bodyTimeout: LOOK_TIMEOUT,
      dispatcher,
    });
    const data = parseFields(await answer.body.text())?.data;
    const owners: readonly unknown[] = (Array.isArray(data) ? data : []).map(
      (model) => isFields(model) && model.owned_by,
    );
    const named = SERVER_KINDS.find((kind) => kind !== "other" && owners.includes(TABLE[kind].owner));
    return named ?? "other";
  } catch {
    // Whether it answers at all, the first call tells.
    return "other";
  } finally {
    await dispatcher.close();
  }
}
