import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import type { Measure, Suite, Task } from "../suite.ts";
import type { Start, Step } from "../world.ts";
import { openWorld } from "./open-world.ts";

/** What {@link worldContract} tests. */
interface Contract {
  readonly suite: Suite;
  /** Odd inputs of the suite's own, beside those that every suite gets. */
  readonly oddActions: readonly string[];
  /** The most actions of an episode. */
  readonly maximumActions: number;
  /** How many random actions are tried; four thousand when not given. */
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

async function recordPlans(name: string, { tasks }: Suite): Promise<void> {
  const plans: string[] = [];
  for (const task of tasks)
    plans.push(`${JSON.stringify(task.id)}: ${JSON.stringify((await task.solve?.()) ?? [])}`);
  writeFileSync(new URL(`plans/${name}.json`, import.meta.url), `{\n${plans.join(",\n")}\n}\n`);
}

/** Everything that a world shows for actions, and closes it. */
async function played(task: Task, actions: readonly string[]): Promise<readonly (Start | Step)[]> {
  await using world = await openWorld(task);
  const shown: (Start | Step)[] = [await world.reset()];
  for (const action of actions) shown.push(await world.step(action));
  return shown;
}

function endingOf(shown: Start | Step | undefined): Step["ending"] {
  return shown !== undefined && "ending" in shown ? shown.ending : undefined;
}

/** Whether actions achieve a task with the last of them and within the limit. */
async function solves(task: Task, actions: readonly string[] | undefined, limit: number): Promise<boolean> {
  const steps = (await played(task, actions ?? [])).slice(1);
  const early = steps.slice(0, -1).some((step) => endingOf(step) !== undefined);
  return endingOf(steps.at(-1)) === "success" && !early && steps.length <= limit;
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

function isSound(
  { name, range: [least, most], over }: Measure,
  step: Step,
  before: Step | undefined,
): boolean {
  const score = step.scores[name];
  if (score === undefined) return true;
  const mayFall = over === "highest" || score >= (before?.scores[name] ?? 0) || before === undefined;
  return score >= least && score <= most && mayFall;
}

function expectSound(measures: readonly Measure[], step: Step, previous: Step | undefined): void {
  const names = measures.map(({ name }) => name);
  const known = Object.keys(step.scores).every((name) => names.includes(name));
  const { success } = step.scores;
  const agrees = success === undefined || (success === 1) === (step.ending === "success");
  if (known && agrees && measures.every((measure) => isSound(measure, step, previous))) return;
  expect({ previous, step }).toBe("a sound step");
}

/** A walk through a world: what was done, and all that the world showed. */
interface Walk {
  readonly actions: readonly string[];
  readonly shown: readonly (Start | Step)[];
}

/** Random actions, one in eight of them odd. */
async function wander(task: Task, contract: Contract, seed: number, length = EPISODE_LENGTH): Promise<Walk> {
  const random = randomFor("contract", task.id, seed);
  const odd = [...ODD_ACTIONS, ...contract.oddActions];
  await using world = await openWorld(task);
  const shown: (Start | Step)[] = [await world.reset()];
  let previous: Step | undefined;
  const actions: string[] = [];
  for (let i = 0; i < length && previous?.ending === undefined; i += 1) {
    const isOdd = random.chance(0.125);
    const listed = isOdd ? [] : ((await world.actions?.()) ?? []);
    // To expect something takes longer than the step, so it is done only to say what is wrong.
    if (new Set(listed).size !== listed.length) expect(listed).toEqual([...new Set(listed)]);
    const action = random.pick(listed.length === 0 ? odd : listed);
    const step = await world.step(action);
    expectSound(contract.suite.measures, step, previous);
    actions.push(action);
    shown.push(step);
    previous = step;
  }
  return { actions, shown };
}

/** What the expert must hold to. */
function expertContract({ suite, maximumActions, solved = () => true, plans: file }: Contract): void {
  const plans = file === undefined ? undefined : plansIn(file);

  test("the expert solves the tasks within the limit of an episode", { timeout: 120_000 }, async () => {
    for (const task of suite.tasks.filter(solved)) {
      const plan = await task.solve?.();
      expect([task.id, await solves(task, plan, maximumActions)]).toEqual([task.id, true]);
      if (plans !== undefined) expect([task.id, plan]).toEqual([task.id, plans.get(task.id)]);
    }
  });

  if (plans === undefined) return;
  test("every task is solved by what the expert found when it was recorded", async () => {
    const unsolved: string[] = [];
    for (const task of suite.tasks)
      if (!(await solves(task, plans.get(task.id), maximumActions))) unsolved.push(task.id);
    expect(unsolved).toEqual([]);
  });
}

/** Plays two worlds in turn and gives what the first one shows. */
async function interleaved(
  task: Task,
  actions: readonly string[],
  foreign: readonly string[],
): Promise<readonly unknown[]> {
  await using one = await openWorld(task);
  await using other = await openWorld(task);
  const shown: unknown[] = [await one.reset()];
  await other.reset();
  for (const [i, action] of actions.entries()) {
    await other.step(foreign[i % foreign.length] ?? "");
    shown.push(await one.step(action));
  }
  return shown;
}

/** What every world of every suite must hold to. */
export function worldContract(name: string, contract: Contract): void {
  const { suite, randomActions = 4000 } = contract;
  const plans = contract.plans === undefined ? undefined : plansIn(contract.plans);
  const sample = suite.tasks.filter((_, i) => i % 7 === 0);

  describe(`${name}: the contract of a world`, () => {
    test.runIf(process.env.RECORD_PLANS === "1" && contract.plans !== undefined && suite.tasks.length > 0)(
      "its plans are recorded",
      () => recordPlans(contract.plans ?? "", suite),
    );

    test("every task has an id of its own", () => {
      expect(new Set(suite.tasks.map(({ id }) => id)).size).toBe(suite.tasks.length);
      expect(suite.tasks.length).toBeGreaterThan(0);
    });

    test(`${randomActions} random actions give sound steps and never throw`, async () => {
      let steps = 0;
      const length = Math.min(EPISODE_LENGTH, Math.ceil(randomActions / suite.tasks.length));
      for (let seed = 0; steps < randomActions; seed += 1) {
        for (const task of suite.tasks.slice(0, randomActions - steps))
          steps += (await wander(task, contract, seed, length)).actions.length;
      }
      expect(steps).toBeGreaterThanOrEqual(randomActions);
    });

    test("another world begins alike, and equal actions give equal steps", async () => {
      for (const task of sample) {
        const { actions, shown } = await wander(task, contract, 1);
        expect(await played(task, actions)).toEqual(shown);
      }
    });

    test("two worlds share no state", async () => {
      for (const task of sample) {
        const { actions, shown } = await wander(task, contract, 2);
        const foreign = await wander(task, contract, 3);
        expect(await interleaved(task, actions, foreign.actions)).toEqual(shown);
      }
    });

    test("an ended episode stays ended", async () => {
      for (const task of sample.slice(0, 3)) {
        const plan = plans?.get(task.id) ?? (await task.solve?.()) ?? [];
        const shown = await played(task, [...plan, ...plan.slice(0, 3), ""]);
        const last = shown[plan.length];
        expect(endingOf(last)).toBe("success");
        for (const after of shown.slice(plan.length)) expect(after).toEqual(last);
      }
    });

    expertContract(contract);
  });
}
