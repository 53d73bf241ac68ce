import { randomFor } from "../random.ts";
import { Activity } from "./activity.ts";
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
import { totalUsage } from "./total-usage.ts";

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
  /** Seeds the jitter of the waits. */
  readonly seed: number | string;
  /** Where what is made again is counted. */
  readonly activity?: Activity;
}

/**
 * A model that repeats a call which broke for a passing reason, with a new watch each time. It waits as long as
 * the provider asks, or longer. What broken attempts bought is counted into the reply's usage, and into the
 * usage of the error after the last attempt, which is also the error of a wait that `stop` ends.
 */
export function persistentModel(model: ChatModel, options: PersistentOptions): ChatModel {
  const { schedule, clock, activity = new Activity(clock) } = options;
  const draws = randomFor(options.seed, "retry-waits");
  const chat = async (request: ChatRequest, chatOptions: ChatOptions = {}): Promise<ChatReply> => {
    const bought: Usage[] = [];
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attemptCall(model, request, chatOptions);
      if (outcome.usage !== undefined) bought.push(outcome.usage);
      if ("finish" in outcome) return { ...outcome, usage: totalUsage(bought) };
      const failure = withBought(outcome, bought);
      if (!isRepeatable(outcome) || attempt >= schedule.attempts) throw failure;
      const wait = Math.max(waitAfter(schedule, attempt, draws.next()), outcome.retryAfter ?? 0);
      await activity
        .retry(outcome.message, () => clock.sleep(wait, waitSignal(chatOptions)))
        .catch((reason: unknown) => {
          throw endOfWait(reason, failure, chatOptions);
        });
    }
  };
  return { name: model.name, chat };
}

function withBought(error: ChatError, bought: readonly Usage[]): ChatError {
  return bought.length === 0 ? error : withUsage(error, totalUsage(bought));
}

/** What the end of a wait is told with: the reason of `stop` alone would take what was bought out of the account. */
function endOfWait(reason: unknown, failure: ChatError, { signal }: ChatOptions): unknown {
  return failure.usage === undefined || signal?.aborted === true ? reason : failure;
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
