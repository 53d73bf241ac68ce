import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import type { Environment, Step, Suite, Task } from "../environment.ts";

/** What {@link environmentContract} tests. */
export interface Contract {
  readonly suite: Suite;
  /** Odd inputs of the suite's own, beside those that every suite gets. */
  readonly oddActions: readonly string[];
  /** The most actions of an episode. */
  readonly maximumActions: number;
  /** Whether progress must never fall. */
  readonly monotone: boolean;
  /** The tasks that the expert is asked to solve; by default all. */
  readonly solved?: (task: Task, index: number) => boolean;
}

const ODD_ACTIONS = [
  "",
  " ",
  "\n",
  "constructor",
  "__proto__",
  "toString",
  "1",
  "x".repeat(5000),
  "\u0000",
  "🙂",
];
const RANDOM_ACTIONS = 10_000;
const EPISODE_LENGTH = 40;

function play(environment: Environment, actions: readonly string[]): readonly unknown[] {
  return [environment.reset(), ...actions.map((action) => environment.step(action))];
}

function expectSound(step: Step, previous: Step | undefined, monotone: boolean): void {
  const isSound =
    step.progress >= 0 &&
    step.progress <= 1 &&
    (step.done || !step.success) &&
    (!monotone || step.progress >= (previous?.progress ?? 0)) &&
    new Set(step.validActions).size === step.validActions.length;
  if (!isSound) expect({ previous, step }).toBe("a sound step");
}

/** Random actions, one in eight of them odd; counts the steps. */
function wander(task: Task, contract: Contract, seed: number): { steps: number; actions: string[] } {
  const random = randomFor("contract", task.id, seed);
  const environment = task.createEnvironment();
  const odd = [...ODD_ACTIONS, ...contract.oddActions];
  let { validActions } = environment.reset();
  let previous: Step | undefined;
  const actions: string[] = [];
  for (let i = 0; i < EPISODE_LENGTH && previous?.done !== true; i += 1) {
    const action = random.chance(0.125) ? random.pick(odd) : random.pick(validActions);
    const step = environment.step(action);
    expectSound(step, previous, contract.monotone);
    actions.push(action);
    previous = step;
    validActions = step.validActions;
  }
  return { steps: actions.length, actions };
}

/** What every environment of every suite must hold to. */
export function environmentContract(name: string, contract: Contract): void {
  const { suite, maximumActions, solved = () => true } = contract;
  const sample = suite.tasks.filter((_, i) => i % 7 === 0);

  describe(`${name}: the contract of an environment`, () => {
    test("every task has an id of its own", () => {
      expect(new Set(suite.tasks.map(({ id }) => id)).size).toBe(suite.tasks.length);
      expect(suite.tasks.length).toBeGreaterThan(0);
    });

    test("ten thousand random actions give sound steps and never throw", () => {
      let steps = 0;
      for (let seed = 0; steps < RANDOM_ACTIONS; seed += 1) {
        for (const task of suite.tasks) steps += wander(task, contract, seed).steps;
      }
      expect(steps).toBeGreaterThanOrEqual(RANDOM_ACTIONS);
    });

    test("a reset gives the same beginning, and equal actions give equal steps", () => {
      for (const task of sample) {
        const { actions } = wander(task, contract, 1);
        const environment = task.createEnvironment();
        const once = play(environment, actions);
        expect(play(environment, actions)).toEqual(once);
        expect(play(task.createEnvironment(), actions)).toEqual(once);
      }
    });

    test("two instances share no state", () => {
      for (const task of sample) {
        const { actions } = wander(task, contract, 2);
        const alone = play(task.createEnvironment(), actions);
        const one = task.createEnvironment();
        const other = task.createEnvironment();
        const interleaved = [one.reset()] as unknown[];
        other.reset();
        const foreign = wander(task, contract, 3).actions;
        for (const [i, action] of actions.entries()) {
          other.step(foreign[i % foreign.length] ?? "");
          interleaved.push(one.step(action));
        }
        expect(interleaved).toEqual(alone);
      }
    });

    test("an ended episode stays ended and a reset begins it anew", () => {
      for (const task of sample.slice(0, 3)) {
        const environment = task.createEnvironment();
        const start = environment.reset();
        const last = (task.solve() ?? []).map((action) => environment.step(action)).at(-1);
        expect(last).toMatchObject({ done: true, success: true });
        for (const action of start.validActions) expect(environment.step(action)).toEqual(last);
        expect(environment.reset()).toEqual(start);
      }
    });

    test("the expert solves the tasks within the limit of an episode", { timeout: 120_000 }, () => {
      const unsolved: string[] = [];
      for (const task of suite.tasks.filter(solved)) {
        const actions = task.solve();
        const environment = task.createEnvironment();
        environment.reset();
        const steps = (actions ?? []).map((action) => environment.step(action));
        const early = steps.slice(0, -1).some(({ done }) => done);
        const success = steps.at(-1)?.success === true;
        if (!success || early || steps.length > maximumActions) unsolved.push(task.id);
      }
      expect(unsolved).toEqual([]);
    });
  });
}
