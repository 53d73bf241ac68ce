import { setImmediate } from "node:timers/promises";
import {
  ChatError,
  type ChatModel,
  type ChatOptions,
  type ChatReply,
  type ChatRequest,
} from "../model/chat-model.ts";
import { type Random, randomFor } from "../random.ts";
import { readScriptRequest } from "../script/prompt.ts";
import { readTrajectoryRequest } from "../trajectory/prompt.ts";
import type { ErrorPolicy } from "../trajectory/trajectory.ts";
import { DEFAULT_FAULT_RATES, type FaultRates } from "./fault-rates.ts";
import { makeWorld } from "./make-world.ts";
import { scriptReply, trajectoryReply, type WrittenReply } from "./replies.ts";
import { writeScript } from "./write-script.ts";
import { writeTrajectory } from "./write-trajectory.ts";

/** How the offline author writes. */
export interface OfflineModelOptions {
  /** The same seed and request always get the same reply, in any process. */
  readonly seed: string;
  /** How often replies have faults; {@link DEFAULT_FAULT_RATES} for those that are not given. */
  readonly faultRates?: Partial<FaultRates>;
  /** Whether the text is handed over in pieces, so that a watch can end it; true when not given. */
  readonly stream?: boolean;
}

const CHARACTERS_PER_TOKEN = 4;
const PIECE = 20;

function tokensIn(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function written(request: ChatRequest, text: string, seed: string, rates: FaultRates): WrittenReply {
  const random = randomFor(seed, text, "reply");
  const forScript = readScriptRequest(request);
  if (forScript !== undefined) {
    const script = writeScript(makeWorld(seed, forScript.persona));
    const { isCompact } = forScript;
    return { text: scriptReply({ script, isCompact }, rates, random), cut: false };
  }
  const forTrajectory = readTrajectoryRequest(request);
  if (forTrajectory === undefined) {
    throw new ChatError("rejected-request", "The offline author only writes scripts and trajectories.");
  }
  const { persona, verified, errors, form } = forTrajectory;
  const turns = writeTrajectory(makeWorld(seed, persona), verified, {
    errors: errorsToMake(errors, rates, random),
    isBrief: form.briefDungeonMaster,
  });
  return trajectoryReply({ turns, first: verified.length, wire: form.wire }, rates, random);
}

/** How many error turns there are to be; undefined for as many as the world has. */
function errorsToMake(policy: ErrorPolicy, rates: FaultRates, random: Random): number | undefined {
  const isFault = random.chance(rates.fewErrors);
  if (policy === "none") return isFault ? 1 : 0;
  return isFault ? random.integer(2) : undefined;
}

/** Hands the text over piece by piece; gives what was handed over when the watch ended it. */
function deliver(text: string, watch: ((piece: string) => boolean) | undefined): string {
  if (watch === undefined) return text;
  for (let end = PIECE; end < text.length + PIECE; end += PIECE) {
    if (watch(text.slice(end - PIECE, end))) return text.slice(0, end);
  }
  return text;
}

/**
 * The offline author: a procedural stand-in for the strong model. It answers the same requests as a real model
 * does, with worlds that are made and solved by planning and told in templates. Its language is that of its
 * templates and its worlds are small; it is meant for trials, tests, benchmarks and as a baseline that can be
 * controlled, and does not replace a strong model. A reply depends on nothing but the seed and the request: the world
 * on the seed and the persona, and what goes wrong on the seed and all the text.
 */
export function offlineModel(options: OfflineModelOptions): ChatModel {
  const rates: FaultRates = { ...DEFAULT_FAULT_RATES, ...options.faultRates };
  const chat = async (request: ChatRequest, chatOptions: ChatOptions = {}): Promise<ChatReply> => {
    await setImmediate();
    chatOptions.signal?.throwIfAborted();
    const prompt = request.messages.map(({ role, content }) => `${role}: ${content}`).join("\n");
    const { text, cut } = written(request, prompt, options.seed, rates);
    const delivered = deliver(text, options.stream === false ? undefined : chatOptions.watch?.());
    const ended = delivered.length < text.length ? "aborted" : cut ? "length" : "stop";
    return {
      text: delivered,
      finish: ended,
      usage: {
        promptTokens: tokensIn(prompt.length),
        completionTokens: tokensIn(delivered.length),
        cachedTokens: 0,
        estimated: false,
      },
    };
  };
  return { name: "offline", chat };
}
