import type { Environment, Start, Step, Suite } from "../../environment/environment.ts";

/** Milliseconds without a request after which a world may be closed: a trainer that died closes none itself. */
const IDLE = 30 * 60_000;

/** What the player of an open world was last shown. */
interface OpenWorld {
  readonly environment: Environment;
  readonly start: Start;
  readonly last: Step | undefined;
  /** The highest progress since the reset. */
  readonly score: number;
}

/** What a world shows, as AgentGym's clients read it. */
interface WorldView {
  /** At the beginning of an episode the goal stands before it. */
  readonly observation: string;
  /** The progress that the last action has added. */
  readonly reward: number;
  /** The progress since the reset. */
  readonly score: number;
  readonly done: boolean;
}

/** A place that a client has taken; its world is opened when it is first asked for. */
interface Place {
  readonly world: OpenWorld | undefined;
  /** When it was last asked for, in milliseconds. */
  readonly used: number;
}

/** The worlds that clients have opened, by number. */
export class ServedWorlds {
  /** What is offered. */
  readonly suite: Suite;
  readonly #most: number;
  readonly #now: () => number;
  readonly #places = new Map<number, Place>();
  #next = 0;

  /** `now` gives milliseconds. */
  constructor(suite: Suite, most: number, now: () => number) {
    this.suite = suite;
    this.#most = most;
    this.#now = now;
  }

  /**
   * Takes a place for a world: the task that is reset first, or the first one where none is. Closes those that
   * nobody has asked for in half an hour; undefined when too many are open all the same.
   */
  create(): number | undefined {
    const now = this.#now();
    for (const [id, { used }] of this.#places) if (now - used > IDLE) this.#places.delete(id);
    if (this.#places.size >= this.#most) return undefined;
    const id = this.#next;
    this.#next += 1;
    this.#places.set(id, { world: undefined, used: now });
    return id;
  }

  has(id: number): boolean {
    return this.#places.has(id);
  }

  /** Begins a task, by its place in the suite; undefined when the suite has no such task. */
  reset(id: number, index: number): WorldView | undefined {
    const world = this.#open(id, index);
    return world && { ...viewOf(world), reward: 0 };
  }

  /** What was last shown; undefined when there is no such world. */
  view(id: number): WorldView | undefined {
    const world = this.#worldOf(id);
    return world && { ...viewOf(world), reward: 0 };
  }

  /** Does an action; undefined when there is no such world. */
  step(id: number, action: string): WorldView | undefined {
    const world = this.#worldOf(id);
    if (world === undefined) return undefined;
    const last = world.environment.step(action);
    const next = { ...world, last, score: Math.max(world.score, last.progress) };
    this.#keep(id, next);
    return { ...viewOf(next), reward: next.score - world.score };
  }

  /** Closes a world; false when there is none. */
  close(id: number): boolean {
    return this.#places.delete(id);
  }

  #worldOf(id: number): OpenWorld | undefined {
    const place = this.#places.get(id);
    if (place?.world === undefined) return place && this.#open(id, 0);
    return this.#keep(id, place.world);
  }

  #open(id: number, index: number): OpenWorld | undefined {
    const task = this.suite.tasks[index];
    if (task === undefined) return undefined;
    const environment = task.createEnvironment();
    return this.#keep(id, { environment, start: environment.reset(), last: undefined, score: 0 });
  }

  #keep(id: number, world: OpenWorld): OpenWorld {
    this.#places.set(id, { world, used: this.#now() });
    return world;
  }
}

function viewOf({ start, last, score }: OpenWorld): Omit<WorldView, "reward"> {
  const observation = last?.observation ?? `Your goal: ${start.goal}\n${start.observation}`;
  return { observation, score, done: last?.done ?? false };
}
