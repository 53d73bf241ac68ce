import type { BatchedCall } from "../../batch/batch-folder.ts";
import {
  type Askers,
  type BatchOptions,
  type BatchSnapshot,
  type LoadedBatches,
  openBatchRun,
  secondAnswer,
  type Waiting,
} from "../../batch/batch-run.ts";
import type { Purse } from "../../batch/choose-requests.ts";
import { driveRounds, Rounds, type RoundsEnd } from "../../batch/rounds.ts";
import type { ChatError, ChatReply, Usage } from "../../model/chat-model.ts";
import type { CostOf } from "../../model/money.ts";
import { withReasoningApart } from "../../model/reasoning.ts";
import { replyFields, requestHash } from "../../model/reply.ts";
import { type Pause, RunHalt } from "../../model/run-halt.ts";
import type { Persona } from "../../persona/persona.ts";
import type { RunPaths } from "../../runs/run-folder.ts";
import { type BudgetOptions, personaPurse } from "../budget.ts";
import { type PendingPersona, replayed } from "../live.ts";
import { readPersonaLines } from "../persona-lines.ts";
import { type CallRecord, nextCall, type SynthesisRecord, synthesisRecord } from "../record.ts";
import { fail, receive, request, type Synthesis } from "../synthesis.ts";

/** What is driven, and where it is kept. */
interface InBatches {
  readonly paths: RunPaths;
  readonly personas: AsyncIterable<PendingPersona>;
  /** How many personas the run has in all. */
  readonly total: number;
  readonly batch: BatchOptions;
  /** The batches of the run, which have been told of its calls. */
  readonly batches: LoadedBatches;
  readonly maximumCalls: number;
  readonly begin: (persona: Persona) => Synthesis;
  /** Personas under way at once, at most. */
  readonly most: number;
  readonly pausesForRefusals: boolean;
  readonly budget: BudgetOptions | undefined;
  /** What was spent and how many personas have ended by now. */
  readonly progress: () => { readonly spent: number; readonly ended: number };
  readonly stop: AbortSignal;
  readonly keepCall: (call: CallRecord) => Promise<void>;
  readonly keepSynthesis: (record: SynthesisRecord) => Promise<void>;
  readonly note: (text: string) => void;
  /** Told once how the batches can be looked at. */
  readonly onStart: (snapshot: () => BatchSnapshot) => void;
}

interface BatchesEnd {
  readonly pause: Pause | undefined;
  /** Undefined when it was stopped or paused. */
  readonly end: RoundsEnd | undefined;
}

/** The id of the persona at a place of the run; undefined when it has none there. */
async function personaIdAt(paths: RunPaths, index: number): Promise<string | undefined> {
  for await (const placed of readPersonaLines(paths)) if (placed.index === index) return placed.persona.id;
  return undefined;
}

/**
 * Drives syntheses through a batch service. Each reply is kept before it is used, and each step with the service is
 * noted before the next, so that a run that is killed at any moment loses nothing that was bought and buys none twice.
 */
export async function synthesizeInBatches(options: InBatches): Promise<BatchesEnd> {
  const { paths, batch, budget, progress, keepCall, keepSynthesis, note } = options;
  const halt = new RunHalt<SynthesisRecord>(options.stop, keepSynthesis, options);
  const askers = new PersonasUnderWay(options.personas, {
    begin: options.begin,
    most: options.most,
    costOf: batch.costOf,
    halt,
    keepCall,
    keepSynthesis,
    personaId: (index) => personaIdAt(paths, index),
  });
  try {
    const run = await openBatchRun({ options: batch, askers, halt, note }, options.batches);
    options.onStart(run.snapshot);
    const purse = (): Purse =>
      personaPurse(budget, options.maximumCalls, {
        ...progress(),
        ...askers.begun(run.batchOf),
        reserved: rounds.reserved,
      });
    const rounds = new Rounds(run, purse, options.total);
    const end = await driveRounds([rounds], batch, halt.signal).catch((error: unknown) => {
      halt.take(error);
      return undefined;
    });
    return { pause: await halt.finish(), end };
  } finally {
    await askers.close();
  }
}

/** A persona that waits for a reply. */
interface UnderWay extends Waiting {
  readonly synthesis: Synthesis;
  /** Dollars for its replies so far. */
  readonly cost: number;
}

