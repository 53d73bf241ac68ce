import { ChatError, isRepeatable, needsTheUser } from "../model/chat-error.ts";
import type { ChatModel, ChatReply, ChatRequest } from "../model/chat-model.ts";
import type { CostOf } from "../model/prices.ts";
import { withReasoningApart } from "../model/reasoning.ts";
import { replyFields, requestHash } from "../model/reply-record.ts";
import { type Pause, RunHalt } from "../model/run-halt.ts";
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
  readonly costOf: CostOf;
  /** Ends the taking of work: calls on the wire finish, waits end, nothing new is asked. */
  readonly stop: AbortSignal;
  /** Keeps a call; the reply is used only after this has resolved. */
  readonly keepCall: (call: CallRecord) => Promise<void>;
  /** Keeps a persona that has ended. */
  readonly keepSynthesis: (record: SynthesisRecord) => Promise<void>;
}

/**
 * Drives syntheses against a live model, many at a time. Each reply is kept before it is used. Resolves when
 * every persona has ended, or with the reason of a pause; rejects when a reply cannot be kept.
 */
export async function synthesizeLive(
  personas: AsyncIterable<PendingPersona>,
  options: LiveOptions,
): Promise<Pause | undefined> {
  const halt = new RunHalt<SynthesisRecord>(options.stop, options.keepSynthesis);
  const source = personas[Symbol.asyncIterator]();
  const work = async (): Promise<void> => {
    while (!halt.signal.aborted) {
      const { value, done } = await source.next();
      if (done === true) return;
      await run(value, options, halt).catch((error: unknown) => halt.take(error));
    }
  };
  // Personas that cannot be read are no reason for a pause but for an end.
  const workers = Array.from({ length: options.concurrency }, () => work().catch((e) => halt.breakFor(e)));
  await Promise.all(workers);
  await source.return?.();
  return halt.finish();
}

type Halt = RunHalt<SynthesisRecord>;

/** Runs one persona until it ends, or until the run stops. */
async function run(
  { index, persona, replies }: PendingPersona,
  options: LiveOptions,
  halt: Halt,
): Promise<void> {
  let synthesis = begin(persona, options.maximumCalls, options.errors);
  for (let ask = request(synthesis); ask !== undefined; ask = request(synthesis)) {
    const hash = requestHash(ask);
    const earlier = replies.get(synthesis.calls + 1);
    if (earlier?.request === hash) {
      synthesis = receive(synthesis, earlier);
      continue;
    }
    halt.signal.throwIfAborted();
    synthesis = await buy(synthesis, ask, { index, hash, options, halt });
  }
  const record = synthesisRecord(index, synthesis);
  if (record === undefined) return;
  if (record.outcome === "failed") halt.fail(record, new Error(record.reason ?? ""));
  else await halt.keep(options.keepSynthesis(record));
}

/** What a call is made with beside its request. */
interface CallContext {
  readonly index: number;
  readonly hash: string;
  readonly options: LiveOptions;
  readonly halt: Halt;
}

/** The synthesis after one call. Rejects with the signal's reason when the run stopped before there was a reply. */
async function buy(
  synthesis: Synthesis,
  ask: ChatRequest,
  { index, hash, options: { model, costOf, keepCall }, halt }: CallContext,
): Promise<Synthesis> {
  const identity = {
    index,
    persona: synthesis.persona.id,
    call: synthesis.calls + 1,
    purpose: synthesis.stage.kind === "script" ? ("script" as const) : ("trajectory" as const),
    request: hash,
  };
  let reply: ChatReply;
  try {
    reply = await model.chat(ask, {
      label: `${identity.persona.slice(0, 6)}/${identity.call}`,
      stop: halt.signal,
      watch: () => watcherOf(synthesis),
    });
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    const { code, message, usage } = error;
    if (usage !== undefined) {
      await halt.keep(keepCall({ ...identity, error: { code, message }, usage, cost: costOf(usage) }));
    }
    if (needsTheUser(error)) halt.pauseFor(error);
    // What the user can mend, and what would be repeated were the run not to stop, is no failure of the persona.
    if (needsTheUser(error) || isRepeatable(error)) halt.signal.throwIfAborted();
    return fail(synthesis, message);
  }
  const apart = withReasoningApart(reply);
  const inText = apart === reply ? {} : { reasoningInText: true as const };
  await halt.keepReply(
    keepCall({ ...identity, ...replyFields(apart), cost: costOf(reply.usage), ...inText }),
  );
  return receive(synthesis, apart);
}

function watcherOf(synthesis: Synthesis): (text: string) => boolean {
  const look = watch(synthesis);
  return (text) => look(text) !== undefined;
}
