import type { BatchService } from "../model/batch/batch-service.ts";
import { estimatePromptTokens } from "../model/call.ts";
import { CostCapReached } from "../model/money.ts";
import { customId } from "./batch-folder.ts";
import type { BatchOptions, Waiting } from "./batch-run.ts";

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

interface BatchRoom {
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
const ANY_ID = "0000000000";

/** Why there is no money for a request beside what is reserved; `begun` is given for a first request alone. */
function refusalFor(
  purse: Purse,
  worst: number,
  reserved: number,
  begun?: number,
): CostCapReached | undefined {
  const isCarried = begun === undefined || purse.carries?.(worst, begun) !== false;
  if (isCarried && fits(purse, worst, reserved)) return undefined;
  return new CostCapReached(purse.maxCost ?? Number.POSITIVE_INFINITY, purse.spent, worst);
}

/**
 * The requests of the next batch, the first of those given as far as there is room; undefined when there is none for
 * even one. `refusal` says when it is the money that ends it.
 */
export function chooseRequests(
  toAsk: readonly Waiting[],
  { service, worstOf, purse, isAlone, ...room }: BatchRoom,
): { readonly chosen: Chosen | undefined; readonly refusal: CostCapReached | undefined } {
  const requests: Waiting[] = [];
  let [bytes, tokens, begun] = [0, 0, 0];
  let reserve: number | null = 0;
  let refusal: CostCapReached | undefined;
  const hasSpace = (length: number, prompt: number): boolean => {
    if (requests.length === 0) return isAlone || prompt <= room.tokens;
    return requests.length < room.requests && bytes + length <= room.bytes && tokens + prompt <= room.tokens;
  };
  for (const waiting of toAsk) {
    const length = Buffer.byteLength(service.line(customId(waiting, ANY_ID), waiting.ask)) + 1;
    const prompt = estimatePromptTokens(waiting.ask.messages);
    if (!hasSpace(length, prompt)) break;
    const worst = worstOf(waiting.ask);
    const isNew = waiting.call === 1;
    refusal = refusalFor(purse, worst ?? 0, reserve ?? 0, isNew ? begun : undefined);
    if (refusal !== undefined) break;
    requests.push(waiting);
    bytes += length;
    tokens += prompt;
    begun += Number(isNew);
    reserve = worst === null || reserve === null ? null : reserve + worst;
  }
  return { chosen: requests.length === 0 ? undefined : { requests, tokens, reserve }, refusal };
}
