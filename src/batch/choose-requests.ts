import type { BatchService } from "../model/batch/batch-service.ts";
import { estimatePromptTokens } from "../model/call.ts";
import { CostCapReached } from "../model/money.ts";
import type { BatchOptions, Waiting } from "./batch-run.ts";
import { customId } from "./custom-id.ts";

/** Requests that were chosen for one batch. */
export interface Chosen {
  readonly requests: readonly Waiting[];
  /** Prompt tokens, estimated. */
  readonly tokens: number;
  /** The most that they can cost, in dollars; null when the price is unknown. */
  readonly reserve: number | null;
}

/**
 * How the money of a run in batches stands. A batch is paid for whatever comes of it, so its worst case must fit before
 * it is submitted.
 */
export interface Purse {
  /** Dollars; undefined when there is no cap. */
  readonly maxCost: number | undefined;
  /** Dollars spent so far. */
  readonly spent: number;
  /** The most that open batches can still cost. */
  readonly reserved: number;
  /**
   * Whether a first request can be asked, that can cost so much, beside so many first ones that are chosen for the same
   * batch: whether what is begun can be brought to its end. Always when not given.
   */
  readonly carries?: (worst: number, begun: number) => boolean;
}

/** Whether a request fits that can cost so much, beside those that are chosen for the same batch. */
export function fits({ maxCost, spent, reserved }: Purse, worst: number, chosen = 0): boolean {
  return maxCost === undefined || spent + reserved + chosen + worst <= maxCost;
}

/** What there is room for in one batch. */
export interface BatchRoom {
  readonly service: BatchService;
  readonly worstOf: BatchOptions["worstOf"];
  readonly purse: Purse;
  readonly requests: number;
  readonly bytes: number;
  readonly tokens: number;
  /** Whether no other batch is open, so that one request must fit however many tokens it has. */
  readonly isAlone: boolean;
}

/** An id as long as those of batches are. */
const ANY_ID = "00000000";

/** Adds requests up as long as there is room for them. */
class Choosing {
  readonly requests: Waiting[] = [];
  tokens = 0;
  reserve: number | null = 0;
  /** Why the next was not chosen, when it was for the money. */
  refusal: CostCapReached | undefined;
  readonly #room: BatchRoom;
  #bytes = 0;
  #begun = 0;

  constructor(room: BatchRoom) {
    this.#room = room;
  }

  /** Whether there was room for it. */
  add(waiting: Waiting): boolean {
    const { service, worstOf } = this.#room;
    const bytes = Buffer.byteLength(service.line(customId(waiting, ANY_ID), waiting.ask)) + 1;
    const tokens = estimatePromptTokens(waiting.ask.messages);
    const worst = worstOf(waiting.ask);
    if (!this.#hasSpace(bytes, tokens) || !this.#hasMoney(worst ?? 0, waiting.call === 1)) return false;
    this.requests.push(waiting);
    this.#bytes += bytes;
    this.tokens += tokens;
    this.reserve = worst === null || this.reserve === null ? null : this.reserve + worst;
    if (waiting.call === 1) this.#begun += 1;
    return true;
  }

  #hasSpace(bytes: number, tokens: number): boolean {
    const isFirst = this.requests.length === 0;
    const room = this.#room;
    if (this.requests.length >= room.requests) return false;
    if (!isFirst && this.#bytes + bytes > room.bytes) return false;
    return this.tokens + tokens <= room.tokens || (isFirst && room.isAlone);
  }

  #hasMoney(worst: number, isNew: boolean): boolean {
    const { purse } = this.#room;
    if (fits(purse, worst, this.reserve ?? 0) && (!isNew || purse.carries?.(worst, this.#begun) !== false))
      return true;
    this.refusal = new CostCapReached(purse.maxCost ?? Number.POSITIVE_INFINITY, purse.spent, worst);
    return false;
  }
}

/**
 * The requests of the next batch, the first of those given as far as there is room; undefined when there is none for
 * even one. `refusal` says when it is the money that ends it.
 */
export function chooseRequests(
  toAsk: readonly Waiting[],
  room: BatchRoom,
): { readonly chosen: Chosen | undefined; readonly refusal: CostCapReached | undefined } {
  const choosing = new Choosing(room);
  for (const waiting of toAsk) if (!choosing.add(waiting)) break;
  const { requests, tokens, reserve, refusal } = choosing;
  return { chosen: requests.length === 0 ? undefined : { requests, tokens, reserve }, refusal };
}
