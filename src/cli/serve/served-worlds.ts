import type { Environment, Start, Step, Suite } from "../../environment/environment.ts";

/** What the player of an open world was last shown. */
interface OpenWorld {
  readonly index: number;
  readonly environment: Environment;
  readonly start: Start;
  readonly last: Step | undefined;
  /** The highest progress since the reset. */
  readonly score: number;
}

/** What a world shows, as AgentGym's clients read it. */
export interface WorldView {
  /** At the beginning of an episode the goal stands before it. */
  readonly observation: string;
  /** The progress that the last action has added. */
  readonly reward: number;
  /** The progress since the reset. */
  readonly score: number;
  readonly done: boolean;
}

/** The worlds that clients have opened, by number. */
export class ServedWorlds {
  readonly #suite: Suite;
  readonly #most: number;
  readonly #worlds = new Map<number, OpenWorld>();
  #next = 0;

  constructor(suite: Suite, most: number) {
    this.#suite = suite;
    this.#most = most;
  }

  /** What is offered. */
  get suite(): Suite {
    return this.#suite;
  }

  /** Opens a world of the first task; undefined when too many are open. */
  create(): number | undefined {
    if (this.#worlds.size >= this.#most) return undefined;
    const id = this.#next;
    this.#next += 1;
    return this.#open(id, 0) === undefined ? undefined : id;
  }

  has(id: number): boolean {
    return this.#worlds.has(id);
  }

  /** Begins a task, by its place in the suite; undefined when the suite has no such task. */
  reset(id: number, index: number): WorldView | undefined {
    return this.#open(id, index);
  }

  /** What was last shown; undefined when there is no such world. */
  view(id: number): WorldView | undefined {
    const world = this.#worlds.get(id);
    return world && { ...viewOf(world), reward: 0 };
  }

  /** Does an action; undefined when there is no such world. */
  step(id: number, action: string): WorldView | undefined {
    const world = this.#worlds.get(id);
    if (world === undefined) return undefined;
    const last = world.environment.step(action);
    const next = { ...world, last, score: Math.max(world.score, last.progress) };
    this.#worlds.set(id, next);
    return { ...viewOf(next), reward: next.score - world.score };
  }

  /** Closes a world; false when there is none. */
  close(id: number): boolean {
    return this.#worlds.delete(id);
  }

  #open(id: number, index: number): WorldView | undefined {
    const task = this.#suite.tasks[index];
    if (task === undefined) return undefined;
    const environment = task.createEnvironment();
    const world: OpenWorld = { index, environment, start: environment.reset(), last: undefined, score: 0 };
    this.#worlds.set(id, world);
    return { ...viewOf(world), reward: 0 };
  }
}

function viewOf({ start, last, score }: OpenWorld): Omit<WorldView, "reward"> {
  const observation = last?.observation ?? `Your goal: ${start.goal}\n${start.observation}`;
  return { observation, score, done: last?.done ?? false };
}
