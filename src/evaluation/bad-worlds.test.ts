import { readFile, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expertAgent } from "../agent/planned-agents.ts";
import { reactAgent } from "../agent/react-agent.ts";
import { ChatError, type ChatModel, type ChatReply } from "../model/chat-model.ts";
import { formatReAct } from "../react.ts";
import { type Badness, badSuite } from "./testing/bad-suite.ts";
import { createEvaluationGround, type EvaluationGround } from "./testing/evaluation-ground.ts";
import { lampSuite } from "./testing/lamp-suite.ts";

let ground: EvaluationGround;

beforeEach(async () => {
  ground = await createEvaluationGround();
});

afterEach(() => ground.remove());

const usage = { promptTokens: 10, completionTokens: 100, cachedTokens: 0, estimated: false };

/** A model that always says the same. */
function sayingModel(name: string, text: string): ChatModel & { readonly calls: () => number } {
  let calls = 0;
  const reply: ChatReply = { text, finish: "stop", usage };
  return {
    name,
    calls: () => calls,
    chat: async () => {
      calls += 1;
      return reply;
    },
  };
}

const stepper = () => sayingModel("stepper", formatReAct({ thought: "On.", action: "step" }));

describe("a world", () => {
  test.each([
    ["throws", "the JVM has gone"],
    ["hangs", "the world has not answered in 1 s"],
    ["lies", "the world said that progress is 7, which is not between 0 and 1"],
    ["not-a-number", "the world said that progress is NaN, which is not between 0 and 1"],
    ["unknown-measure", "the world scored charm, which is not measured"],
  ] as const)(
    "that %s ends its episode with the reason, and the others are played",
    async (badness, reason) => {
      const worlds = badSuite(["slow", badness, "slow"]);
      const { results, pause } = await ground.run(badness, { suites: [worlds.suite], agent: expertAgent });
      expect(pause).toBeUndefined();
      expect(results.map(({ ending }) => ending)).toEqual(["success", "world-failed", "success"]);
      const failed = (await ground.episodes(badness)).find(({ ending }) => ending === "world-failed");
      expect(failed).toMatchObject({ reason, scores: { success: 0, progress: 0.5 } });
      expect(worlds.open()).toBe(0);
      expect(worlds.aborted()).toBeGreaterThan(0);
      const good = badSuite(["slow", "slow", "slow"]).suite;
      const tasks = good.tasks.map((task, place) => ({ ...task, id: worlds.suite.tasks[place]!.id }));
      const suites = [{ ...good, tasks }];
      const again = await ground.run(badness, { suites, agent: expertAgent, retryFailed: true });
      expect(again.results.every(({ ending }) => ending === "success")).toBe(true);
    },
  );

  test("that does not close holds up nothing for longer than a step may take", async () => {
    const { suite } = badSuite(["hangs-when-closed", "slow"]);
    const { results } = await ground.run("closing", { suites: [suite], agent: expertAgent });
    expect(results.every(({ ending }) => ending === "success")).toBe(true);
  });

  test("is closed when the evaluation is told to stop, and has not failed by it", async () => {
    const stop = new AbortController();
    const worlds = badSuite(["slow", "slow", "slow"]);
    const model = stepper();
    const stopping: ChatModel = {
      ...model,
      chat: (...call) => {
        if (model.calls() === 3) stop.abort();
        return model.chat(...call);
      },
    };
    const agent = reactAgent(stopping);
    const { results } = await ground.run("stop", { suites: [worlds.suite], agent, stop: stop.signal });
    expect(results).toEqual([]);
    expect(worlds.open()).toBe(0);
    const again = await ground.run("stop", { suites: [worlds.suite], agent: reactAgent(model) });
    expect(again.results.every(({ ending }) => ending === "success")).toBe(true);
    expect(model.calls()).toBe(12);
  });
});

describe("worlds", () => {
  test("are as many at once as the suite bears, and others are played in the meantime", async () => {
    const worlds = badSuite(Array.from({ length: 8 }, (): Badness => "slow"));
    const suites = [worlds.suite, lampSuite(12)];
    const { results } = await ground.run("many", { suites, agent: expertAgent, concurrency: 6 });
    expect(worlds.mostOpen()).toBe(2);
    expect(results).toHaveLength(20);
    const order = (await readFile(ground.journal("many"), "utf8")).split("\n").filter((line) => line !== "");
    expect(JSON.parse(order[0]!).suite).toBe("lamps");
  });
});

describe("what is asked of the outside", () => {
  const costOf = (_usage: unknown, by?: string) => (by === "judge" ? 5 : 0.1);
  const run = (name: string, judge: ChatModel, model = stepper(), given = {}) => {
    const worlds = badSuite(["asks", "asks", "asks"], judge);
    const options = { suites: [worlds.suite], agent: reactAgent(model), costOf, ...given };
    return ground.run(name, options).then((result) => ({ ...result, worlds, model }));
  };

  test("is kept once, counted in the cost, and not asked again, whatever was written when it was killed", async () => {
    const judge = sayingModel("judge", "[[7]]");
    const whole = await run("whole", judge);
    const episodes = await ground.episodes("whole");
    expect(episodes[0]?.trials[0]?.turns[1]?.observation).toBe("2 of 4 page 2, [[7]]");
    expect([judge.calls(), whole.worlds.asked(), whole.model.calls()]).toEqual([12, 12, 12]);
    expect(whole.spending.cost).toBeCloseTo(12 * 0.1 + 12 * 5);
    const calls = await readFile(ground.journal("whole", "calls"));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: calls.length }), async (length) => {
        count += 1;
        const name = `cut-${count}`;
        await ground.run(name, { suites: [] });
        const written = calls.subarray(0, length);
        await writeFile(ground.journal(name, "calls"), written);
        const again = sayingModel("judge", "[[7]]");
        const resumed = await run(name, again);
        expect(await ground.episodes(name)).toEqual(episodes);
        const lines = written.toString().split("\n").length - 1;
        const asked = again.calls() + resumed.worlds.asked() + resumed.model.calls();
        expect(asked).toBe(36 - lines);
        expect(resumed.spending.cost).toBeCloseTo(whole.spending.cost ?? Number.NaN);
      }),
      { numRuns: 8 },
    );
  });

  test("and a judge that gives no answer fails the episode as a model does, which can be played again", async () => {
    const dead: ChatModel = {
      name: "judge",
      chat: () => Promise.reject(new ChatError("rejected-request", "no")),
    };
    const { results, pause } = await run("judge", dead);
    expect(pause).toBeUndefined();
    expect(results.map(({ ending }) => ending)).toEqual(["model-failed", "model-failed", "model-failed"]);
    const again = await run("judge", sayingModel("judge", "[[7]]"), stepper(), { retryFailed: true });
    expect(again.results.every(({ ending }) => ending === "success")).toBe(true);
    expect(again.worlds.asked()).toBe(9);
  });
});
