import { setMaxListeners } from "node:events";
import type { Measure, Suite, Task } from "../environment/suite.ts";
import {
  type Outside,
  OutsideUnreachable,
  type Scores,
  type Start,
  type Step,
  type World,
} from "../environment/world.ts";
import { wordsWithFix } from "../errors.ts";
import { ChatError } from "../model/chat-model.ts";
import { CostCapReached } from "../model/money.ts";

/** What a world rejected with, or what was wrong with what it said. */
export class WorldError extends Error {}

/**
 * Seconds that a world has for closing, and for what it is at when the evaluation is told to end, where a step has
 * more.
 */
const PATIENCE = 10;

/** Scores may be this far outside of their range, as sums of fractions are. */
const TOLERANCE = 1e-9;

/** What becomes of `work`, or a rejection when it takes longer. */
async function within<Value>(work: Promise<Value>, seconds: number, words: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new WorldError(words)), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects some time after a signal, for work that does not listen to it. */
function afterPatience(
  signal: AbortSignal,
  seconds: number,
): { readonly ends: Promise<never>; readonly release: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let begin = (): void => {};
  const ends = new Promise<never>((_resolve, reject) => {
    begin = () => {
      timer = setTimeout(() => reject(signal.reason), seconds * 1000);
    };
  });
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  const release = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", begin);
  };
  return { ends, release };
}

/** What an episode has at its beginning. */
export function lowestScores(measures: readonly Measure[]): Scores {
  const needed = measures.filter(({ optional }) => optional !== true);
  return Object.fromEntries(needed.map(({ name, range: [least] }) => [name, least]));
}

/** The score of a measure; throws a WorldError for one that cannot be. */
function checked(name: string, value: number, measures: readonly Measure[]): number {
  const measure = measures.find((each) => each.name === name);
  if (measure === undefined) throw new WorldError(`the world scored ${name}, which is not measured`);
  const [least, most] = measure.range;
  if (value >= least - TOLERANCE && value <= most + TOLERANCE) return Math.min(most, Math.max(least, value));
  throw new WorldError(`the world said that ${name} is ${value}, which is not between ${least} and ${most}`);
}

/**
 * The world of one trial, held to what it promises: it answers in time or is given up, what it says of its measures
 * can be, and it is closed whatever happens. What is wrong with it is thrown as a WorldError; what stops the
 * evaluation, and what the models that it asks fail with, as it is.
 */
export class OpenedWorld implements AsyncDisposable {
  readonly #suite: Suite;
  readonly #stop: AbortSignal;
  readonly #giveUp = new AbortController();
  #world: World | undefined;
  #start: Start = { observation: "", goal: "" };
  #scores: Scores;

  private constructor(suite: Suite, stop: AbortSignal) {
    this.#suite = suite;
    this.#stop = stop;
    this.#scores = lowestScores(suite.measures);
  }

  /** Opens a task's world and begins its episode. */
  static async open(suite: Suite, task: Task, outside: Outside): Promise<OpenedWorld> {
    const opened = new OpenedWorld(suite, outside.signal);
    const signal = AbortSignal.any([outside.signal, opened.#giveUp.signal]);
    setMaxListeners(0, signal);
    const opening = async (): Promise<Start> => {
      const world = await task.open({
        ...outside,
        recall: (key, ask) => outside.recall(key, () => ask(signal)),
        signal,
      });
      // Given up in the meantime: nobody else would close it.
      if (signal.aborted) await world[Symbol.asyncDispose]();
      signal.throwIfAborted();
      opened.#world = world;
      return world.reset();
    };
    try {
      opened.#start = await opened.#guard(opening, "opened");
      return opened;
    } catch (error) {
      await opened[Symbol.asyncDispose]();
      throw error;
    }
  }

  get start(): Start {
    return this.#start;
  }

  /** What the suite's measures stand at, each counted as it is to be. */
  get scores(): Scores {
    return this.#scores;
  }

  async step(action: string): Promise<Step> {
    const step = await this.#guard(async () => this.#opened.step(action), "answered");
    const { measures } = this.#suite;
    try {
      const now = Object.entries(step.scores).map(([name, value]) => {
        const score = checked(name, value, measures);
        const { over } = measures.find((each) => each.name === name) ?? {};
        return [name, over === "highest" ? Math.max(this.#scores[name] ?? score, score) : score];
      });
      this.#scores = { ...this.#scores, ...Object.fromEntries(now) };
    } catch (error) {
      this.#giveUp.abort(error);
      throw error;
    }
    return step;
  }

  /** The actions that would be understood now; none where the world does not tell. */
  async actions(): Promise<readonly string[]> {
    return this.#guard(async () => (await this.#opened.actions?.()) ?? [], "listed its actions");
  }

  /** Closes the world; what fails or hangs then is left behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#giveUp.abort(new WorldError("the world is closed"));
    const world = this.#world;
    this.#world = undefined;
    if (world === undefined) return;
    const closing = (async () => world[Symbol.asyncDispose]())();
    await within(closing, this.#patience, "the world did not close").catch(() => undefined);
  }

  get #patience(): number {
    return Math.min(this.#suite.stepSeconds ?? PATIENCE, PATIENCE);
  }

  get #opened(): World {
    if (this.#world === undefined) throw new WorldError("the world is closed");
    return this.#world;
  }

  async #guard<Value>(act: () => Promise<Value>, done: string): Promise<Value> {
    const { stepSeconds } = this.#suite;
    const { ends, release } = afterPatience(this.#stop, this.#patience);
    try {
      const work = Promise.race([act(), ends]);
      if (stepSeconds === undefined) return await work;
      return await within(work, stepSeconds, `the world has not ${done} in ${stepSeconds} s`);
    } catch (error) {
      this.#giveUp.abort(error);
      // A world that ends because the evaluation does has not failed.
      this.#stop.throwIfAborted();
      const isItself =
        error instanceof WorldError ||
        error instanceof OutsideUnreachable ||
        error instanceof ChatError ||
        error instanceof CostCapReached;
      throw isItself ? error : new WorldError(wordsWithFix(error), { cause: error });
    } finally {
      release();
    }
  }
}
