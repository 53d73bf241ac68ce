import { readFile } from "node:fs/promises";
import * as z from "zod";
import { AgentRefineError, errorMessage } from "../errors.ts";
import {
  ChatError,
  type ChatModel,
  type ChatOptions,
  type ChatReply,
  type ChatRequest,
  type TurnOptions,
  turnOptions,
  type Usage,
} from "./chat-model.ts";
import { WaitingList } from "./limiter.ts";

const dollars = z.number().nonnegative();

export const priceSchema = z.strictObject({
  prompt: dollars,
  /** Prompt tokens that the provider reads from its cache. */
  cachedPrompt: dollars,
  /** Prompt tokens that the provider writes to its cache; a quarter above `prompt` when left out, as Anthropic asks. */
  cacheWrite: dollars.exactOptional(),
  completion: dollars,
  /** What a token costs in a batch, as a share of all these; the service's own discount when left out. */
  batch: z.number().min(0).max(1).exactOptional(),
  /** When the price was written down, such as `2025-12`; left out for a price of the user's own. */
  asOf: z.string().exactOptional(),
});

/** What a model costs, in dollars for a million tokens. */
export type Price = Readonly<z.infer<typeof priceSchema>>;

/** Prices by the model's name. */
export type Prices = ReadonlyMap<string, Price>;

const SHIPPED = new URL("../../data/prices.json", import.meta.url);
const A_MILLION = 1_000_000;

const priceFileSchema = z.strictObject({
  /** When the prices were written down. */
  asOf: z.string().exactOptional(),
  note: z.string().exactOptional(),
  prices: z.record(z.string(), priceSchema),
});

async function readPrices(file: string | URL): Promise<z.infer<typeof priceFileSchema>> {
  try {
    return priceFileSchema.parse(JSON.parse((await readFile(file, "utf8")).replace(/^\uFEFF/, "")));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw new AgentRefineError(`the price list ${String(file)} cannot be used: ${problem}`, {
      fix: 'Write it as {"prices": {"model-name": {"prompt": 2.5, "cachedPrompt": 1.25, "completion": 10}}}.',
      cause: error,
    });
  }
}

/** The shipped prices with those of the user's own file laid over them. Throws AgentRefineError. */
export async function loadPrices(file?: string): Promise<Prices> {
  const lists = await Promise.all((file === undefined ? [SHIPPED] : [SHIPPED, file]).map(readPrices));
  return new Map(
    lists.flatMap(({ asOf, prices }) =>
      Object.entries(prices).map(([name, price]) => [name, asOf === undefined ? price : { asOf, ...price }]),
    ),
  );
}

/** A date or `-latest` at the end of a model's name, as providers mark the versions of one model. */
const VERSION = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/**
 * The price of a model: of its exact name, else of its name without a date (`-2024-08-06`, `-20250929`) or
 * `-latest` at the end. Undefined when it is not listed; a name that only begins like a listed one is another
 * model (`gpt-5-pro` costs twelve times `gpt-5`).
 */
export function priceOf(prices: Prices, model: string): Price | undefined {
  return prices.get(model) ?? prices.get(model.replace(VERSION, ""));
}

/** Dollars for tokens; null when the price is unknown. */
export type CostOf = (usage: Usage, model?: string) => number | null;

/** What tokens cost, in dollars. */
export function costOf(price: Price, usage: Usage): number {
  const cached = Math.min(usage.cachedTokens, usage.promptTokens);
  const written = Math.min(usage.cacheWriteTokens ?? 0, usage.promptTokens - cached);
  const prompt =
    (usage.promptTokens - cached - written) * price.prompt +
    cached * price.cachedPrompt +
    written * (price.cacheWrite ?? 1.25 * price.prompt);
  return (prompt + usage.completionTokens * price.completion) / A_MILLION;
}

/** What a batch service takes. */
export interface BatchTerms {
  /** What the price of a live call is multiplied by. */
  readonly discount: number;
  /** What a prompt token costs that is written into a cache, in prompt tokens, where it is kept for longer than live. */
  readonly cacheWrites?: number;
}

