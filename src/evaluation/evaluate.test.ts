import { appendFile, readFile, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Agent } from "../agent/agent.ts";
import { expertAgent } from "../agent/planned-agents.ts";
import { reactAgent, withReflexion } from "../agent/react-agent.ts";
import type { Suite, Task } from "../environment/suite.ts";
import { AgentRefineError } from "../errors.ts";
import { ChatError, type ChatErrorCode, type ChatModel } from "../model/chat-model.ts";
import { systemClock } from "../model/limiter.ts";
import { CostCapReached } from "../model/money.ts";
import { retryingModel } from "../model/stack.ts";
import { lockFolder } from "../runs/lock.ts";
import type { EpisodeKey } from "./episode.ts";
import { readBoughtBefore } from "./episode-calls.ts";
import { summarize } from "./summary.ts";
import { createEvaluationGround, type EvaluationGround } from "./testing/evaluation-ground.ts";
import { lampReply } from "./testing/lamp-player.ts";
import { lampSuite } from "./testing/lamp-suite.ts";

let ground: EvaluationGround;

beforeEach(async () => {
  ground = await createEvaluationGround();
});

afterEach(() => ground.remove());

/** A model that plays the lamps; `fault` may give an error to reject a call with, by its number from 1. */
function lampModel(
  fault: (call: number) => Error | undefined = () => undefined,
): ChatModel & { readonly calls: () => number } {
  let calls = 0;
  return {
    name: "lamps",
    calls: () => calls,
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
    const episodes = await ground.episodes("react");
    expect(episodes).toHaveLength(12);
    for (const episode of episodes) {
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
    const played = () => ({ suites: [lampSuite(5)], attempts: 2, agent: reactAgent(lampModel()) });
    await ground.run("whole", played());
    const journal = await readFile(ground.journal("whole"));
    const whole = await ground.episodes("whole");
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: journal.length }), async (length) => {
        count += 1;
        const name = `cut-${count}`;
        await ground.run(name, { suites: [] });
        await writeFile(ground.journal(name), journal.subarray(0, length));
        const { results } = await ground.run(name, played());
        expect(await ground.episodes(name)).toEqual(whole);
        expect(results).toHaveLength(10);
      }),
      { numRuns: 12 },
    );
  });

  test("stopped at any moment and resumed, equals an uninterrupted one and has bought as much", async () => {
    const uninterrupted = lampModel();
    await ground.run("whole", { agent: reactAgent(uninterrupted) });
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
      const model = lampModel();
      await ground.run(name, { agent: reactAgent(model) });
      expect(await ground.episodes(name)).toEqual(whole);
      expect(stopping.calls() + model.calls()).toBe(uninterrupted.calls());
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

describe("no reply is bought twice", () => {
  test("whatever was written of the journals when it was killed", async () => {
    const uninterrupted = lampModel();
    const { spending } = await ground.run("whole", { agent: reactAgent(uninterrupted) });
    const calls = await readFile(ground.journal("whole", "calls"));
    const whole = await ground.episodes("whole");
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: calls.length }), async (length) => {
        count += 1;
        const name = `cut-${count}`;
        await ground.run(name, { suites: [] });
        const written = calls.subarray(0, length);
        await writeFile(ground.journal(name, "calls"), written);
        const model = lampModel();
        const resumed = await ground.run(name, { agent: reactAgent(model) });
        expect(await ground.episodes(name)).toEqual(whole);
        const lines = written.toString().split("\n").length - 1;
        expect(model.calls()).toBe(uninterrupted.calls() - lines);
        expect(resumed.spending.cost).toBeCloseTo(spending.cost ?? Number.NaN);
        expect(await ground.calls(name)).toHaveLength(uninterrupted.calls());
      }),
      { numRuns: 12 },
    );
  });

  test("over the trials of Reflexion and what is noted between them", async () => {
    const agentOf = (model: ChatModel): Agent => withReflexion(reactAgent(model), model, 3);
    const uninterrupted = lampModel();
    await ground.run("whole", { agent: agentOf(uninterrupted), maxTurns: 3 });
    const whole = await ground.episodes("whole");
    expect(whole.some(({ trials }) => trials.length === 3)).toBe(true);
    const stop = new AbortController();
    const stopping = lampModel((call) => {
      if (call === 30) stop.abort();
      return undefined;
    });
    await ground.run("stopped", { agent: agentOf(stopping), maxTurns: 3, stop: stop.signal });
    const model = lampModel();
    await ground.run("stopped", { agent: agentOf(model), maxTurns: 3 });
    expect(await ground.episodes("stopped")).toEqual(whole);
    expect(stopping.calls() + model.calls()).toBe(uninterrupted.calls());
  });

  test("but a reply is no answer to another request", async () => {
    await ground.run("whole", { agent: reactAgent(lampModel()) });
    const first = (await ground.calls("whole")).filter(({ call }) => call === 1);
    const changed = first.map((call, place) => ({
      ...call,
      text: "I rest.",
      request: place < 5 ? call.request : "0123456789abcdef",
    }));
    await ground.run("changed", { suites: [] });
    const text = changed.map((call) => `${JSON.stringify(call)}\n`).join("");
    await writeFile(ground.journal("changed", "calls"), text);
    await ground.run("changed", { agent: reactAgent(lampModel()) });
    const rested = (await ground.episodes("changed"))
      .filter(({ trials }) => trials[0]?.turns[0]?.reply?.text === "I rest.")
      .map(({ task }) => task);
    expect(first).toHaveLength(12);
    expect(rested.sort()).toEqual(
      first
        .slice(0, 5)
        .map(({ task }) => task)
        .sort(),
    );
  });

  test("where the model's context is too short for the whole conversation", async () => {
    const refusal = new ChatError("rejected-request", "maximum context length is 9 tokens (status 400)");
    const shortModel = (onReply?: (replies: number) => void): ChatModel & { replies: () => number } => {
      const inner = lampModel();
      return {
        name: "short",
        replies: inner.calls,
        chat: async (request) => {
          if (request.messages.length > 3) throw refusal;
          const reply = await inner.chat(request);
          onReply?.(inner.calls());
          return reply;
        },
      };
    };
    const uninterrupted = shortModel();
    await ground.run("whole", { agent: reactAgent(uninterrupted) });
    const whole = await ground.episodes("whole");
    expect(whole.some(({ trials }) => trials[0]?.turns.some(({ forgotten }) => forgotten === 2))).toBe(true);
    const stop = new AbortController();
    const stopping = shortModel((replies) => replies === 25 && stop.abort());
    await ground.run("stopped", { agent: reactAgent(stopping), stop: stop.signal });
    const model = shortModel();
    await ground.run("stopped", { agent: reactAgent(model) });
    expect(await ground.episodes("stopped")).toEqual(whole);
    expect(stopping.replies() + model.replies()).toBe(uninterrupted.replies());
  });

  test("and what broken calls have cost is kept and counted", async () => {
    const usage = { promptTokens: 10, completionTokens: 7, cachedTokens: 0, estimated: true };
    const broken = new ChatError("unreachable", "cut off", { usage });
    const model = lampModel((call) => (call === 9 ? broken : undefined));
    const { spending } = await ground.run("broken", { agent: reactAgent(model), concurrency: 1 });
    const calls = await ground.calls("broken");
    const lost = calls.filter((call) => "error" in call);
    expect(lost).toMatchObject([{ error: { code: "unreachable", message: "cut off" }, usage, cost: 0.007 }]);
    expect(spending.completionTokens).toBe(5 * (model.calls() - 1) + 7);
    expect(spending.cost).toBeCloseTo((5 * (model.calls() - 1) + 7) / 1000);
    const again = await ground.run("broken", { agent: reactAgent(lampModel()), retryFailed: true });
    expect(again.spending.completionTokens).toBe(5 * again.results.reduce((n, r) => n + r.turns, 0) + 7);
  });

  test("nor lost from the account when a stop ends the wait for a repeat", async () => {
    const usage = { promptTokens: 10, completionTokens: 7, cachedTokens: 0, estimated: true };
    const stop = new AbortController();
    const model = lampModel((call) => {
      if (call !== 9) return undefined;
      setImmediate(() => stop.abort());
      return new ChatError("timeout", "silence", { usage });
    });
    const schedule = { attempts: 6, firstWait: 600_000, longestWait: 600_000 };
    const persistent = retryingModel(model, { schedule, clock: systemClock, seed: 1 });
    const first = await ground.run("stopped", { agent: reactAgent(persistent), stop: stop.signal });
    expect(first.results.every(({ ending }) => ending !== "model-failed")).toBe(true);
    expect((await ground.calls("stopped")).filter((call) => "error" in call)).toMatchObject([{ usage }]);
    const whole = await ground.run("stopped", { agent: reactAgent(lampModel()) });
    expect(whole.results.every(({ ending }) => ending !== "model-failed")).toBe(true);
    const replies = whole.results.reduce((sum, { turns }) => sum + turns, 0);
    expect(whole.spending.completionTokens).toBe(5 * replies + 7);
  });

  test("and replies of earlier parts do not pass for a server that lives", async () => {
    const stop = new AbortController();
    const stopping = lampModel((call) => {
      if (call === 10) stop.abort();
      return undefined;
    });
    await ground.run("gone", { agent: reactAgent(stopping), stop: stop.signal });
    const dead = lampModel(() => new ChatError("unreachable", "no"));
    const { pause, results } = await ground.run("gone", { agent: reactAgent(dead) });
    expect(pause?.error.message).toBe("no");
    expect(results.every(({ ending }) => ending !== "model-failed")).toBe(true);
  });

  test("and only replies of episodes that have not ended are held", async () => {
    await ground.run("held", { agent: reactAgent(lampModel()) });
    const [ended, pending] = await ground.episodes("held");
    const isPending = (key: EpisodeKey): boolean => key.task === pending?.task;
    const { takeEarlier } = await readBoughtBefore(ground.directory("held"), isPending, () => null);
    expect(takeEarlier(ended!).replies).toEqual([]);
    expect(takeEarlier(pending!).replies).toHaveLength(pending!.trials[0]!.turns.length);
    expect(takeEarlier(pending!).replies).toEqual([]);
  });

  test("and a line that is no call is refused with its number", async () => {
    await ground.run("damaged-calls");
    await appendFile(ground.journal("damaged-calls", "calls"), '{"suite": "lamps"}\n');
    await expect(ground.run("damaged-calls")).rejects.toThrow("calls.jsonl is damaged: line 1 is not a call");
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
    const model = lampModel();
    const again = await ground.run("once", { agent: reactAgent(model), retryFailed: true });
    const uninterrupted = lampModel();
    const whole = await ground.run("whole", { agent: reactAgent(uninterrupted) });
    expect(again.results).toEqual(whole.results);
    // What was replied before the failure is not bought again.
    expect((await ground.calls("once")).length).toBe(uninterrupted.calls());
    expect(again.spending).toEqual(whole.spending);
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
    expect(results.filter(({ scores }) => scores.success === 1)).toHaveLength(11);
    const stuck = (await ground.episodes("expert")).find(({ scores }) => scores.success === 0);
    expect(stuck).toMatchObject({ ending: "stopped", reason: "the solver found no solution" });
  });
});

