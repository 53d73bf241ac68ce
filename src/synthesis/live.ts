import {
  ChatError,
  type ChatReply,
  type ChatRequest,
  isRepeatable,
  needsTheUser,
  type Usage,
} from "../model/chat-model.ts";
import type { CostOf } from "../model/money.ts";
import { withReasoningApart } from "../model/reasoning.ts";
import { replyFields, requestHash } from "../model/reply.ts";
import { type Pause, RunHalt } from "../model/run-halt.ts";
import type { Persona } from "../persona/persona.ts";
import type { ErrorPolicy } from "../trajectory/trajectory.ts";
import type { ReplyForm } from "../trajectory/turn-wires.ts";
import { type BudgetOptions, PersonaBudget } from "./budget.ts";
import {
  type CallRecord,
  nextCall,
  type ReplyRecord,
  type SynthesisRecord,
  synthesisRecord,
} from "./record.ts";
import { begin, fail, receive, request, type Synthesis, watch } from "./synthesis.ts";
import type { Team } from "./writers.ts";

/** A persona that has not ended, with the replies that were bought for it before, by call number. */
export interface PendingPersona {
  readonly index: number;
  readonly persona: Persona;
  readonly replies: ReadonlyMap<number, ReplyRecord>;
}

/** A synthesis after those replies that answer what it asks, from where it is as far as there are any. */
export function replayed(begun: Synthesis, replies: PendingPersona["replies"]): Synthesis {
  let synthesis = begun;
  for (let ask = request(synthesis); ask !== undefined; ask = request(synthesis)) {
    const earlier = replies.get(synthesis.calls + 1);
    if (earlier?.request !== requestHash(ask)) return synthesis;
    synthesis = receive(synthesis, earlier);
  }
  return synthesis;
}

/** The personas that one team is to write. */
interface TeamWork {
  readonly team: Team;
  readonly personas: AsyncIterable<PendingPersona>;
}

/** What the driver needs. All effects but the models' calls are handed in. */
interface LiveOptions {
  /** How many calls a persona may use, the script's included. */
  readonly maximumCalls: number;
  /** Whether the trajectories are to have errors with their refinements. */
  readonly errors: ErrorPolicy;
  /** How the model is asked to write; in the paper's form when not given. */
  readonly form?: ReplyForm | undefined;
  /** Dollars for tokens of a model; null when the price is unknown. */
  readonly costOf: CostOf;
  /** Whether many refusals in the same words pause the run; those that are tried again may all be refused again. */
  readonly pausesForRefusals?: boolean;
  /** What the run may spend, and what it has spent so far, in dollars; undefined without a cap. */
  readonly budget?: (BudgetOptions & { readonly spent: number }) | undefined;
  /** Ends the taking of work: calls on the wire finish, waits end, nothing new is asked. */
  readonly stop: AbortSignal;
  /** Keeps a call; the reply is used only after this has resolved. */
  readonly keepCall: (call: CallRecord) => Promise<void>;
  /** Keeps a persona that has ended. */
  readonly keepSynthesis: (record: SynthesisRecord) => Promise<void>;
}

/**
 * Drives syntheses against live models, many at a time; a slow team keeps no other from its work. Each reply is kept
 * before it is used. Resolves when every persona has ended, or with the reason of a pause; rejects when a reply cannot
 * be kept.
 */
export async function synthesizeLive(
  works: readonly TeamWork[],
  options: LiveOptions,
): Promise<Pause | undefined> {
  const halt = new RunHalt<SynthesisRecord>(options.stop, options.keepSynthesis, options);
  const { budget: limits, maximumCalls } = options;
  const budget = limits && new PersonaBudget(limits.maxCost, maximumCalls, limits.spent);
  halt.signal.addEventListener("abort", () => budget?.wake());
  await Promise.all(works.map((work) => runTeam(work, { options, halt, budget })));
  return halt.finish();
}

async function runTeam({ team, personas }: TeamWork, shared: Omit<Run, "team">): Promise<void> {
  const { halt } = shared;
  const source = personas[Symbol.asyncIterator]();
  const work = async (): Promise<void> => {
    while (!halt.signal.aborted) {
      const { value, done } = await source.next();
      if (done === true) return;
      await run(value, { ...shared, team }).catch((error: unknown) => halt.take(error));
    }
  };
  // Personas that cannot be read are no reason for a pause but for an end.
  const workers = Array.from({ length: team.concurrency }, () => work().catch((e) => halt.breakFor(e)));
  await Promise.all(workers);
  await source.return?.();
}

