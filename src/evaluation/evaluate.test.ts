import { appendFile, readFile, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expertAgent } from "../agent/expert-agent.ts";
import { reactAgent } from "../agent/react-agent.ts";
import { AgentRefineError } from "../errors.ts";
import { ChatError, type ChatErrorCode } from "../model/chat-error.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { CostCapReached } from "../model/cost-cap-reached.ts";
import { lockFolder } from "../runs/lock.ts";
import { createEvaluationGround, type EvaluationGround } from "./testing/evaluation-ground.ts";
import { lampReply } from "./testing/lamp-player.ts";
import { lampSuite } from "./testing/lamp-suite.ts";

let ground: EvaluationGround;

beforeEach(async () => {
  ground = await createEvaluationGround();
});

afterEach(() => ground.remove());

/** A model that plays the lamps; `fault` may give an error to reject a call with, by its number from 1. */
function lampModel(fault: (call: number) => Error | undefined = () => undefined): ChatModel {
  let calls = 0;
  return {
    name: "lamps",
    chat: async ({ messages }) => {
      calls += 1;
      const error = fault(calls);
      if (error !== undefined) throw error;
      const text = lampReply(messages);
      const usage = { promptTokens: 10, completionTokens: 5, cachedTokens: 0, estimated: false };
      return { text, finish: "stop", usage };
    },
  };
}

describe("an evaluation", () => {
  test("plays every attempt at every task once", async () => {
    const { planned, results, pause } = await ground.run("all", { attempts: 3 });
    expect({ planned, pause }).toEqual({ planned: 36, pause: undefined });
    expect(new Set(results.map(({ task, attempt }) => `${task} ${attempt}`)).size).toBe(36);
    expect(results.map(({ attempt }) => attempt)).toEqual([0, 1, 2].flatMap((n) => Array(12).fill(n)));
    expect(await ground.episodes("all")).toHaveLength(36);
  });

  test("gives the same episodes whatever the concurrency, and others with another seed", async () => {
    await ground.run("one", { concurrency: 1 });
    await ground.run("many", { concurrency: 12 });
    await ground.run("other", { seed: 2 });
    expect(await ground.episodes("many")).toEqual(await ground.episodes("one"));
    expect(await ground.episodes("other")).not.toEqual(await ground.episodes("one"));
  });

  test("keeps exact messages, raw replies, tokens and cost", async () => {
    await ground.run("react", { agent: reactAgent(lampModel()) });
    for (const episode of await ground.episodes("react")) {
      const { turns, messages } = episode.trials[0]!;
      expect(messages.map(({ role }) => role)).toEqual(turns.flatMap(() => ["user", "assistant"]));
      turns.forEach(({ reply }, number) => {
        expect(reply?.text).toBe(lampReply(messages.slice(0, 2 * number + 1)));
        if (number > 0) expect(messages[2 * number]?.content).toBe(turns[number - 1]?.observation.trim());
      });
      expect(episode.usage.completionTokens).toBe(5 * turns.length);
      expect(episode.cost).toBeCloseTo((5 * turns.length) / 1000);
    }
  });

  test("killed at any length of its journal and resumed, equals an uninterrupted one", async () => {
    await ground.run("whole", { attempts: 2, agent: reactAgent(lampModel()) });
    const journal = await readFile(ground.journal("whole"));
    const whole = await ground.episodes("whole");
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: journal.length }), async (length) => {
        count += 1;
        const name = `cut-${count}`;
        await ground.run(name, { suites: [] });
        await writeFile(ground.journal(name), journal.subarray(0, length));
        const { results } = await ground.run(name, { attempts: 2, agent: reactAgent(lampModel()) });
        expect(await ground.episodes(name)).toEqual(whole);
        expect(results).toHaveLength(24);
      }),
      { numRuns: 20 },
    );
  });

  test("stopped at any moment and resumed, equals an uninterrupted one", async () => {
    await ground.run("whole", { agent: reactAgent(lampModel()) });
    const whole = await ground.episodes("whole");
    for (const after of [1, 7, 20]) {
      const stop = new AbortController();
      const stopping = lampModel((call) => {
        if (call === after) stop.abort();
        return undefined;
      });
      const name = `stopped-${after}`;
      const first = await ground.run(name, { agent: reactAgent(stopping), stop: stop.signal });
      expect(first.results.length).toBeLessThan(12);
      expect(first.pause).toBeUndefined();
      await ground.run(name, { agent: reactAgent(lampModel()) });
      expect(await ground.episodes(name)).toEqual(whole);
    }
  });

  test("drops a torn last line with a note", async () => {
    await ground.run("torn");
    await appendFile(ground.journal("torn"), '{"suite": "la');
    const notes: string[] = [];
    await ground.run("torn", { onNote: (note) => notes.push(note) });
    expect(notes).toEqual([expect.stringContaining("torn last line")]);
  });

  test("refuses a line that is not an episode, with its number", async () => {
    await ground.run("damaged");
    await appendFile(ground.journal("damaged"), '{"suite": "lamps"}\n');
    await expect(ground.run("damaged")).rejects.toThrow("line 13 is not an episode");
  });

  test("refuses episodes of other worlds", async () => {
    await ground.run("other-rules", { suites: [lampSuite(12, "old rules")] });
    await expect(ground.run("other-rules")).rejects.toThrow('episodes of lamps as "old rules"');
    await expect(ground.run("other-rules", { suites: [] })).rejects.toThrow("not part of this evaluation");
  });

  test("is refused while another process has the folder", async () => {
    await ground.run("locked", { suites: [] });
    const lock = await lockFolder(ground.directory("locked"));
    await expect(ground.run("locked")).rejects.toThrow(AgentRefineError);
    await lock.release();
  });
});

