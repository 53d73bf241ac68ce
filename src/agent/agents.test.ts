import { describe, expect, test } from "vitest";
import { OUTSIDE } from "../environment/testing/open-world.ts";
import { playEpisode } from "../evaluation/play-episode.ts";
import { lampReply } from "../evaluation/testing/lamp-player.ts";
import { lampSuite } from "../evaluation/testing/lamp-suite.ts";
import { ChatError, type ChatMessage, type ChatModel, type ChatRequest } from "../model/chat-model.ts";
import { firstMessage, formatReAct } from "../react.ts";
import type { Agent } from "./agent.ts";
import { expertAgent, randomAgent, replayAgent } from "./planned-agents.ts";
import { reactAgent, withReflexion } from "./react-agent.ts";
import { agentContract, briefingOf } from "./testing/agent-contract.ts";

const suite = lampSuite(12);
const task = suite.tasks[4]!;

/** A model that replies as it is told, and keeps what it was sent. */
function modelOf(
  reply: (messages: readonly ChatMessage[]) => string,
): ChatModel & { asked: ChatMessage[][] } {
  const asked: ChatMessage[][] = [];
  return {
    name: "scripted",
    asked,
    chat: async ({ messages }) => {
      asked.push([...messages]);
      const usage = { promptTokens: 3, completionTokens: 2, cachedTokens: 0, estimated: false };
      return { text: reply(messages), finish: "stop", usage };
    },
  };
}

const play = (agent: Agent, maxTurns = 30) =>
  playEpisode(
    { suite, task, attempt: 0 },
    {
      agent,
      maxTurns,
      seed: 1,
      costOf: () => null,
    },
    { player: (model) => model, outside: OUTSIDE },
  );

describe("expert", () => {
  agentContract({ agent: () => expertAgent, task, talks: false });
});

describe("random", () => {
  agentContract({ agent: () => randomAgent, task, talks: false });

  test("does something else in another attempt", async () => {
    const actions = async (seed: string): Promise<unknown[]> => {
      const player = randomAgent.begin(await briefingOf(task, { seed }));
      const moves = [];
      for (let i = 0; i < 20; i += 1) {
        moves.push(await player.act({ observation: "", actions: async () => ["a", "b", "c"] }));
      }
      return moves;
    };
    expect(await actions("one")).not.toEqual(await actions("two"));
  });

  test("stops where nothing can be done", async () => {
    const move = await randomAgent
      .begin(await briefingOf(task))
      .act({ observation: "", actions: async () => [] });
    expect(move.code).toBe("stopped");
  });
});

describe("replay", () => {
  const recorded = [{ suite: "lamps", task: task.id, attempt: 0, actions: ["look", "light lamp 1"] }];
  agentContract({ agent: () => replayAgent(recorded), task, talks: false });

  test("does what was recorded for that attempt, and then stops", async () => {
    const { episode } = await play(replayAgent(recorded));
    expect(episode.trials[0]?.turns.map(({ action }) => action)).toEqual(["look", "light lamp 1"]);
    expect(episode).toMatchObject({
      ending: "stopped",
      reason: "the recording has ended",
      scores: { progress: 0.2 },
    });
  });
});

describe("ReAct", () => {
  agentContract({ agent: () => reactAgent(modelOf(lampReply)), task, talks: true });

  test("begins as the training data does", async () => {
    const model = modelOf(lampReply);
    const briefing = await briefingOf(task);
    const { observation } = briefing.start;
    await reactAgent(model)
      .begin(briefing)
      .act({ observation, actions: async () => [] });
    const content = firstMessage(briefing.instruction!, observation);
    expect(model.asked).toEqual([[{ role: "user", content }]]);
  });

  test("does not show a model what it made up of the world", async () => {
    const said = formatReAct({ thought: "T.", action: "look" });
    const model = modelOf(() => `${said}\nObservation: all lamps are lit.`);
    const { episode } = await play(reactAgent(model), 2);
    expect(model.asked[1]?.[1]).toEqual({ role: "assistant", content: said });
    expect(episode.trials[0]?.turns[0]?.reply?.text).toContain("all lamps are lit");
  });

  test.each([
    ["", "empty-reply"],
    ["look", "missing-action"],
    ["<think>Action: look</think>", "reasoning-only"],
    ["<think>\nThought: a\nAction: look\n", "reasoning-only"],
  ])("counts %j as malformed and says so; the world stands still", async (text, problem) => {
    const model = modelOf(() => text);
    const { episode } = await play(reactAgent(model), 3);
    const turns = episode.trials[0]?.turns ?? [];
    expect(turns).toHaveLength(3);
    for (const turn of turns)
      expect(turn).toMatchObject({ action: null, malformed: problem, scores: { progress: 0 } });
    expect(model.asked[1]?.at(-1)?.content).toContain("Your reply could not be read");
    expect(model.asked[1]?.every(({ content }) => content !== "")).toBe(true);
    expect(episode).toMatchObject({ ending: "turn-limit", scores: { success: 0 } });
  });

  test("never lets an odd action break the episode", async () => {
    const odd = ["__proto__", "x".repeat(10_000), "\u0000", "light lamp -1", "🙂"];
    let turn = 0;
    const model = modelOf(() => {
      turn += 1;
      return `Thought: .\nAction: ${odd[turn % odd.length]}`;
    });
    const { episode } = await play(reactAgent(model), 10);
    expect(episode.ending).toBe("turn-limit");
    expect(episode.trials[0]?.turns.some(({ actionIsValid }) => actionIsValid)).toBe(false);
  });

  test("a dead model is in the record, with what it had bought", async () => {
    const usage = { promptTokens: 7, completionTokens: 0, cachedTokens: 0, estimated: true };
    const dead: ChatModel = {
      name: "dead",
      chat: () => Promise.reject(new ChatError("timeout", "silence", { usage })),
    };
    const { episode, failure } = await play(reactAgent(dead));
    expect(failure?.code).toBe("timeout");
    expect(episode).toMatchObject({ ending: "model-failed", reason: "timeout: silence", usage });
  });
});

