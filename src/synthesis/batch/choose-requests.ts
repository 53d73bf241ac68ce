import type { BatchService } from "../../model/batch/batch-service.ts";
import { estimatePromptTokens } from "../../model/call.ts";
import type { CostCapReached } from "../../model/ledger.ts";
import type { BatchOptions } from "./batch-run.ts";
import { customId } from "./custom-id.ts";
import type { Purse } from "./purse.ts";
import type { UnderWay } from "./under-way.ts";

/** Requests that were chosen for one batch. */
export interface Chosen {
  readonly personas: readonly UnderWay[];
  /** Prompt tokens, estimated. */
  readonly tokens: number;
  /** The most that they can cost, in dollars; null when the price is unknown. */
  readonly reserve: number | null;
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
  readonly personas: UnderWay[] = [];
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
  add(persona: UnderWay): boolean {
    const { service, worstOf } = this.#room;
    const bytes = Buffer.byteLength(service.line(customId(persona, ANY_ID), persona.ask)) + 1;
    const tokens = estimatePromptTokens(persona.ask.messages);
    const worst = worstOf(persona.ask);
    if (!this.#hasSpace(bytes, tokens) || !this.#hasMoney(worst ?? 0, persona.call === 1)) return false;
    this.personas.push(persona);
    this.#bytes += bytes;
    this.tokens += tokens;
    this.reserve = worst === null || this.reserve === null ? null : this.reserve + worst;
    if (persona.call === 1) this.#begun += 1;
    return true;
  }

  #hasSpace(bytes: number, tokens: number): boolean {
    const isFirst = this.personas.length === 0;
    const room = this.#room;
    if (this.personas.length >= room.requests) return false;
    if (!isFirst && this.#bytes + bytes > room.bytes) return false;
    return this.tokens + tokens <= room.tokens || (isFirst && room.isAlone);
  }

  #hasMoney(worst: number, isNew: boolean): boolean {
    const { purse } = this.#room;
    const fits = purse.fits(worst, this.reserve ?? 0) && (!isNew || purse.carries(worst, this.#begun));
    if (!fits) this.refusal = purse.refusal(worst);
    return fits;
  }
}

/**
 * The requests of the next batch, the first of those given as far as there is room; undefined when there is none for
 * even one. `refusal` says when it is the money that ends it.
 */
export function chooseRequests(
  toAsk: readonly UnderWay[],
  room: BatchRoom,
): { readonly chosen: Chosen | undefined; readonly refusal: CostCapReached | undefined } {
  const choosing = new Choosing(room);
  for (const persona of toAsk) if (!choosing.add(persona)) break;
  const { personas, tokens, reserve, refusal } = choosing;
  return { chosen: personas.length === 0 ? undefined : { personas, tokens, reserve }, refusal };
}
