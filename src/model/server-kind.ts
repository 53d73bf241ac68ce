import type { Fields } from "./call.ts";
import type { ReplySchema } from "./chat-model.ts";

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

/** The kind of server whose models belong to one of these; `other` when none is known. */
export function kindOfOwners(owners: readonly unknown[]): ServerKind {
  return SERVER_KINDS.find((kind) => kind !== "other" && owners.includes(TABLE[kind].owner)) ?? "other";
}
