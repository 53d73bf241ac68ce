import type { Clock } from "../limiter.ts";

/** A clock that only moves when it is told to, or when its sleepers are woken. */
interface FakeClock extends Clock {
  /** The length of every sleep so far, in milliseconds. */
  readonly sleeps: readonly number[];
  /** Moves time on and wakes the sleepers whose time has come. */
  advance(duration: number): void;
}

/** A sleeper's place: when it wakes and how. */
interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A {@link FakeClock} at 0. With `instant`, time moves on by itself as soon as anyone sleeps. */
export function fakeClock(instant = false): FakeClock {
  let now = 0;
  let sleepers: Sleeper[] = [];
  const sleeps: number[] = [];
  const advance = (duration: number): void => {
    now += duration;
    const due = sleepers.filter((sleeper) => sleeper.at <= now);
    sleepers = sleepers.filter((sleeper) => sleeper.at > now);
    for (const sleeper of due) sleeper.wake();
  };
  const sleep = (duration: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      sleeps.push(duration);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      sleepers.push({ at: now + duration, wake: resolve });
      if (instant) advance(duration);
    });
  return { now: () => now, sleep, sleeps, advance };
}