describe("a model that fails", () => {
  const failing = (code: ChatErrorCode) => new ChatError(code, "no");

  test("is in the record of the episode, which can be played again", async () => {
    const agent = reactAgent(lampModel((call) => (call === 9 ? failing("rejected-request") : undefined)));
    const { results, pause } = await ground.run("once", { agent, concurrency: 1 });
    expect(pause).toBeUndefined();
    const failed = results.filter(({ ending }) => ending === "model-failed");
    expect(failed).toHaveLength(1);
    const record = (await ground.episodes("once")).find(({ ending }) => ending === "model-failed");
    expect(record?.reason).toBe("rejected-request: no");
    const kept = await ground.run("once", { agent: reactAgent(lampModel()) });
    expect(kept.results).toEqual(results);
    const again = await ground.run("once", { agent: reactAgent(lampModel()), retryFailed: true });
    await ground.run("whole", { agent: reactAgent(lampModel()) });
    const whole = await ground.run("whole");
    expect(again.results).toEqual(whole.results);
  });

  test.each(["unauthorized", "no-credit", "not-found"] as const)("with %s pauses at once", async (code) => {
    const { results, pause } = await ground.run("paused", {
      agent: reactAgent(lampModel((call) => (call > 12 ? failing(code) : undefined))),
    });
    expect(pause?.error.message).toBe("no");
    expect(results.every(({ ending }) => ending !== "model-failed")).toBe(true);
    const { results: all } = await ground.run("paused", { agent: reactAgent(lampModel()) });
    expect(all).toHaveLength(12);
  });

  test("before it has ever replied pauses, and nothing is kept", async () => {
    const agent = reactAgent(lampModel(() => failing("unreachable")));
    const { results, pause } = await ground.run("dead", { agent });
    expect(pause?.error.message).toBe("no");
    expect(results).toEqual([]);
  });

  test("for good in the middle pauses after a streak, and the streak is played again", async () => {
    const suites = [lampSuite(60)];
    const agent = reactAgent(lampModel((call) => (call > 50 ? failing("unreachable") : undefined)));
    const { results, pause } = await ground.run("streak", { agent, suites });
    expect(pause).toBeDefined();
    expect(results.filter(({ ending }) => ending === "model-failed").length).toBeLessThan(16);
    const again = await ground.run("streak", { agent: reactAgent(lampModel()), suites });
    expect(again.results).toHaveLength(60);
  });

  test("because the money is spent pauses", async () => {
    const agent = reactAgent(lampModel((call) => (call > 20 ? new CostCapReached(1, 1, 1) : undefined)));
    const { results, pause } = await ground.run("poor", { agent });
    expect(pause?.error).toBeInstanceOf(CostCapReached);
    expect(results.length).toBeGreaterThan(0);
  });

  test("in a way that is a defect is thrown", async () => {
    const agent = reactAgent(lampModel(() => new TypeError("a defect")));
    await expect(ground.run("defect", { agent })).rejects.toThrow("a defect");
  });
});

describe("an agent without a model", () => {
  test("that knows no further action ends its episode with the reason", async () => {
    const { results } = await ground.run("expert", { agent: expertAgent });
    expect(results.filter(({ success }) => success)).toHaveLength(11);
    const stuck = (await ground.episodes("expert")).find(({ success }) => !success);
    expect(stuck).toMatchObject({ ending: "stopped", reason: "the solver found no solution", progress: 0 });
  });
});
