import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import type { Environment, Step, Suite, Task } from "../environment.ts";

/** What {@link environmentContract} tests. */
interface Contract {
  readonly suite: Suite;
  /** Odd inputs of the suite's own, beside those that every suite gets. */
  readonly oddActions: readonly string[];
  /** The most actions of an episode. */
  readonly maximumActions: number;
  /** Whether progress must never fall. */
  readonly monotone: boolean;
  /** How many random actions are tried; ten thousand when not given. */
  readonly randomActions?: number;
  /** The tasks that the expert is asked to solve; by default all. */
  readonly solved?: (task: Task, index: number) => boolean;
  /**
   * What the expert found, by the tasks' ids, in a file of `plans/`: as every one is played, only `solved` need be
   * searched again, which is slow. `RECORD_PLANS=1` in the environment writes the file anew.
   */
  readonly plans?: string;
}

/** The recorded plans of a suite, by the tasks' ids. */
export function plansIn(name: string): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(new URL(`plans/${name}.json`, import.meta.url), "utf8");
  return new Map(Object.entries<readonly string[]>(JSON.parse(text)));
}

function recordPlans(name: string, { tasks }: Suite): void {
  const plans = tasks.map((task) => `${JSON.stringify(task.id)}: ${JSON.stringify(task.solve() ?? [])}`);
  writeFileSync(new URL(`plans/${name}.json`, import.meta.url), `{\n${plans.join(",\n")}\n}\n`);
}

/** Whether actions achieve a task with the last of them and within the limit. */
function solves(task: Task, actions: readonly string[] | undefined, limit: number): boolean {
  const environment = task.createEnvironment();
  environment.reset();
  const steps = (actions ?? []).map((action) => environment.step(action));
  const early = steps.slice(0, -1).some(({ done }) => done);
  return steps.at(-1)?.success === true && !early && steps.length <= limit;
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

/** What the expert must hold to. */
function expertContract({ suite, maximumActions, solved = () => true, plans: file }: Contract): void {
  const plans = file === undefined ? undefined : plansIn(file);

  test("the expert solves the tasks within the limit of an episode", { timeout: 120_000 }, () => {
    for (const task of suite.tasks.filter(solved)) {
      const plan = task.solve();
      expect([task.id, solves(task, plan, maximumActions)]).toEqual([task.id, true]);
      if (plans !== undefined) expect([task.id, plan]).toEqual([task.id, plans.get(task.id)]);
    }
  });

  if (plans === undefined) return;
  test("every task is solved by what the expert found when it was recorded", () => {
    const unsolved = suite.tasks.filter((task) => !solves(task, plans.get(task.id), maximumActions));
    expect(unsolved.map(({ id }) => id)).toEqual([]);
  });
}

/** What every environment of every suite must hold to. */
export function environmentContract(name: string, contract: Contract): void {
  const { suite, randomActions = 10_000 } = contract;
  if (contract.plans !== undefined && suite.tasks.length > 0 && process.env.RECORD_PLANS === "1")
    recordPlans(contract.plans, suite);
  const plans = contract.plans === undefined ? undefined : plansIn(contract.plans);
  const sample = suite.tasks.filter((_, i) => i % 7 === 0);

  describe(`${name}: the contract of an environment`, () => {
    test("every task has an id of its own", () => {
      expect(new Set(suite.tasks.map(({ id }) => id)).size).toBe(suite.tasks.length);
      expect(suite.tasks.length).toBeGreaterThan(0);
    });

    test(`${randomActions} random actions give sound steps and never throw`, () => {
      let steps = 0;
      for (let seed = 0; steps < randomActions; seed += 1) {
        for (const task of suite.tasks) steps += wander(task, contract, seed).steps;
      }
      expect(steps).toBeGreaterThanOrEqual(randomActions);
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
        const last = (plans?.get(task.id) ?? task.solve() ?? [])
          .map((action) => environment.step(action))
          .at(-1);
        expect(last).toMatchObject({ done: true, success: true });
        for (const action of start.validActions) expect(environment.step(action)).toEqual(last);
        expect(environment.reset()).toEqual(start);
      }
    });

    expertContract(contract);
  });
}
