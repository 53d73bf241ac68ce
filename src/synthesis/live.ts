import { setMaxListeners } from "node:events";
import { AgentRefineError } from "../errors.ts";
import { ChatError, needsTheUser } from "../model/chat-error.ts";
import type { ChatModel, ChatReply, ChatRequest, Usage } from "../model/chat-model.ts";
import { CostCapReached } from "../model/cost-cap-reached.ts";
import { FailureStreak } from "../model/failure-streak.ts";
import { replyFields, requestHash } from "../model/reply-record.ts";
import type { Persona } from "../persona/persona.ts";
import type { ErrorPolicy } from "../trajectory/trajectory.ts";
import { type CallRecord, type ReplyRecord, type SynthesisRecord, synthesisRecord } from "./record.ts";
import { begin, fail, receive, request, type Synthesis, watch } from "./synthesis.ts";

/** A persona that has not ended, with the replies that were bought for it before, by call number. */
export interface PendingPersona {
  readonly index: number;
  readonly persona: Persona;
  readonly replies: ReadonlyMap<number, ReplyRecord>;
}

/** What the driver needs. All effects but the model's calls are handed in. */
export interface LiveOptions {
  readonly model: ChatModel;
  /** How many calls a persona may use, the script's included. */
  readonly maximumCalls: number;
  /** Whether the trajectories are to have errors with their refinements. */
  readonly errors: ErrorPolicy;
  /** How many personas are worked on at once. */
  readonly concurrency: number;
  /** Dollars for tokens; null when the price is unknown. */
  readonly costOf: (usage: Usage) => number | null;
  /** Ends the taking of work: calls on the wire finish, waits end, nothing new is asked. */
  readonly stop: AbortSignal;
  /** Keeps a call; the reply is used only after this has resolved. */
  readonly keepCall: (call: CallRecord) => Promise<void>;
  /** Keeps a persona that has ended. */
  readonly keepSynthesis: (record: SynthesisRecord) => Promise<void>;
}

/** Why a run stopped before its end although it was not told to; what is needed is the user. */
export interface Pause {
  readonly error: Error;
}

class PausedError extends Error {}

/**
 * Drives syntheses against a live model, many at a time. Each reply is kept before it is used. Resolves when
 * every persona has ended, or with the reason of a pause; rejects when a reply cannot be kept.
 */
export async function synthesizeLive(
  personas: AsyncIterable<PendingPersona>,
  options: LiveOptions,
): Promise<Pause | undefined> {
  const driver = new LiveDriver(options);
  const source = personas[Symbol.asyncIterator]();
  const worker = async (): Promise<void> => {
    while (!driver.isStopped) {
      const { value, done } = await source.next();
      if (done === true) return;
      await driver.run(value);
    }
  };
  const workers = Array.from({ length: options.concurrency }, async () => {
    try {
      await worker();
    } catch (error) {
      driver.halt(error);
    }
  });
  await Promise.all(workers);
  await source.return?.();
  return driver.finish();
}

class LiveDriver {
  readonly #options: LiveOptions;
  readonly #streak: FailureStreak<SynthesisRecord>;
  /** Aborted when the run pauses or breaks, so that all workers end. */
  readonly #halt = new AbortController();
  readonly #stop: AbortSignal;
  #pause: Pause | undefined;
  #defect: { readonly error: unknown } | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#streak = new FailureStreak(options.keepSynthesis);
    this.#stop = AbortSignal.any([options.stop, this.#halt.signal]);
    // Every call that waits listens to it; Node would take that for a leak.
    setMaxListeners(0, this.#stop);
  }

  get isStopped(): boolean {
    return this.#stop.aborted;
  }

  /** Ends all workers because of something that no worker can go on from. */
  halt(error: unknown): void {
    if (!(error instanceof PausedError)) this.#defect ??= { error };
    this.#halt.abort();
  }

  async finish(): Promise<Pause | undefined> {
    if (this.#defect !== undefined) throw this.#defect.error;
    if (this.#pause === undefined) await this.#streak.flush();
    return this.#pause;
  }

  /** Runs one persona until it ends, or until the run stops. */
  async run({ index, persona, replies }: PendingPersona): Promise<void> {
    let synthesis = begin(persona, this.#options.maximumCalls, this.#options.errors);
    for (let ask = request(synthesis); ask !== undefined; ask = request(synthesis)) {
      const hash = requestHash(ask);
      const earlier = replies.get(synthesis.calls + 1);
      if (earlier?.request === hash) {
        synthesis = receive(synthesis, earlier);
        continue;
      }
      if (this.isStopped) return;
      const next = await this.#call(index, synthesis, ask, hash);
      if (next === undefined) return;
      synthesis = next;
    }
    const record = synthesisRecord(index, synthesis);
    if (record === undefined) return;
    if (record.outcome === "failed") this.#failed(record, synthesis);
    else await this.#options.keepSynthesis(record);
  }

  /** The synthesis after one call; undefined when the run stopped before there was a reply. */
  async #call(
    index: number,
    synthesis: Synthesis,
    ask: ChatRequest,
    hash: string,
  ): Promise<Synthesis | undefined> {
    const { model, costOf, keepCall } = this.#options;
    const identity = {
      index,
      persona: synthesis.persona.id,
      call: synthesis.calls + 1,
      purpose: synthesis.stage.kind === "script" ? ("script" as const) : ("trajectory" as const),
      request: hash,
    };
    let reply: ChatReply;
    try {
      reply = await model.chat(ask, { stop: this.#stop, watch: () => watcherOf(synthesis) });
    } catch (error) {
      if (this.isStopped && error === this.#stop.reason) return undefined;
      if (error instanceof CostCapReached || error instanceof AgentRefineError) throw this.#pauseFor(error);
      if (!(error instanceof ChatError)) throw error;
      const { code, message, usage } = error;
      if (usage !== undefined) {
        await keepCall({ ...identity, error: { code, message }, usage, cost: costOf(usage) });
      }
      if (needsTheUser(error)) throw this.#pauseFor(error);
      return fail(synthesis, message);
    }
    await keepCall({ ...identity, ...replyFields(reply), cost: costOf(reply.usage) });
    await this.#streak.succeed();
    return receive(synthesis, reply);
  }

  #failed(record: SynthesisRecord, synthesis: Synthesis): void {
    if (!this.#streak.fail(record)) return;
    const { stage } = synthesis;
    const reason = stage.kind === "ended" && stage.outcome.kind === "failed" ? stage.outcome.reason : "";
    throw this.#pauseFor(new Error(reason));
  }

  #pauseFor(error: Error): PausedError {
    this.#pause ??= { error };
    return new PausedError();
  }
}

function watcherOf(synthesis: Synthesis): (text: string) => boolean {
  const look = watch(synthesis);
  return (text) => look(text) !== undefined;
}