describe("a world that breaks", () => {
  /** Corridors of which one breaks when it is done something to, or before it opens. */
  function brokenSuite(breaks: "open" | "reset" | "step" | "solve"): Suite {
    const suite = lampSuite(12);
    const fail = (): never => {
      throw new Error("the JVM has gone");
    };
    const tasks = suite.tasks.map((task, index): Task => {
      if (index !== 5) return task;
      return {
        ...task,
        ...(breaks === "solve" ? { solve: fail } : {}),
        open: async (outside) => {
          const inner = await task.open(outside);
          return { ...inner, ...(breaks === "solve" ? {} : { [breaks]: fail }) };
        },
        ...(breaks === "open" ? { open: fail } : {}),
      };
    });
    return { ...suite, tasks };
  }

  test.each(["open", "reset", "step", "solve"] as const)(
    "(%s) ends its episode, which can be played again, and not the evaluation",
    async (breaks) => {
      const suites = [brokenSuite(breaks)];
      const { results, pause } = await ground.run(breaks, { suites, agent: expertAgent });
      expect(pause).toBeUndefined();
      expect(results).toHaveLength(12);
      const failed = (await ground.episodes(breaks)).filter(({ ending }) => ending === "world-failed");
      expect(failed).toMatchObject([
        { task: "corridor-5", reason: "the JVM has gone", scores: { success: 0 } },
      ]);
      expect(summarize(results).suites[0]?.endings["world-failed"]).toBe(1);
      await ground.run(breaks, { agent: expertAgent });
      expect((await ground.episodes(breaks)).length).toBe(12);
      const again = await ground.run(breaks, { agent: expertAgent, retryFailed: true });
      expect(again.results.some(({ ending }) => ending === "world-failed")).toBe(false);
    },
  );

  test("when a model plays, keeps what was bought for it, and buys that not again", async () => {
    const agent = reactAgent(lampModel());
    await ground.run("broken", { suites: [brokenSuite("step")], agent });
    const before = (await ground.calls("broken")).length;
    const model = lampModel();
    const { results } = await ground.run("broken", { agent: reactAgent(model), retryFailed: true });
    const [again] = results.filter(({ task }) => task === "corridor-5");
    expect(model.calls()).toBe((again?.turns ?? 0) - 1);
    expect((await ground.calls("broken")).length).toBe(before + model.calls());
  });
});
