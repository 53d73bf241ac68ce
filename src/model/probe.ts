import type { Env } from "../env.ts";
import { parseFields } from "./call.ts";
import { ChatError, type ChatModel, type ChatReply, type ChatRequest } from "./chat-model.ts";
import { lookAt, type ServerSelf } from "./look-at-server.ts";
import { apiOptions } from "./model-settings.ts";
import { type ModelSettings, openModel } from "./providers.ts";
import { splitReasoning } from "./reasoning.ts";

/** What a model's server was found to do, by three short calls and what it says of itself. */
export interface ModelReport {
  /** Whether a key was sent along; provider packages of the AI SDK send their own. */
  readonly sendsKey: boolean;
  readonly reply: ChatReply;
  /** Milliseconds until the first text or reasoning, and until the end. */
  readonly firstText: number;
  readonly duration: number;
  /** In how many pieces the reply came; one is a server that does not stream. */
  readonly pieces: number;
  /** Where its reasoning stands: in a field of its own, inside the text, or nowhere. */
  readonly reasoning: "field" | "text" | "none";
  /** What a JSON Schema sent along did: the reply kept to it, it was ignored, or the request was refused. */
  readonly structured: "kept" | "ignored" | ChatError;
  /**
   * Whether the server stopped writing when the connection was closed, where it tells how many requests it works on.
   */
  readonly abort: "noticed" | "not-noticed" | "unseen";
  /** Tokens, prompt and reply together; undefined when the server does not tell. */
  readonly contextLength: number | undefined;
  /** What the server was found to want otherwise. */
  readonly notes: readonly string[];
}

const HELLO: ChatRequest = {
  messages: [{ role: "user", content: "Say in one short sentence what a lighthouse is for." }],
};
const LONG: ChatRequest = {
  messages: [
    { role: "user", content: "Write a long story about a lighthouse, of at least two thousand words." },
  ],
};
const AS_JSON: ChatRequest = {
  messages: [{ role: "user", content: "Say the colour of the sky and nothing else." }],
  schema: {
    name: "sky",
    strict: true,
    schema: {
      type: "object",
      properties: { colour: { type: "string", enum: ["blue", "green"] } },
      required: ["colour"],
      additionalProperties: false,
    },
  },
};

/** Enough for a model that reasons before it answers. */
const MAX_TOKENS = 1024;
/** How long a server is given to notice that nobody listens any more, in milliseconds. */
const TIME_TO_NOTICE = 5000;

/**
 * Finds out what the server of a model can do. Rejects with a ChatError when its first call gets no reply, and with
 * AgentRefineError for settings that cannot be used.
 */
export async function probeModel(settings: ModelSettings, environment: Env): Promise<ModelReport> {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const asked = { maxTokens: MAX_TOKENS, ...settings, note };
  const model = await openModel(asked, environment);
  const first = await timedCall(model);
  const { baseUrl } = settings;
  const options = baseUrl === undefined ? undefined : apiOptions(settings, environment, baseUrl);
  const key = options?.key === undefined ? {} : { authorization: `Bearer ${options.key}` };
  const self = options && lookAt(options.baseUrl, { ...key, ...options.headers });
  const abort = self === undefined ? "unseen" : await probeAbort(model, self);
  const structured = await probeSchema(await openModel({ ...asked, structured: true }, environment));
  const sendsKey =
    settings.provider === "ai-sdk" ||
    options === undefined ||
    options.key !== undefined ||
    settings.headers !== undefined;
  const contextLength = await self?.contextLength(settings.model);
  return { sendsKey, ...first, abort, structured, contextLength, notes };
}

async function timedCall(
  model: ChatModel,
): Promise<Pick<ModelReport, "reply" | "firstText" | "duration" | "pieces" | "reasoning">> {
  const began = performance.now();
  let firstText: number | undefined;
  let pieces = 0;
  const progress = (): void => {
    firstText ??= performance.now() - began;
    pieces += 1;
  };
  const reply = await model.chat(HELLO, { progress });
  const duration = performance.now() - began;
  const isInText = splitReasoning(reply.text).reasoning !== "";
  const reasoning = reply.reasoning !== undefined ? "field" : isInText ? "text" : "none";
  return { reply, firstText: firstText ?? duration, duration, pieces, reasoning };
}

async function probeSchema(model: ChatModel): Promise<ModelReport["structured"]> {
  try {
    const { text } = await model.chat(AS_JSON);
    const colour = parseFields(splitReasoning(text).text)?.colour;
    return colour === "blue" || colour === "green" ? "kept" : "ignored";
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}

async function probeAbort(model: ChatModel, server: ServerSelf): Promise<ModelReport["abort"]> {
  const before = await server.running();
  await model.chat(LONG, { watch: () => () => true });
  if (before === undefined) return "unseen";
  const until = performance.now() + TIME_TO_NOTICE;
  while (performance.now() < until) {
    const now = await server.running();
    if (now !== undefined && now <= before) return "noticed";
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return "not-noticed";
}
