import { randomFor } from "../random.ts";
import { ChatError, isRepeatable, withUsage } from "./chat-error.ts";
import {
  type ChatModel,
  type ChatOptions,
  type ChatReply,
  type ChatRequest,
  type Usage,
  waitSignal,
} from "./chat-model.ts";
import type { Clock } from "./clock.ts";

/** How often and how soon a broken call is repeated. */
export interface RetrySchedule {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** The wait before the second attempt, in milliseconds; it doubles with each further one. */
  readonly firstWait: number;
  /** The longest wait of our own making; what the provider asks for may be longer. */
  readonly longestWait: number;
}

/** Six attempts, waiting about 1, 2, 4, 8 and 16 seconds. */
export const DEFAULT_SCHEDULE: RetrySchedule = { attempts: 6, firstWait: 1000, longestWait: 60_000 };

/**
 * The wait after attempt number `attempt` (from 1), in milliseconds. `draw` in [0, 1) spreads it over the upper
 * half of its range, so that calls that broke together do not come back together.
 */
export function waitAfter(schedule: RetrySchedule, attempt: number, draw: number): number {
  const full = Math.min(schedule.longestWait, schedule.firstWait * 2 ** (attempt - 1));
  return full * (0.5 + draw / 2);
}

/** Settings of {@link persistentModel}. */
export interface PersistentOptions {
  readonly schedule: RetrySchedule;
  readonly clock: Clock;
  /** Seeds the spread of the waits. */
  readonly seed: number | string;
}

/**
 * A model that repeats a call which broke for a passing reason, with a new watch each time. It waits as long as
 * the provider asks, or longer. What broken attempts bought is counted into the reply's usage, and into the
 * usage of the error after the last attempt.
 */
export function persistentModel(model: ChatModel, options: PersistentOptions): ChatModel {
  const { schedule, clock } = options;
  const draws = randomFor(options.seed, "retry-waits");
  const chat = async (request: ChatRequest, chatOptions: ChatOptions = {}): Promise<ChatReply> => {
    let bought: Usage | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attemptCall(model, request, chatOptions);
      bought = addUsage(bought, outcome.usage);
      if ("finish" in outcome) return { ...outcome, usage: bought ?? outcome.usage };
      if (!isRepeatable(outcome) || attempt >= schedule.attempts) {
        throw bought === undefined ? outcome : withUsage(outcome, bought);
      }
      const wait = waitAfter(schedule, attempt, draws.next());
      await clock.sleep(Math.max(wait, outcome.retryAfter ?? 0), waitSignal(chatOptions));
    }
  };
  return { name: model.name, chat };
}

/** A reply, or the error that stands in its place; anything else is thrown. */
async function attemptCall(
  model: ChatModel,
  request: ChatRequest,
  options: ChatOptions,
): Promise<ChatReply | ChatError> {
  try {
    return await model.chat(request, options);
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}

function addUsage(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
    cachedTokens: one.cachedTokens + other.cachedTokens,
    estimated: one.estimated || other.estimated,
  };
}
