import { availableParallelism } from "node:os";
import type { Problem } from "../tasks.ts";
import type { Simulator } from "./simulator.ts";

/** How long a simulator waits for the next episode before it is ended: it takes 180 MB, and 2 s to start anew. */
const IDLE_MS = 60_000;

/** Starts one after the other on each core: many at once would all be late. */
function inLanes(start: () => Promise<Simulator>, count: number): () => Promise<Simulator> {
  const lanes: Promise<unknown>[] = Array.from({ length: count }, () => Promise.resolve());
  let next = 0;
  return () => {
    const lane = next;
    next = (next + 1) % count;
    const started = (lanes[lane] ?? Promise.resolve()).then(start);
    lanes[lane] = started.catch(() => {});
    return started;
  };
}

/**
 * Simulators that are started when they are asked for, and kept for a while when they are given back: as many as are
 * taken at once. Who takes them sees to it that they are not too many.
 */
export class Simulators {
  readonly #start: () => Promise<Simulator>;
  readonly #idleMs: number;
  readonly #idle = new Map<Simulator, NodeJS.Timeout>();

  constructor(start: () => Promise<Simulator>, idleMs: number = IDLE_MS) {
    this.#start = inLanes(start, availableParallelism());
    this.#idleMs = idleMs;
  }

  /** One that nobody else has until it is given back. */
  async take(): Promise<Simulator> {
    for (const [simulator, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(simulator);
      if (simulator.isSound) return simulator;
      simulator.close();
    }
    return await this.#start();
  }

  /** Takes one back; one that has failed, or that an answer is still waited for from, is ended. */
  giveBack(simulator: Simulator): void {
    if (!simulator.isSound) simulator.close();
    else this.#idle.set(simulator, setTimeout(() => this.#end(simulator), this.#idleMs).unref());
  }

  /** Ends those that are not taken. */
  close(): void {
    for (const simulator of this.#idle.keys()) this.#end(simulator);
  }

  #end(simulator: Simulator): void {
    clearTimeout(this.#idle.get(simulator));
    this.#idle.delete(simulator);
    simulator.close();
  }
}

/** Finds the simulator's own way to achieve a problem; undefined when it finds none, or fails. */
export type GoldFinder = (problem: Problem) => Promise<readonly string[] | undefined>;

/**
 * Asks simulators in which nothing is played: one that has sought a way goes on seeking one at every load, and a load
 * disturbs what else is in the same JVM. One problem at a time, as each takes seconds of a core.
 */
export function createGoldFinder(simulators: Simulators): GoldFinder {
  let last: Promise<unknown> = Promise.resolve();
  const find = async ({ kind, variation }: Problem): Promise<readonly string[] | undefined> => {
    const simulator = await simulators.take();
    try {
      await simulator.load(kind, variation, { gold: true });
      const actions = await simulator.gold();
      return actions.length === 0 ? undefined : actions;
    } finally {
      simulators.giveBack(simulator);
    }
  };
  return (problem) => {
    const found = last.then(() => find(problem)).catch(() => undefined);
    last = found;
    return found;
  };
}
