import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fetchedFolder } from "../data/testing/fetched.ts";
import { AgentRefineError } from "../errors.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { NO_USAGE } from "../model/chat-model.ts";
import { writeLakes } from "./hotpotqa/testing/lakes.ts";
import { questionLines, writeBench } from "./mt-bench/testing/bench-data.ts";
import { perturbSuite } from "./perturbations/perturb-suite.ts";
import type { LoadOptions, Suite, SuiteDefinition, Task } from "./suite.ts";
import { SUITES } from "./suites.ts";
import { OUTSIDE } from "./testing/open-world.ts";

const judge: ChatModel = {
  name: "judge",
  chat: async () => ({ text: "Rating: [[5]]", finish: "stop", usage: NO_USAGE }),
};
/** Questions of our own for those that nobody can play without others'. */
const home = await mkdtemp(join(tmpdir(), "agentrefine-home-"));
const MADE: Readonly<Record<string, () => Promise<unknown>>> = {
  "mt-bench": async () => writeBench(await fetchedFolder(home, "mt-bench"), questionLines(6)),
  hotpotqa: () => writeLakes(home, 6),
};
afterAll(() => rm(home, { recursive: true }));

const OPTIONS: LoadOptions = { compat: "agentboard", judge };

/** The suite, where this machine has what it needs; what is missing is said in one line with what to do. */
async function loaded({ load, needs }: SuiteDefinition, options: LoadOptions): Promise<Suite | undefined> {
  try {
    return await load(options);
  } catch (error) {
    expect(error).toBeInstanceOf(AgentRefineError);
    expect(String(error)).not.toContain("\n");
    const lacks = (await needs(options)).filter(({ found }) => !found);
    // Those that have no tasks to train on lack nothing.
    if (options.split !== "train") expect(lacks).not.toEqual([]);
    return undefined;
  }
}

/** A few tasks, of all parts of a suite. */
function someOf({ tasks }: Suite): readonly Task[] {
  return tasks.filter((_task, index) => index % Math.ceil(tasks.length / 3) === 0);
}

const ODD = ["", "constructor", "x".repeat(2000), "\u0000🙂", "two\nlines"];

/** Plays odd actions and listed ones; every score is one that its measure can have. */
async function play(suite: Suite, task: Task): Promise<void> {
  const world = await task.open(OUTSIDE);
  try {
    const start = await world.reset();
    const instruction = suite.instruction(task, start);
    expect(instruction?.goal ?? start.goal).toBe(start.goal);
    for (const action of ODD) {
      const step = await world.step(action);
      for (const [name, score] of Object.entries(step.scores)) {
        const [least, most] = suite.measures.find((measure) => measure.name === name)?.range ?? [0, -1];
        expect([name, score >= least && score <= most]).toEqual([name, true]);
      }
      if (step.ending !== undefined) break;
    }
  } finally {
    await world[Symbol.asyncDispose]();
  }
}

test("suites have names of their own, and those of the paper columns", () => {
  expect(new Set(SUITES.map(({ name }) => name)).size).toBe(SUITES.length);
  const columns = SUITES.flatMap(({ paper }) => paper?.column ?? []);
  expect(new Set(columns).size).toBe(columns.length);
});

describe.each(SUITES.map((definition) => [definition.name, definition] as const))(
  "%s",
  (name, definition) => {
    const make = MADE[name];
    beforeAll(async () => {
      if (make === undefined) return;
      vi.stubEnv("AGENTREFINE_HOME", home);
      await make();
    });
    afterAll(() => vi.unstubAllEnvs());

    test("says of all that it needs whether it is there, or what brings it", async () => {
      for (const { need, detail } of await definition.needs(OPTIONS)) {
        expect(need).not.toBe("");
        expect(detail).not.toContain("\n");
      }
    });

    test("is played as it says, where there is what it needs", { timeout: 60_000 }, async () => {
      const suite = await loaded(definition, OPTIONS);
      if (make !== undefined) expect(suite).toBeDefined();
      if (suite === undefined) return;
      expect(suite).toMatchObject({ name: definition.name, measures: definition.measures });
      expect(new Set(suite.tasks.map(({ id }) => id)).size).toBe(suite.tasks.length);
      expect(JSON.parse(JSON.stringify(suite.variant))).toEqual(suite.variant);
      for (const task of someOf(suite)) await play(suite, task);
      const [perturbed] = Object.entries(definition.perturbations);
      if (perturbed === undefined) return;
      const other = perturbSuite(suite, ...perturbed);
      for (const task of someOf(other).slice(0, 1)) await play(other, task);
    });

    test("has other tasks to train on, or says that it has none", { timeout: 60_000 }, async () => {
      const [scored, training] = [
        await loaded(definition, OPTIONS),
        await loaded(definition, { ...OPTIONS, split: "train", seed: 3 }),
      ];
      if (scored === undefined || training === undefined) return;
      expect(training.variant.problems).not.toBe(scored.variant.problems);
      for (const task of someOf(training).slice(0, 1)) await play(training, task);
    });
  },
);