/** The price in a batch, whose share of a live call's is the service's unless the price says otherwise. */
export function batchPrice(price: Price, { discount, cacheWrites }: BatchTerms): Price {
  const { batch: share = discount } = price;
  const cacheWrite = cacheWrites === undefined ? price.cacheWrite : cacheWrites * price.prompt;
  return {
    ...price,
    prompt: share * price.prompt,
    cachedPrompt: share * price.cachedPrompt,
    ...(cacheWrite === undefined ? {} : { cacheWrite: share * cacheWrite }),
    completion: share * price.completion,
  };
}

/** Reads `PROMPT,COMPLETION`, dollars for a million tokens each. Throws AgentRefineError. */
export function parsePrice(text: string): Price {
  const parts = text.split(",").map((part) => part.trim());
  const [prompt, completion] = parts.map((part) => (/^\d+(?:\.\d+)?$/.test(part) ? Number(part) : undefined));
  if (parts.length !== 2 || prompt === undefined || completion === undefined) {
    throw new AgentRefineError(`"${text}" is not a price`, {
      fix: "Give the dollars for a million prompt tokens and for a million completion tokens, such as 2.5,10.",
    });
  }
  return { prompt, cachedPrompt: prompt, completion };
}

/**
 * The next call could cost more than what is left of the cap, and no call is under way that could give money
 * back. The run stops taking work; nothing is lost.
 */
export class CostCapReached extends Error {
  override readonly name = "CostCapReached";
  /** Dollars. */
  readonly maxCost: number;
  /** Dollars spent so far, and what the refused call could have cost at most. */
  readonly spent: number;
  readonly needed: number;

  constructor(maxCost: number, spent: number, needed: number) {
    super(
      `the cost limit of $${maxCost} leaves $${Math.max(0, maxCost - spent).toFixed(4)}, ` +
        `and one more call may cost $${needed.toFixed(4)}`,
    );
    this.maxCost = maxCost;
    this.spent = spent;
    this.needed = needed;
  }
}

/** A call that waits until its worst case fits. */
interface Waiting {
  readonly worst: number;
  readonly admit: () => void;
  readonly refuse: (error: CostCapReached) => void;
}

/**
 * The account of a run. Before a call its worst case is reserved; afterwards the reservation is replaced by
 * what it cost, so that spending and reservations together never pass the cap. Several models may share one.
 */
export class Ledger {
  /** Dollars; undefined when there is no cap. */
  readonly maxCost: number | undefined;
  #spent: number;
  #reserved = 0;
  #underWay = 0;
  readonly #waiting = new WaitingList<Waiting>();

  /** `spent` is what earlier parts of a resumed run cost; the cap counts it. */
  constructor(maxCost?: number, spent = 0) {
    this.maxCost = maxCost;
    this.#spent = spent;
  }

  /**
   * Reserves `worst` dollars, waiting while calls under way may still give money back. Rejects with
   * {@link CostCapReached} when none is, and with the signal's reason.
   */
  async reserve(worst: number, options: TurnOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    if (this.#waiting.size > 0 || !this.#fits(worst)) {
      if (this.#underWay === 0) throw this.#refusal(worst);
      await this.#wait(worst, options);
      return;
    }
    this.#take(worst);
  }

  /** Replaces a reservation by what the call cost. */
  settle(worst: number, cost: number): void {
    this.#reserved -= worst;
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#reserved = 0;
    this.#spent += cost;
    this.#admitWaiting();
  }

  /** Dollars spent so far. */
  get spent(): number {
    return this.#spent;
  }

  #fits(worst: number): boolean {
    return this.maxCost === undefined || this.#spent + this.#reserved + worst <= this.maxCost;
  }

  #refusal(worst: number): CostCapReached {
    return new CostCapReached(this.maxCost ?? Number.POSITIVE_INFINITY, this.#spent, worst);
  }