/** What the work on every persona shares. */
interface Run {
  readonly options: LiveOptions;
  readonly halt: RunHalt<SynthesisRecord>;
  readonly budget: PersonaBudget | undefined;
  readonly team: Team;
}

/** Runs one persona until it ends, or until the run stops. */
async function run(pending: PendingPersona, shared: Run): Promise<void> {
  const { options, halt, budget, team } = shared;
  const { index, persona, replies } = pending;
  let synthesis = begin(persona, options.maximumCalls, options.errors, options.form);
  const first = request(synthesis);
  const worst = first === undefined ? 0 : worstCall(first, team.script.name, shared);
  await budget?.begin(index, spentOn(pending, options), worst, halt.signal);
  try {
    synthesis = replayed(synthesis, replies);
    for (let ask = request(synthesis); ask !== undefined; ask = request(synthesis)) {
      halt.signal.throwIfAborted();
      const reply = await buy(index, synthesis, ask, shared);
      if (reply instanceof ChatError) {
        const record = synthesisRecord(index, fail(synthesis, reply.message), team.label);
        if (record !== undefined) halt.fail(record, reply);
        return;
      }
      synthesis = replayed(receive(synthesis, reply), replies);
    }
    const record = synthesisRecord(index, synthesis, team.label);
    if (record !== undefined) await halt.keep(options.keepSynthesis(record));
  } finally {
    budget?.end(index, synthesis.stage.kind === "ended");
  }
}

/** What the replies of a persona have cost that were bought before. */
function spentOn({ replies }: PendingPersona, { costOf }: LiveOptions): number {
  let sum = 0;
  for (const { cost, usage, model } of replies.values()) sum += cost ?? costOf(usage, model) ?? 0;
  return sum;
}

/** The most that a call can cost: no tokenizer makes more tokens of a text than it has bytes. */
function worstCall(ask: ChatRequest, model: string, { options: { budget, costOf }, team }: Run): number {
  if (budget === undefined) return 0;
  const promptTokens = ask.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  const completionTokens = team.maxTokens ?? budget.maxTokens;
  return costOf({ promptTokens, completionTokens, cachedTokens: 0, estimated: true }, model) ?? 0;
}

/** The names under which a call is kept in a run that several models write. */
function namesOf({ label }: Team, model: string): Pick<CallRecord, "model" | "writers"> {
  if (label === undefined) return {};
  return label === model ? { model } : { model, writers: label };
}

/**
 * Buys one reply and keeps it; the error in its place when there is none and the persona has failed. Rejects with the
 * signal's reason when the run stopped before.
 */
async function buy(
  index: number,
  synthesis: Synthesis,
  ask: ChatRequest,
  shared: Run,
): Promise<ChatReply | ChatError> {
  const { options, halt, budget, team } = shared;
  const { keepCall } = options;
  const call = nextCall(index, synthesis);
  const model = team[call.purpose];
  const costOf = (usage: Usage): number | null => options.costOf(usage, model.name);
  budget?.foresee(worstCall(ask, model.name, shared));
  const identity = { ...call, ...namesOf(team, model.name), request: requestHash(ask) };
  let reply: ChatReply;
  try {
    reply = await model.chat(ask, {
      label: `${identity.persona.slice(0, 6)}/${identity.call}`,
      priority: synthesis.calls,
      stop: halt.signal,
      watch: () => watcherOf(synthesis),
    });
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    const { code, message, usage } = error;
    if (usage !== undefined) {
      budget?.charge(index, costOf(usage) ?? 0);
      await halt.keep(keepCall({ ...identity, error: { code, message }, usage, cost: costOf(usage) }));
    }
    if (needsTheUser(error)) halt.pauseFor(error);
    // What the user can fix, and what would be retried were the run not to stop, is no failure of the persona.
    if (needsTheUser(error) || isRepeatable(error)) halt.signal.throwIfAborted();
    return error;
  }
  const cost = costOf(reply.usage);
  budget?.charge(index, cost ?? 0);
  const apart = withReasoningApart(reply);
  const inText = apart === reply ? {} : { reasoningInText: true as const };
  await halt.keepReply(keepCall({ ...identity, ...replyFields(apart), cost, ...inText }));
  return apart;
}

function watcherOf(synthesis: Synthesis): (text: string) => boolean {
  const look = watch(synthesis);
  return (text) => look(text) !== undefined;
}
