import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { type BatchedCall, exactName } from "../../batch/batch-folder.ts";
import { type Askers, secondAnswer, type Waiting } from "../../batch/batch-run.ts";
import type { ChatError, ChatReply, ChatRequest, Usage } from "../../model/chat-model.ts";
import type { CostOf } from "../../model/money.ts";
import { replyFields } from "../../model/reply.ts";
import { type EpisodeKey, keyText } from "../episode.ts";
import type { EpisodeCall, EpisodeLine } from "../episode-calls.ts";

/** Which call of which episode is asked. */
export type AskedCall = Pick<EpisodeCall, keyof EpisodeKey | "call" | "by" | "request">;

/** An episode that waits for a reply. */
interface Held extends Waiting {
  readonly of: AskedCall;
  readonly resolve: (reply: ChatReply) => void;
  readonly reject: (reason: unknown) => void;
}

/** The number of an episode in the ids of its requests; its place would change when an evaluation grows. */
export function episodeNumber(key: EpisodeKey): number {
  return createHash("sha256").update(keyText(key)).digest().readUIntBE(0, 6);
}

/** Counts the episodes that are at something else than waiting for an answer of a batch. */
export class Movement {
  #moving = 0;
  #resting: (() => void)[] = [];

  /** An episode begins, or goes on. */
  readonly begin = (): void => {
    this.#moving += 1;
  };

  /** An episode waits, or has ended. */
  readonly end = (): void => {
    this.#moving -= 1;
    if (this.#moving > 0) return;
    for (const rest of this.#resting.splice(0)) rest();
  };

  /** Resolves when all wait or have ended. */
  async rest(): Promise<void> {
    do {
      if (this.#moving > 0) await new Promise<void>((resolve) => this.#resting.push(resolve));
      // Those who come in the place of one that has ended have begun by then.
      await turn();
    } while (this.#moving > 0);
  }
}

/** What the asking in batches needs of its evaluation. */
interface AskingOptions {
  /** The model that is asked; the player's when not given. */
  readonly by: string | undefined;
  /** All episodes, by their numbers. */
  readonly episodes: ReadonlyMap<number, EpisodeKey>;
  readonly movement: Movement;
  /** How many wait for answers of any model. */
  readonly waiting: () => number;
  /** Keeps what was bought, which is used only after this has resolved. */
  readonly keep: (line: EpisodeLine) => Promise<void>;
  /** Dollars for tokens that are bought in a batch; null when the price is unknown. */
  readonly costOf: CostOf;
}

/** The episodes that wait for answers of one model, whose requests go in batches. */
export class AskingEpisodes implements Askers {
  readonly #options: AskingOptions;
  readonly #held = new Map<string, Held>();
  #end: { readonly reason: unknown } | undefined;

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /** Waits for the answer to a request. It is kept when it comes. Rejects with a ChatError when there is none. */
  ask(of: AskedCall, ask: ChatRequest): Promise<ChatReply> {
    if (this.#end !== undefined) return Promise.reject(this.#end.reason);
    return new Promise((resolve, reject) => {
      const { call, request } = of;
      const held = { index: episodeNumber(of), call, request, ask, of, resolve, reject };
      this.#held.set(exactName(held), held);
      this.#options.movement.end();
    });
  }

  /** Ends the waiting: nothing more will come in this part of the evaluation. */
  close(reason: unknown): void {
    this.#end = { reason };
    for (const held of this.#held.values()) this.#release(held).reject(reason);
  }

  get size(): number {
    return this.#held.size;
  }

  get isSourceEmpty(): boolean {
    return this.#options.waiting() === this.size;
  }

  admit(): Promise<void> {
    return this.#options.movement.rest();
  }

  waiting(): Iterable<Waiting> {
    return this.#held.values();
  }

  async waitingFor(call: BatchedCall): Promise<Waiting | undefined> {
    return this.#held.get(exactName(call));
  }

  async take(call: Waiting, reply: ChatReply, batch: string): Promise<void> {
    const held = this.#held.get(exactName(call));
    if (held === undefined) throw new Error("a reply is taken by the episode that waits for it");
    const { keep, costOf } = this.#options;
    await keep({ ...held.of, batch, ...replyFields(reply), cost: costOf(reply.usage) });
    this.#release(held).resolve(reply);
  }

  async takeSecond({ index, call, request }: BatchedCall, usage: Usage, batch: string): Promise<boolean> {
    const { by, episodes, keep, costOf } = this.#options;
    const key = episodes.get(index);
    if (key === undefined) return false;
    const of = { ...key, call, ...(by === undefined ? {} : { by }), request, batch };
    await keep({ ...of, usage, cost: costOf(usage), error: secondAnswer(batch) });
    return true;
  }

  fail(call: Waiting, _reason: string, error: ChatError): void {
    const held = this.#held.get(exactName(call));
    if (held !== undefined) this.#release(held).reject(error);
  }

  #release(held: Held): Held {
    this.#held.delete(exactName(held));
    this.#options.movement.begin();
    return held;
  }
}