  #take(worst: number): void {
    this.#reserved += worst;
    this.#underWay += 1;
  }

  #wait(worst: number, { signal, priority = 0 }: TurnOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        reject(reason);
        // Those behind may fit where this one did not.
        this.#admitWaiting();
      };
      this.#waiting.add({ worst, admit: resolve, refuse: reject }, priority, signal, leave);
    });
  }

  /** Lets calls go in their order, and refuses the first when nothing under way can make room for it. */
  #admitWaiting(): void {
    for (let next = this.#waiting.first; next !== undefined; next = this.#waiting.first) {
      const fits = this.#fits(next.worst);
      if (!fits && this.#underWay > 0) return;
      this.#waiting.shift();
      if (fits) {
        this.#take(next.worst);
        next.admit();
      } else {
        next.refuse(this.#refusal(next.worst));
      }
    }
  }
}

/** What the meter must know of a model. */
export interface MeterOptions {
  /** Undefined when it is unknown: calls then count as free, which a cap does not allow. */
  readonly price: Price | undefined;
  /** The most tokens that a reply may have. */
  readonly maxTokens: number | undefined;
  /** Whether schemas of replies are sent along, which providers may count as a part of the prompt; false when not given. */
  readonly structured?: boolean | undefined;
}

/** Tokens that a chat template may add around one message, and around the whole, at most. */
const OVERHEAD = 16;

/**
 * The most that a call may cost, in dollars: no tokenizer that providers use makes more tokens of a text than
 * it has bytes, and a reply ends at `maxTokens`.
 */
export function worstCost(request: ChatRequest, price: Price, maxTokens: number, withSchema = false): number {
  const schema =
    withSchema && request.schema !== undefined ? Buffer.byteLength(JSON.stringify(request.schema.schema)) : 0;
  const prompt = request.messages.reduce(
    (sum, { content }) => sum + Buffer.byteLength(content) + OVERHEAD,
    schema,
  );
  const dearest = Math.max(price.prompt, price.cachedPrompt, price.cacheWrite ?? 0);
  return costOf(
    { ...price, prompt: dearest },
    { promptTokens: prompt + OVERHEAD, completionTokens: maxTokens, cachedTokens: 0, estimated: true },
  );
}

/**
 * A model whose every attempt is booked in `ledger`. It belongs beneath the model that retries broken calls,
 * so that each attempt is reserved for and settled by itself, and above the limiter, so that a call that waits
 * for money holds no place among those that run. Throws AgentRefineError for a cap that could not be kept.
 */
export function meteredModel(model: ChatModel, ledger: Ledger, options: MeterOptions): ChatModel {
  const { price, maxTokens, structured } = options;
  if (ledger.maxCost !== undefined && price === undefined) {
    throw new AgentRefineError(`a cost limit needs the price of ${model.name}, which is not known`, {
      fix: "Give it with 'price' PROMPT,COMPLETION (dollars for a million tokens) or in a price list.",
    });
  }
  if (ledger.maxCost !== undefined && maxTokens === undefined) {
    throw new AgentRefineError("a cost limit needs to know how long a reply can get", {
      fix: "Set the most tokens that a reply may have.",
    });
  }
  const worstOf = (request: ChatRequest): number =>
    price === undefined || maxTokens === undefined ? 0 : worstCost(request, price, maxTokens, structured);
  const settle = (worst: number, usage: Usage | undefined): void => {
    ledger.settle(worst, price === undefined || usage === undefined ? 0 : costOf(price, usage));
  };

  const chat = async (request: ChatRequest, chatOptions: ChatOptions = {}): Promise<ChatReply> => {
    const worst = worstOf(request);
    await ledger.reserve(worst, turnOptions(chatOptions));
    try {
      const reply = await model.chat(request, chatOptions);
      settle(worst, reply.usage);
      return reply;
    } catch (error) {
      if (error instanceof ChatError) settle(worst, error.usage);
      // A call that was ended from outside says nothing of what it bought, so the cap counts the worst.
      else ledger.settle(worst, hasNotBegun(error, chatOptions) ? 0 : worst);
      throw error;
    }
  };
  return { name: model.name, chat };
}

/** Whether an error is the reason of `stop`, which only ends waits: the call was still waiting for a slot. */
function hasNotBegun(error: unknown, { signal, stop }: ChatOptions): boolean {
  return stop?.aborted === true && error === stop.reason && signal?.aborted !== true;
}
