import { estimatePromptTokens, type Fields } from "./call.ts";
import {
  type ChatError,
  type ChatRequest,
  type ReplySchema,
  type Sampling,
  samplingSchema,
  type Usage,
} from "./chat-model.ts";
import { statedLimits } from "./failure.ts";

/** The field of OpenAI's protocol in which the limit of a reply's tokens is sent. */
export type MaxTokensField = "max_tokens" | "max_completion_tokens";

/** Told of what the user should know of a server, each once. */
export type Note = (text: string) => void;

/** What is never left out, though a server may refuse it: prices and prompts rely on it. */
const INDISPENSABLE: readonly string[] = ["maxTokens", "stop"];

const UNSUPPORTED =
  /unsupported|not support|unrecogni[sz]ed|unknown|unexpected|deprecated|only the default|not (?:permitted|allowed)|extra (?:inputs|fields)|forbidden/i;

/** A reply that is given less room than this, in tokens, is not worth its prompt: the context is full. */
const LEAST_ROOM = 1024;
/** Tokens kept free beside what the prompt is thought to have. */
const MARGIN = 32;
/** A prompt shorter than this is not judged by how the server counted it. */
const WORTH_COMPARING = 1000;
/** English and JSON have four characters a token; with fewer tokens than this share of it something was cut. */
const CUT_SHARE = 0.7;

/**
 * What one server takes, as it says in its refusals: reasoning models behind any name want another field for the
 * limit and no temperature, and a limit that does not fit into the context is refused. It is learnt at the first
 * refusal, kept for as long as the model is used, and told once.
 */
export class ServerLimits {
  /** Counts what was learnt; a call that was written before the last change can be written anew. */
  version = 0;
  maxTokensField: MaxTokensField;
  /** Whether usage may be asked for with `stream_options`. */
  takesStreamOptions = true;
  readonly #name: string;
  readonly #note: Note;
  #sampling: Sampling;
  /** What the server takes in no request. */
  readonly #refused = new Set<string>();
  #context: number | undefined;
  /** The server's tokens for one of our estimated ones. */
  #perEstimate = 1;
  #hasComparedShort = false;

  /** `name` is what notes call the server; the options may hold more than sampling. */
  constructor(
    name: string,
    options: Sampling & { readonly note?: Note | undefined },
    field: MaxTokensField = "max_tokens",
  ) {
    this.#name = name;
    this.#sampling = options;
    this.#note = options.note ?? (() => {});
    this.maxTokensField = field;
  }

  /** What is known of the server of a model before it was asked anything. */
  static of(
    options: { readonly model: string; readonly baseUrl: string } & ConstructorParameters<
      typeof ServerLimits
    >[1],
    field?: MaxTokensField,
  ): ServerLimits {
    return new ServerLimits(`${options.model} at ${new URL(options.baseUrl).host}`, options, field);
  }

