import type { ChatRequest } from "../../model/chat-model.ts";
import { requestHash } from "../../model/reply.ts";
import type { Persona } from "../../persona/persona.ts";
import type { PendingPersona } from "../live.ts";
import { type ReplyRecord, type SynthesisRecord, synthesisRecord } from "../record.ts";
import { receive, request, type Synthesis } from "../synthesis.ts";
import type { BatchedCall } from "./custom-id.ts";

/** A persona that waits for a reply. */
export interface UnderWay extends BatchedCall {
  readonly synthesis: Synthesis;
  readonly ask: ChatRequest;
  /** Dollars for its replies so far. */
  readonly cost: number;
}

/** Names a call within a run: `12-2` is call 2 of persona 12. */
export function callName({ index, call }: BatchedCall): string {
  return `${index}-${call}`;
}

/** Names a call with its request. */
export function exactName(call: BatchedCall): string {
  return `${callName(call)}-${call.request}`;
}

/** How personas are worked on. */
interface WorkOptions {
  readonly begin: (persona: Persona) => Synthesis;
  /** Personas that may be under way at once. */
  readonly most: number;
  /** Requests that are in open batches already. */
  readonly asked: Iterable<BatchedCall & { readonly batch: string }>;
  readonly keepSynthesis: (record: SynthesisRecord) => Promise<void>;
  readonly costOf: (reply: ReplyRecord) => number;
}

/**
 * The personas that are under way: what each waits for, and whether that stands in a batch already or is still to be
 * asked. Not more are held at once than was said, however long the run is.
 */
export class PersonasUnderWay {
  readonly #source: AsyncIterator<PendingPersona>;
  readonly #options: WorkOptions;
  readonly #held = new Map<number, UnderWay>();
  /** Requests in open batches, with their batches. */
  readonly #asked: Map<string, string>;
  /** The places of personas whose requests are still to be put into a batch. */
  readonly #queue = new Set<number>();
  #isSourceEmpty = false;

  constructor(personas: AsyncIterable<PendingPersona>, options: WorkOptions) {
    this.#source = personas[Symbol.asyncIterator]();
    this.#options = options;
    this.#asked = new Map(Array.from(options.asked, (call) => [exactName(call), call.batch]));
  }

  /** How many are held. */
  get size(): number {
    return this.#held.size;
  }

  /** Whether the source has been read to its end. */
  get isSourceEmpty(): boolean {
    return this.#isSourceEmpty;
  }

  /** Those that are still to be asked: later calls first, so that what is begun is finished. */
  toAsk(): readonly UnderWay[] {
    const all = [...this.#queue].flatMap((index) => this.#held.get(index) ?? []);
    return all.sort((one, other) => other.call - one.call || one.index - other.index);
  }

  /** How many have at least one reply or one request in a batch, and what they have cost. */
  begun(): { readonly count: number; readonly cost: number } {
    let [count, cost] = [0, 0];
    for (const each of this.#held.values()) {
      if (each.call === 1 && this.#queue.has(each.index)) continue;
      count += 1;
      cost += each.cost;
    }
    return { count, cost };
  }

  /** Takes personas from the source until there are enough. */
  async admit(): Promise<void> {
    while (!this.#isSourceEmpty && this.#held.size < this.#options.most) await this.#next();
  }

  /** The persona that waits for exactly this; undefined when it has ended, or waits for something else. */
  async waitingFor(call: BatchedCall): Promise<UnderWay | undefined> {
    // One whose answer is there is taken from the source, even when there are enough.
    while (!this.#held.has(call.index) && !this.#isSourceEmpty) await this.#next();
    const held = this.#held.get(call.index);
    return held?.call === call.call && held.request === call.request ? held : undefined;
  }

  /** Its request stands in a batch now. */
  asked(call: BatchedCall, batch: string): void {
    this.#queue.delete(call.index);
    this.#asked.set(exactName(call), batch);
  }

  /** The batch in which the request of a persona stands. */
  batchOf(call: BatchedCall): string | undefined {
    return this.#asked.get(exactName(call));
  }

  /** Its request stands in no batch any more, and is to be asked again. */
  askAgain(call: BatchedCall): void {
    this.#asked.delete(exactName(call));
    this.#queue.add(call.index);
  }

  /** A persona has come on by a reply, or has ended. */
  async advance(before: UnderWay, synthesis: Synthesis, cost: number): Promise<void> {
    this.#asked.delete(exactName(before));
    await this.#hold(before.index, synthesis, before.cost + cost);
  }

  /** It is no longer worked on. */
  drop({ index }: BatchedCall): void {
    this.#held.delete(index);
    this.#queue.delete(index);
  }

  /** Closes the source. */
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
    let synthesis = this.#options.begin(persona);
    let cost = 0;
    for (let ask = request(synthesis); ask !== undefined; ask = request(synthesis)) {
      const earlier = replies.get(synthesis.calls + 1);
      if (earlier?.request !== requestHash(ask)) break;
      cost += costOf(earlier);
      synthesis = receive(synthesis, earlier);
    }
    await this.#hold(index, synthesis, cost);
  }

  async #hold(index: number, synthesis: Synthesis, cost: number): Promise<void> {
    const ask = request(synthesis);
    if (ask === undefined) {
      this.drop({ index, call: synthesis.calls, request: "" });
      const record = synthesisRecord(index, synthesis);
      if (record !== undefined) await this.#options.keepSynthesis(record);
      return;
    }
    const held = { index, call: synthesis.calls + 1, request: requestHash(ask), synthesis, ask, cost };
    this.#held.set(index, held);
    if (this.#asked.has(exactName(held))) this.#queue.delete(index);
    else this.#queue.add(index);
  }
}
