import { estimatePromptTokens, estimateTokens } from "../model/call.ts";
import type { ChatMessage, ChatModel } from "../model/chat-model.ts";
import { costOf, type Price } from "../model/money.ts";
import type { Persona } from "../persona/persona.ts";
import { begin, receive, request, type Synthesis } from "./synthesis.ts";

/** A call as it would be made, with a reply that somebody else has given. All tokens are estimates. */
export interface RehearsedCall {
  readonly purpose: "script" | "trajectory";
  readonly messages: readonly ChatMessage[];
  readonly promptTokens: number;
  /** Those at the beginning of the prompt that are the same for every persona, which providers read from a cache. */
  readonly cachedTokens: number;
  readonly completionTokens: number;
}

/**
 * The calls of a persona that goes through without a fault: the script's and the trajectory's. `author` gives the
 * replies in place of the model that would be paid, so that prompts can be read and priced before anything is bought.
 */
export async function rehearse(
  persona: Persona,
  author: ChatModel,
  { maximumCalls, errors, form }: Pick<Synthesis, "maximumCalls" | "errors" | "form">,
): Promise<readonly RehearsedCall[]> {
  const calls: RehearsedCall[] = [];
  let synthesis = begin(persona, maximumCalls, errors, form);
  for (const purpose of ["script", "trajectory"] as const) {
    const asked = request(synthesis);
    if (asked === undefined) break;
    const reply = await author.chat(asked);
    calls.push({
      purpose,
      messages: asked.messages,
      promptTokens: estimatePromptTokens(asked.messages),
      cachedTokens: estimatePromptTokens(asked.messages.filter(({ role }) => role === "system")),
      completionTokens: estimateTokens(reply.text),
    });
    synthesis = receive(synthesis, reply);
  }
  return calls;
}

/** Dollars that a run may come to. */
export interface CostEstimate {
  /** For the first persona, when both of its calls succeed at once. */
  readonly first: number;
  /** For each further one, whose prompts are cached in part. */
  readonly further: number;
  /** For all personas, when all calls succeed at once. */
  readonly total: number;
  /** For a persona that uses all of its calls to their limits, without a cache. */
  readonly worst: number;
  readonly worstTotal: number;
}

/** How much more is written where no reply is stopped at its first fault, as `npm run bench -- tokens` finds it. */
const WITHOUT_STOPPING = 1.08;

/** What a run in batches may cost, in dollars. Whether prompts are cached there is luck, so nothing is counted as cached. */
export function estimateBatches(calls: readonly RehearsedCall[], price: Price, personas: number): number {
  return calls.reduce((sum, { promptTokens, completionTokens }) => {
    const written = completionTokens * WITHOUT_STOPPING;
    const usage = { promptTokens, completionTokens: written, cachedTokens: 0, estimated: true };
    return sum + personas * costOf(price, usage);
  }, 0);
}

/** What a run of some personas may cost. `maxTokens` is the most that a reply may have. */
export function estimateCost(
  calls: readonly RehearsedCall[],
  price: Price,
  run: { readonly personas: number; readonly maximumCalls: number; readonly maxTokens: number },
): CostEstimate {
  const { personas, maximumCalls, maxTokens } = run;
  const of = (promptTokens: number, completionTokens: number, cachedTokens = 0): number =>
    costOf(price, { promptTokens, completionTokens, cachedTokens, estimated: true });
  const sum = (some: readonly number[]): number => some.reduce((all, each) => all + each, 0);
  const first = sum(calls.map((call) => of(call.promptTokens, call.completionTokens)));
  const further = sum(calls.map((call) => of(call.promptTokens, call.completionTokens, call.cachedTokens)));
  const [script = 0, trajectory = script] = calls.map(({ promptTokens }) => promptTokens);
  // A trajectory's prompt has the script, and after a fault also what was kept of the reply before.
  const retries = Math.max(0, maximumCalls - 2) * of(trajectory + 2 * maxTokens, maxTokens);
  const worst =
    calls.length === 0 ? 0 : of(script, maxTokens) + of(trajectory + maxTokens, maxTokens) + retries;
  return {
    first,
    further,
    worst,
    total: personas === 0 ? 0 : first + (personas - 1) * further,
    worstTotal: personas * worst,
  };
}