  /** The sampling for a request as the server takes it. */
  sampling(request: ChatRequest): Sampling {
    const own = Object.entries(request.sampling ?? {}).filter(([key]) => !this.#refused.has(key));
    const sampling: Sampling = { ...this.#sampling, ...Object.fromEntries(own) };
    const { maxTokens } = sampling;
    if (maxTokens === undefined || this.#context === undefined) return sampling;
    const room = Math.max(Math.min(maxTokens, LEAST_ROOM), this.#room(request, this.#context));
    return { ...sampling, maxTokens: Math.min(maxTokens, room) };
  }

  /**
   * Learns from a refusal. True when the request would be written otherwise now than in the given version, so that
   * it should be sent again.
   */
  learn(error: ChatError, request: ChatRequest, version: number): boolean {
    if (error.code !== "rejected-request") return false;
    const { message } = error;
    const hasLearnt =
      this.#learnField(message) ||
      this.#learnStreamOptions(message) ||
      this.#learnDispensable(message, request) ||
      this.#learnRoom(message, request);
    if (hasLearnt) this.version += 1;
    return this.version !== version;
  }

  /** Says once when a server counts far fewer tokens in a prompt than it has: Ollama cuts without a word. */
  compare({ messages }: ChatRequest, { promptTokens, estimated }: Usage): void {
    if (this.#hasComparedShort || estimated) return;
    // What is judged has at most so many characters, and most prompts need no closer look.
    const most = messages.reduce((sum, { content }) => sum + content.length, 0) / 4;
    if (most < WORTH_COMPARING || promptTokens >= CUT_SHARE * most) return;
    const ascii = messages.reduce((sum, { content }) => sum + content.replace(/[^ -~\n]/g, "").length, 0);
    const expected = ascii / 4;
    if (expected < WORTH_COMPARING || promptTokens >= CUT_SHARE * expected) return;
    this.#hasComparedShort = true;
    this.#note(
      `${this.#name} counted ${promptTokens} tokens in a prompt of about ${Math.round(expected)}: its context is probably shorter and the beginning was cut off. Give it a longer context (Ollama: OLLAMA_CONTEXT_LENGTH).`,
    );
  }

  #learnField(message: string): boolean {
    const wantsOther =
      this.maxTokensField === "max_tokens"
        ? /max_tokens.*max_completion_tokens/is.test(message) &&
          /unsupported|not support|instead/i.test(message)
        : /max_completion_tokens/.test(message) && UNSUPPORTED.test(message) && !/\bmax_tokens/.test(message);
    if (!wantsOther) return false;
    const refused = this.maxTokensField;
    this.maxTokensField = refused === "max_tokens" ? "max_completion_tokens" : "max_tokens";
    this.#note(`${this.#name} refuses ${refused}; ${this.maxTokensField} is sent in its place.`);
    return true;
  }

  #learnStreamOptions(message: string): boolean {
    if (!this.takesStreamOptions || !/stream_options|include_usage/.test(message)) return false;
    this.takesStreamOptions = false;
    this.#note(`${this.#name} refuses stream_options, which are left out; tokens are estimated.`);
    return true;
  }

  #learnDispensable(message: string, request: ChatRequest): boolean {
    if (!UNSUPPORTED.test(message)) return false;
    const all = Object.entries(samplingSchema.parse(this.#sampling));
    const sent = Object.entries(samplingSchema.parse(this.sampling(request)));
    for (const [key] of sent) {
      const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const isForAll = all.some(([each]) => each === key);
      const isIndispensable = INDISPENSABLE.includes(key) && isForAll;
      if (isIndispensable || !new RegExp(`\\b${name}(?:_sequences)?\\b`).test(message)) continue;
      this.#refused.add(key);
      this.#sampling = samplingSchema.parse(Object.fromEntries(all.filter(([each]) => each !== key)));
      this.#note(
        key === "stop"
          ? `${this.#name} refuses ${name}, which is left out: what a reply has after its action is bought for nothing.`
          : `${this.#name} refuses ${name}, which is left out, so that the server's own value holds.`,
      );
      return true;
    }
    return false;
  }

  #learnRoom(message: string, request: ChatRequest): boolean {
    const { maxTokens } = this.#sampling;
    if (maxTokens === undefined) return false;
    const { context = this.#context, prompt, output } = statedLimits(message);
    if (output !== undefined && output < maxTokens) {
      this.#sampling = { ...this.#sampling, maxTokens: output };
      this.#note(
        `${this.#name} writes at most ${output} tokens a reply; 'maxTokens' ${maxTokens} is lowered to it.`,
      );
      return true;
    }
    if (context === undefined || statedLimits(message).context === undefined) return false;
    const before = this.sampling(request).maxTokens ?? maxTokens;
    const isNew = this.#context === undefined;
    this.#context = context;
    const measured = prompt === undefined ? 0 : prompt / estimatePromptTokens(request.messages);
    this.#perEstimate = Math.max(this.#perEstimate, measured);
    const room = this.#room(request, context);
    const after = this.sampling(request).maxTokens ?? maxTokens;
    if (room < Math.min(maxTokens, LEAST_ROOM) || after >= before) return false;
    if (isNew) {
      this.#note(
        `${this.#name} has a context of ${context} tokens: replies get what the prompt leaves of it, ${after} here, in place of 'maxTokens' ${maxTokens}.`,
      );
    }
    return true;
  }

  #room({ messages }: ChatRequest, context: number): number {
    return context - Math.ceil(estimatePromptTokens(messages) * this.#perEstimate) - MARGIN;
  }
}

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
