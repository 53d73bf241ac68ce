import { setTimeout as sleepFor } from "node:timers/promises";

/** Time as the limiter and the retries see it; tests hand in their own. */
export interface Clock {
  /** Milliseconds since some moment; only differences count. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when that comes first. */
  sleep(duration: number, signal?: AbortSignal): Promise<void>;
}

/** The longest wait that Node's timers keep; a longer one would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The time of this machine. It never goes back when the machine's date is set. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (duration, signal) => {
    signal?.throwIfAborted();
    try {
      await sleepFor(Math.min(duration, LONGEST_TIMER), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
