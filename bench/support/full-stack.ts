import type { ChatModel } from "../../src/model/chat-model.ts";
import { Limiter, systemClock } from "../../src/model/limiter.ts";
import { Ledger } from "../../src/model/money.ts";
import { openModel } from "../../src/model/providers.ts";
import { stackModel } from "../../src/model/stack.ts";

const MAX_TOKENS = 16_384;
const PRICE = { prompt: 2.5, cachedPrompt: 1.25, completion: 10 };

/** How the model is asked. */
export interface FullStackOptions {
  readonly baseUrl: string;
  /** Calls that may run at once from the start, and at most. */
  readonly atOnce: number;
  readonly stream: boolean;
}

/**
 * A model as a run has it: OpenAI's protocol, a limiter, a ledger with a price and a cap, retries. The limiter
 * is open from the start, since a provider's limits are not what is measured.
 */
export async function fullStack({ baseUrl, atOnce, stream }: FullStackOptions): Promise<ChatModel> {
  const model = await openModel(
    { provider: "openai", model: "served", baseUrl, stream, maxTokens: MAX_TOKENS },
    {},
  );
  return stackModel(model, {
    limiter: new Limiter(systemClock, { start: atOnce, maximum: atOnce }),
    ledger: new Ledger(1_000_000),
    price: PRICE,
    maxTokens: MAX_TOKENS,
    seed: "bench",
  });
}
