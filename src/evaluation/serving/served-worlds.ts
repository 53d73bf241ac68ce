import type { Suite } from "../../environment/suite.ts";
import { type Step, unrecorded } from "../../environment/world.ts";
import { OpenedWorld } from "../opened-world.ts";

/** Milliseconds without a request after which a world is closed: a trainer that died closes none itself. */
const IDLE = 30 * 60_000;

/** What the player of an open world was last shown. */
interface OpenWorld {
  readonly world: OpenedWorld;
  readonly last: Step | undefined;
  /** The score since the reset: progress where the suite has it, else its first measure. */
  readonly score: number;
}

/** What a world shows, as AgentGym's clients read it. */
interface WorldView {
  /** At the beginning of an episode the goal stands before it. */
  readonly observation: string;
  /** The score that the last action has added. */
  readonly reward: number;
  /** The score since the reset. */
  readonly score: number;
  readonly done: boolean;
}

/** A place that a client has taken; its world is opened when it is first asked for. */
interface Place {
  state: OpenWorld | undefined;
  /** When it was last asked for, in milliseconds. */
  used: number;
  /** What was asked of it last: a world does one thing at a time. */
  busy: Promise<unknown>;
}

/** The worlds that clients have opened, by number. */
export class ServedWorlds {
  /** What is offered. */
  readonly suite: Suite;
  readonly #most: number;
  readonly #now: () => number;
  readonly #end = new AbortController();
  readonly #places = new Map<number, Place>();
  #next = 0;

  /** `most` places at once, and no more than the suite bears; `now` gives milliseconds. */
  constructor(suite: Suite, most: number, now: () => number) {
    this.suite = suite;
    this.#most = Math.min(most, suite.worldsAtOnce ?? most);
    this.#now = now;
  }

  /**
   * Takes a place for a world: the task that is reset first, or the first one where none is. Closes those that
   * nobody has asked for in half an hour; undefined when too many are open all the same.
   */
  create(): number | undefined {
    this.closeIdle();
    if (this.#places.size >= this.#most) return undefined;
    const id = this.#next;
    this.#next += 1;
    this.#places.set(id, { state: undefined, used: this.#now(), busy: Promise.resolve() });
    return id;
  }

  has(id: number): boolean {
    return this.#places.has(id);
  }

  /** Begins a task, by its place in the suite; undefined when there is no such task. Rejects when its world breaks. */
  async reset(id: number, index: number): Promise<WorldView | undefined> {
    if (this.suite.tasks[index] === undefined) return undefined;
    return this.#use(id, async (place) => ({ ...this.#viewOf(await this.#open(place, index)), reward: 0 }));
  }

  /** What was last shown; undefined when there is no such world. */
  async view(id: number): Promise<WorldView | undefined> {
    return this.#use(id, async (place) => ({ ...this.#viewOf(await this.#stateOf(place)), reward: 0 }));
  }

  /** Does an action; undefined when there is no such world. Rejects when it breaks. */
  async step(id: number, action: string): Promise<WorldView | undefined> {
    return this.#use(id, async (place) => {
      const before = await this.#stateOf(place);
      const { world } = before;
      const last = before.last?.ending === undefined ? await world.step(action) : before.last;
      place.state = { world, last, score: this.#scoreOf(world) };
      return { ...this.#viewOf(place.state), reward: place.state.score - before.score };
    });
  }

  /** Closes a world; false when there is none. */
  async close(id: number): Promise<boolean> {
    const place = this.#places.get(id);
    this.#places.delete(id);
    await place?.busy.catch(() => undefined);
    await place?.state?.world[Symbol.asyncDispose]();
    return place !== undefined;
  }

  /** Closes those that nobody has asked for in half an hour. */
  closeIdle(): void {
    const now = this.#now();
    for (const [id, { used }] of this.#places) if (now - used > IDLE) void this.close(id);
  }

  /** Ends what the worlds are at and closes them all. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await Promise.all([...this.#places.keys()].map((id) => this.close(id)));
  }

  /** Does something to a place when what was asked of it before is done. */
  async #use<Value>(id: number, act: (place: Place) => Promise<Value>): Promise<Value | undefined> {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    place.used = this.#now();
    const done = place.busy.catch(() => undefined).then(() => act(place));
    place.busy = done;
    return done;
  }

  async #stateOf(place: Place): Promise<OpenWorld> {
    return place.state ?? this.#open(place, 0);
  }

  async #open(place: Place, index: number): Promise<OpenWorld> {
    const task = this.suite.tasks[index];
    if (task === undefined) throw new RangeError(`the suite has no task ${index}`);
    const before = place.state;
    place.state = undefined;
    await before?.world[Symbol.asyncDispose]();
    const world = await OpenedWorld.open(this.suite, task, unrecorded(this.#end.signal));
    place.state = { world, last: undefined, score: this.#scoreOf(world) };
    return place.state;
  }

  #scoreOf({ scores }: OpenedWorld): number {
    return scores.progress ?? scores[this.suite.measures[0]?.name ?? ""] ?? 0;
  }

  #viewOf({ world: { start }, last, score }: OpenWorld): Omit<WorldView, "reward"> {
    const observation = last?.observation ?? `Your goal: ${start.goal}\n${start.observation}`;
    return { observation, score, done: last?.ending !== undefined };
  }
}
