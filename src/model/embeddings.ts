import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import { type ChatWire, endpointUrl, isFields, parseFields, readCount } from "./call.ts";
import { ChatError } from "./chat-model.ts";
import { exceedsContext } from "./failure.ts";
import { httpModel } from "./http.ts";
import { systemClock } from "./limiter.ts";
import { type ApiOptions, apiOptions, type ProviderSettings, secretsOf } from "./model-settings.ts";
import { keyHeader } from "./openai.ts";
import { type Note, ServerLimits } from "./server-limits.ts";
import { DEFAULT_SCHEDULE, retryingModel } from "./stack.ts";

/** Which model makes vectors of texts, and where it is served. */
export type EmbeddingSettings = Pick<
  ProviderSettings,
  "model" | "baseUrl" | "apiKeyEnv" | "headers" | "totalTimeout" | "note"
>;

/** A model behind `POST {baseUrl}/embeddings`. */
export interface EmbeddingModel {
  readonly name: string;
  readonly baseUrl: string;
  /**
   * One vector for each text, in their order. A text that is longer than the model's context is cut. `stop` ends waits
   * between attempts, not a call on the wire, which is paid for. Rejects with a ChatError when the server gives no
   * answer, and with an AgentRefineError when its answer holds no such vectors.
   */
  embed(texts: readonly string[], stop: AbortSignal): Promise<readonly Float32Array[]>;
}

/** Longer texts are cut, in characters; and never below the second number, however often a server refuses them. */
const LONGEST = 24_000;
const SHORTEST = 400;
/** The longest answer, in characters: a batch of the longest vectors, with all digits. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/**
 * The protocol as one of chats, so that embeddings are sent, bounded, throttled and retried as all other calls are: the
 * messages are the texts, and the reply's text is the answer as it came.
 */
function embeddingWire({ baseUrl, key, model, headers }: ApiOptions): ChatWire {
  const url = endpointUrl(baseUrl, "/embeddings");
  return {
    url,
    headers: { "content-type": "application/json", ...keyHeader(url, key), ...headers },
    body: ({ messages }) =>
      JSON.stringify({ model, input: messages.map(({ content }) => content), encoding_format: "float" }),
    // Nobody streams vectors; whoever answers so is shown as one who sent none.
    eventReader: () => (data) => ({ text: data }),
    readReply: (body) => {
      const answer = parseFields(body);
      if (answer !== undefined && "error" in answer && !("data" in answer)) return { failure: body };
      const usage = answer !== undefined && isFields(answer.usage) ? answer.usage : {};
      const promptTokens = readCount(usage, "prompt_tokens");
      const counted = promptTokens === undefined ? {} : { usage: { promptTokens, completionTokens: 0 } };
      return { text: body, finish: "stop", ...counted };
    },
  };
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => Number.isFinite(each));
}

/** The vectors of an answer by the places of their texts, or what is wrong with it. */
function readVectors(body: string, count: number): readonly Float32Array[] | string {
  const data = parseFields(body)?.data;
  if (!Array.isArray(data)) return "something that is no list of vectors";
  const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
  for (const [place, each] of data.entries()) {
    if (!isFields(each) || !isVector(each.embedding)) return "a vector that is no list of numbers";
    const index = readCount(each, "index") ?? place;
    if (index >= count) return `a vector for text ${index + 1} of ${count}`;
    vectors[index] = Float32Array.from(each.embedding);
  }
  const whole = vectors.flatMap((vector) => vector ?? []);
  if (whole.length < count) return `${whole.length} vectors for ${count} texts`;
  if (whole.some(({ length }) => length !== whole[0]?.length)) return "vectors of different lengths";
  return whole;
}

/** Whether a server wants less at once: shorter texts, or fewer of them. */
function wantsLess(error: unknown): boolean {
  if (!(error instanceof ChatError)) return false;
  return exceedsContext(error) || (error.code === "rejected-request" && /batch size/i.test(error.message));
}

/**
 * Asks for the vectors of texts: where they are too much in halves, so that a long one changes nothing for those beside
 * it, and where one alone is too long for its beginning.
 */
async function askWithin(
  ask: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
  texts: readonly string[],
  onCut: (from: number, to: number) => void,
): Promise<readonly Float32Array[]> {
  const [first = ""] = texts;
  for (let length = LONGEST; ; length = Math.floor(Math.min(length, first.length) / 2)) {
    try {
      const vectors = await ask(texts.map((text) => text.slice(0, length).toWellFormed() || " "));
      if (length < Math.min(LONGEST, first.length)) onCut(first.length, length);
      return vectors;
    } catch (error) {
      if (!wantsLess(error)) throw error;
      if (texts.length > 1) break;
      if (Math.min(length, first.length) / 2 < SHORTEST) throw error;
    }
  }
  const half = Math.ceil(texts.length / 2);
  const [before, after] = [texts.slice(0, half), texts.slice(half)];
  return [...(await askWithin(ask, before, onCut)), ...(await askWithin(ask, after, onCut))];
}

/** Opens the model that the settings name, with its key from the environment. Throws AgentRefineError. */
export function openEmbeddings(settings: EmbeddingSettings, environment: Env): EmbeddingModel {
  const options = apiOptions(settings, environment, "https://api.openai.com/v1");
  const { model: name, baseUrl } = options;
  const note: Note = settings.note ?? (() => {});
  const { host } = new URL(baseUrl);
  const server = new ServerLimits(`${name} at ${host}`, { note });
  const secrets = secretsOf(options);
  const whole = { ...options, stream: false, maxReplyLength: LONGEST_ANSWER };
  const model = retryingModel(httpModel(name, embeddingWire(options), whole, server, secrets), {
    schedule: DEFAULT_SCHEDULE,
    clock: systemClock,
    seed: 0,
    note,
  });
  let hasCut = false;
  const onCut = (from: number, to: number): void => {
    const first = `the first of them from ${from} to ${to} characters`;
    if (!hasCut) note(`${name} takes no text as long as some are: they are cut, ${first}.`);
    hasCut = true;
  };
  const ask = async (texts: readonly string[], stop: AbortSignal): Promise<readonly Float32Array[]> => {
    const messages = texts.map((content) => ({ role: "user" as const, content }));
    const vectors = readVectors((await model.chat({ messages }, { stop })).text, texts.length);
    if (typeof vectors !== "string") return vectors;
    throw new AgentRefineError(`${host} answered with ${vectors} when it was asked for embeddings`, {
      fix: "Check that --embeddings names an embedding model and that --base-url is that of its API.",
    });
  };
  return {
    name,
    baseUrl,
    embed: (texts, stop) => askWithin((some) => ask(some, stop), texts, onCut),
  };
}
