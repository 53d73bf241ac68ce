import { type Askers, secondAnswer, type Waiting } from "../../batch/batch-run.ts";
import type { BatchedCall } from "../../batch/custom-id.ts";
import type { ChatError, ChatReply, Usage } from "../../model/chat-model.ts";
import type { CostOf } from "../../model/money.ts";
import { replyFields, requestHash, withReasoningApart } from "../../model/reply.ts";
import type { RunHalt } from "../../model/run-halt.ts";
import type { Persona } from "../../persona/persona.ts";
import { type PendingPersona, replayed } from "../live.ts";
import { type CallRecord, nextCall, type SynthesisRecord, synthesisRecord } from "../record.ts";
import { fail, receive, request, type Synthesis } from "../synthesis.ts";

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
export class PersonasUnderWay implements Askers {
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
      ...{ request: held.request, batch },
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
      ...{ index, persona, call },
      purpose: call === 1 ? "script" : "trajectory",
      ...{ request, batch, usage, cost: costOf(usage) },
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
        ...{ index, call: synthesis.calls + 1, request: requestHash(ask) },
        ...{ synthesis, ask, cost },
      });
      return;
    }
    this.#held.delete(index);
    const record = synthesisRecord(index, synthesis);
    const { halt, keepSynthesis } = this.#options;
    if (record !== undefined) await halt.keep(keepSynthesis(record));
  }
}