interface WorkOptions {
  readonly begin: (persona: Persona) => Synthesis;
  /** Personas that may be under way at once. */
  readonly most: number;
  readonly halt: RunHalt<SynthesisRecord>;
  readonly keepCall: (call: CallRecord) => Promise<void>;
  readonly keepSynthesis: (record: SynthesisRecord) => Promise<void>;
  /** Dollars for tokens that are bought in a batch; null when the price is unknown. */
  readonly costOf: CostOf;
  /** The id of the persona at a place of the run; undefined when it has none there. */
  readonly personaId: (index: number) => Promise<string | undefined>;
}

/**
 * The personas that are under way, and what each waits for. Not more are held at once than was said, however long the
 * run is.
 */
class PersonasUnderWay implements Askers {
  readonly #source: AsyncIterator<PendingPersona>;
  readonly #options: WorkOptions;
  readonly #held = new Map<number, UnderWay>();
  #isSourceEmpty = false;

  constructor(personas: AsyncIterable<PendingPersona>, options: WorkOptions) {
    this.#source = personas[Symbol.asyncIterator]();
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Whether the source has been read to its end. */
  get isSourceEmpty(): boolean {
    return this.#isSourceEmpty;
  }

  waiting(): Iterable<Waiting> {
    return this.#held.values();
  }

  /** How many have at least one reply or one request in a batch, and what they have cost. */
  begun(batchOf: (call: BatchedCall) => string | undefined): {
    readonly begun: number;
    readonly spentOnBegun: number;
  } {
    const begun = [...this.#held.values()].filter((each) => each.call > 1 || batchOf(each) !== undefined);
    return { begun: begun.length, spentOnBegun: begun.reduce((sum, { cost }) => sum + cost, 0) };
  }

  /** Takes personas from the source until there are enough. */
  async admit(): Promise<void> {
    while (!this.#isSourceEmpty && this.#held.size < this.#options.most) await this.#next();
  }

  async waitingFor(call: BatchedCall): Promise<UnderWay | undefined> {
    // One whose answer is there is taken from the source, even when there are enough.
    while (!this.#held.has(call.index) && !this.#isSourceEmpty) await this.#next();
    const held = this.#held.get(call.index);
    return held?.call === call.call && held.request === call.request ? held : undefined;
  }

  async take({ index }: Waiting, reply: ChatReply, batch: string): Promise<void> {
    const held = this.#held.get(index);
    if (held === undefined) throw new Error("a reply is taken by the persona that waits for it");
    const { halt, keepCall, costOf } = this.#options;
    const apart = withReasoningApart(reply);
    const cost = costOf(reply.usage);
    const record: CallRecord = {
      ...nextCall(index, held.synthesis),
      request: held.request,
      batch,
      ...replyFields(apart),
      ...(apart === reply ? {} : { reasoningInText: true as const }),
      cost,
    };
    await halt.keepReply(keepCall(record));
    await this.#hold(index, receive(held.synthesis, apart), held.cost + (cost ?? 0));
  }

  async takeSecond({ index, call, request }: BatchedCall, usage: Usage, batch: string): Promise<boolean> {
    const { halt, keepCall, costOf, personaId } = this.#options;
    const persona = await personaId(index);
    if (persona === undefined) return false;
    const record: CallRecord = {
      index,
      persona,
      call,
      purpose: call === 1 ? "script" : "trajectory",
      request,
      batch,
      usage,
      cost: costOf(usage),
      error: secondAnswer(batch),
    };
    await halt.keep(keepCall(record));
    return true;
  }

  fail({ index }: Waiting, reason: string, error: ChatError): void {
    const held = this.#held.get(index);
    this.#held.delete(index);
    const record = held && synthesisRecord(index, fail(held.synthesis, reason));
    if (record !== undefined) this.#options.halt.fail(record, error);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #next(): Promise<void> {
    const { value, done } = await this.#source.next();
    if (done === true) {
      this.#isSourceEmpty = true;
      return;
    }
    const { index, persona, replies } = value;
    const { costOf } = this.#options;
    const synthesis = replayed(this.#options.begin(persona), replies);
    const used = [...replies.values()].filter(({ call }) => call <= synthesis.calls);
    const cost = used.reduce((sum, reply) => sum + (reply.cost ?? costOf(reply.usage) ?? 0), 0);
    await this.#hold(index, synthesis, cost);
  }

  async #hold(index: number, synthesis: Synthesis, cost: number): Promise<void> {
    const ask = request(synthesis);
    if (ask !== undefined) {
      this.#held.set(index, {
        index,
        call: synthesis.calls + 1,
        request: requestHash(ask),
        synthesis,
        ask,
        cost,
      });
      return;
    }
    this.#held.delete(index);
    const record = synthesisRecord(index, synthesis);
    const { halt, keepSynthesis } = this.#options;
    if (record !== undefined) await halt.keep(keepSynthesis(record));
  }
}