describe("what a model is asked beside the conversation", () => {
  const asking = async (instructed: boolean): Promise<ChatRequest[]> => {
    const requests: ChatRequest[] = [];
    const model = modelOf(() => "look around, then light lamp 1");
    const keeping: ChatModel = {
      name: model.name,
      chat: (request) => {
        requests.push(request);
        return model.chat(request);
      },
    };
    const options = { stopAt: ["\nObservation:"], taskTemperatures: true };
    const instruction = (await briefingOf(task)).instruction;
    const talk = { ...suite, instruction: () => (instructed ? instruction : undefined) };
    const { episode } = await playEpisode(
      { suite: talk, task: { ...task, temperature: 0.7 }, attempt: 0 },
      { agent: reactAgent(keeping, options), maxTurns: 1, seed: 1, costOf: () => null },
      { player: (each) => each, outside: OUTSIDE },
    );
    expect(episode.trials[0]?.turns[0]?.action).toBe(instructed ? null : "look around, then light lamp 1");
    return requests;
  };

  test("is the task's temperature, and where to stop for who plays by thoughts and actions", async () => {
    expect((await asking(true))[0]?.sampling).toEqual({ temperature: 0.7, stop: ["\nObservation:"] });
    const [plain] = await asking(false);
    expect(plain?.sampling).toEqual({ temperature: 0.7 });
    expect(plain?.messages).toEqual([{ role: "user", content: "0 of 5 lamps are lit." }]);
  });
});

describe("Reflexion", () => {
  const lazy = modelOf((messages) =>
    messages.at(-1)?.content.includes("Log:") ? "Light the lamps one by one." : lampReply(messages),
  );
  agentContract({ agent: () => withReflexion(reactAgent(lazy), lazy, 3), task, talks: true });

  /** Looks until it has been told three times to light lamps. */
  function slowLearner(needed: number): ChatModel & { asked: ChatMessage[][] } {
    let reflections = 0;
    return modelOf((messages) => {
      if (messages.at(-1)?.content.includes("Log:")) {
        reflections += 1;
        return `Lesson ${reflections}: light the next lamp.`;
      }
      if (reflections < needed) return formatReAct({ thought: "Hm.", action: "look" });
      const lit = /(\d) of/.exec(messages.at(-1)?.content ?? "")?.[1] ?? "0";
      return formatReAct({ thought: "Now I know.", action: `light lamp ${Number(lit) + 1}` });
    });
  }

  test("tries again with what it noted, until it succeeds", async () => {
    const model = slowLearner(2);
    const { episode } = await play(withReflexion(reactAgent(model), model, 5), 6);
    expect(episode).toMatchObject({ scores: { success: 1 }, agent: "react+reflexion" });
    expect(episode.trials.map(({ scores }) => scores.success)).toEqual([0, 0, 1]);
    const [, second, third] = episode.trials;
    expect(second?.messages[0]?.content).toContain("- After trial 1: Lesson 1: light the next lamp.");
    expect(third?.messages[0]?.content).toContain("- After trial 2: Lesson 2: light the next lamp.");
    expect(second?.reflection?.messages[0]?.content).toContain("there were no turns left");
    expect(episode.usage.completionTokens).toBe(2 * model.asked.length);
  });

  test("keeps the last three lessons, and gives up after its trials", async () => {
    const model = slowLearner(99);
    const { episode } = await play(withReflexion(reactAgent(model), model, 5), 2);
    expect(episode.trials).toHaveLength(5);
    expect(episode.trials[4]?.reflection).toBeUndefined();
    const last = episode.trials[4]?.messages[0]?.content ?? "";
    expect(last).not.toContain("After trial 1:");
    for (const trial of [2, 3, 4]) expect(last).toContain(`- After trial ${trial}: Lesson ${trial}`);
  });

  test("a model that dies while it looks back is in the record", async () => {
    const model: ChatModel = {
      name: "half-dead",
      chat: async (request) => {
        if (request.messages[0]?.content.includes("Log:")) throw new ChatError("overloaded", "too much");
        return { ...(await lazy.chat(request)), text: "Thought: .\nAction: look" };
      },
    };
    const { episode } = await play(withReflexion(reactAgent(model), model, 3), 2);
    expect(episode).toMatchObject({ ending: "model-failed", reason: "overloaded: too much" });
    expect(episode.trials).toHaveLength(1);
  });
});
