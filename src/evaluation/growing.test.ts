import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Task } from "../environment/suite.ts";
import { SUITES } from "../environment/suites.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { NO_USAGE } from "../model/chat-model.ts";
import { formatReAct } from "../react.ts";
import { evaluateSuites } from "./evaluate-suites.ts";
import { chosenTasks } from "./open-suites.ts";

function ids(tasks: readonly Task[]): readonly string[] {
  return tasks.map(({ id }) => id);
}

/** Whether all of some are among others, in the same order. */
function isPart(some: readonly string[], others: readonly string[]): boolean {
  return others.filter((each) => some.includes(each)).join("\n") === some.join("\n");
}

describe("a smaller part of a suite is part of a larger one", () => {
  const task = fc.record({ id: fc.string(), group: fc.constantFrom("a", "b", "c", "constructor") });
  const tasks = fc
    .uniqueArray(task, { selector: ({ id }) => id, maxLength: 40 })
    .map((all) =>
      all.map((each): Task => ({ ...each, open: () => Promise.reject(new Error("not played")) })),
    );
  const sizes = fc.tuple(fc.nat(45), fc.nat(45)).map(([one, more]) => [one, one + more] as const);

  test("by its limit and by its sample, and a sample by a larger limit too", () => {
    fc.assert(
      fc.property(tasks, sizes, fc.nat(45), (all, [small, large], other) => {
        for (const [smaller, larger] of [
          [{ limit: small }, { limit: large }],
          [{ sample: small }, { sample: large }],
          [
            { sample: other, limit: small },
            { sample: other, limit: large },
          ],
          [
            { sample: small, limit: small },
            { sample: large, limit: large },
          ],
        ] as const) {
          expect(isPart(ids(chosenTasks(all, smaller)), ids(chosenTasks(all, larger)))).toBe(true);
        }
        expect(chosenTasks(all, { sample: small })).toHaveLength(Math.min(small, all.length));
      }),
    );
  });

  test.each(SUITES.map((definition) => [definition.name, definition] as const))(
    "of %s, whatever the seed",
    async (_name, { load, needs }) => {
      const judge: ChatModel = { name: "judge", chat: () => Promise.reject(new Error("asked for nothing")) };
      const options = { compat: "agentboard", judge } as const;
      if ((await needs(options)).some(({ found, optional = false }) => !found && !optional)) return;
      for (const seed of [1, 20]) {
        const { tasks: all } = await load({ ...options, seed });
        const samples = [3, 7, 20, all.length].map((sample) => ids(chosenTasks(all, { sample })));
        for (const [place, smaller] of samples.slice(0, -1).entries())
          expect(isPart(smaller, samples[place + 1] ?? [])).toBe(true);
      }
    },
  );
});

describe("an evaluation grows", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "agentrefine-growing-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  function counting(): ChatModel & { calls: number } {
    const model = {
      name: "m",
      calls: 0,
      chat: async () => {
        model.calls += 1;
        const text = formatReAct({ thought: "I look what can be done.", action: "check valid actions" });
        return { text, finish: "stop" as const, usage: NO_USAGE };
      },
    };
    return model;
  }

  const options = { suites: ["pddl", "babyai"], maxTurns: 2 } as const;

  async function linesOf(name: string): Promise<readonly string[]> {
    return (await readFile(join(folder, name), "utf8")).trimEnd().split("\n");
  }

  test.each(["limit", "sample"])(
    "by a larger %s to what the larger one alone would be, and buys nothing twice",
    async (size) => {
      const model = counting();
      await evaluateSuites(folder, { ...options, model, [size]: 3 });
      expect(model.calls).toBe(2 * 3 * 2);
      const before = await Promise.all(["calls.jsonl", "episodes.jsonl"].map(linesOf));
      const grown = await evaluateSuites(folder, { ...options, model, [size]: 5 });
      expect(model.calls).toBe(2 * 5 * 2);
      const after = await Promise.all(["calls.jsonl", "episodes.jsonl"].map(linesOf));
      expect(after.map((lines, place) => lines.slice(0, before[place]?.length))).toEqual(before);
      const whole = await evaluateSuites(join(folder, "whole"), { ...options, model: counting(), [size]: 5 });
      expect(grown.results).toEqual(whole.results);
      expect(grown.settings).toEqual(whole.settings);
      expect(grown.summary).toEqual(whole.summary);
    },
  );

  test("while it is not finished, with what was bought for its open episodes", async () => {
    const model = counting();
    const stop = new AbortController();
    const stopping: ChatModel = {
      name: "m",
      chat: (request, chatOptions) => {
        if (model.calls === 4) stop.abort();
        return model.chat(request, chatOptions);
      },
    };
    await evaluateSuites(folder, {
      ...options,
      model: stopping,
      sample: 3,
      concurrency: 1,
      stop: stop.signal,
    });
    const bought = (await linesOf("calls.jsonl")).length;
    const { results } = await evaluateSuites(folder, { ...options, model, sample: 5 });
    expect(results).toHaveLength(10);
    expect((await linesOf("calls.jsonl")).length - bought).toBe(2 * 5 * 2 - bought);
  });

  test("not to a sample that leaves out what was played, which is said in one line", async () => {
    const model = counting();
    await evaluateSuites(folder, { ...options, model, sample: 20, limit: 5 });
    const grown = evaluateSuites(folder, { ...options, model, sample: 40 });
    await expect(grown).rejects.toThrow(/^\S+ cannot grow so: \d of its 5 tasks of \w+ are not among/);
    expect(JSON.parse(await readFile(join(folder, "run.json"), "utf8")).settings.sample).toBe(20);
  });

  test.each([{ maxTurns: 3 }, { seed: 2 }, { samples: 2 }, { suites: ["pddl"] }, { example: false }])(
    "and with %j beside it is refused",
    async (other) => {
      await evaluateSuites(folder, { ...options, model: counting(), limit: 1 });
      const changed = evaluateSuites(folder, { ...options, model: counting(), limit: 2, ...other });
      await expect(changed).rejects.toThrow("started with other settings");
    },
  );
});
