import { describe, expect, test } from "vitest";
import { OUTSIDE } from "../environment/testing/open-world.ts";
import { type Episode, episodeSchema } from "../evaluation/episode.ts";
import { resultOf } from "../evaluation/episode-result.ts";
import { playEpisode } from "../evaluation/play-episode.ts";
import { lampSuite } from "../evaluation/testing/lamp-suite.ts";
import { ChatError, type ChatMessage, type ChatModel, type ChatReply } from "../model/chat-model.ts";
import { formatReAct } from "../react.ts";
import type { Agent } from "./agent.ts";
import { reactAgent, withReflexion } from "./react-agent.ts";

const suite = lampSuite(5);
const task = suite.tasks[4]!;

interface ShortModel extends ChatModel {
  /** What it was sent and took. */
  readonly taken: (readonly ChatMessage[])[];
  refused: number;
}

/** A model that refuses what has more characters than fit, and always looks around. */
function shortModel(fits: (messages: readonly ChatMessage[]) => boolean): ShortModel {
  const model: ShortModel = {
    name: "short",
    taken: [],
    refused: 0,
    chat: async ({ messages }) => {
      if (!fits(messages)) {
        model.refused += 1;
        throw new ChatError(
          "rejected-request",
          "This model's maximum context length is 9 tokens (status 400)",
        );
      }
      model.taken.push(messages);
      const text = formatReAct({ thought: `Look ${model.taken.length}.`, action: "look" });
      const usage = { promptTokens: 3, completionTokens: 2, cachedTokens: 0, estimated: false };
      return { text, finish: "stop", usage };
    },
  };
  return model;
}

async function play(agent: Agent, maxTurns: number): Promise<Episode> {
  const { episode } = await playEpisode(
    { suite, task, attempt: 0 },
    {
      agent,
      maxTurns,
      seed: 1,
      costOf: () => null,
    },
    { player: (model) => model, outside: OUTSIDE },
  );
  return episode;
}

describe("a conversation that is too long for the model", () => {
  test("is sent without its oldest turns, and the record tells what was sent", async () => {
    const model = shortModel((messages) => messages.length <= 5);
    const episode = await play(reactAgent(model), 6);
    expect(episode.ending).toBe("turn-limit");
    const { turns, messages } = episode.trials[0]!;
    expect(turns.map(({ forgotten }) => forgotten)).toEqual([undefined, undefined, undefined, 1, 2, 3]);
    turns.forEach(({ forgotten = 0 }, number) => {
      const all = messages.slice(0, 2 * number + 1);
      expect(model.taken[number]).toEqual([all[0], ...all.slice(1 + 2 * forgotten)]);
    });
    expect(model.refused).toBe(3);
    expect(episodeSchema.parse(JSON.parse(JSON.stringify(episode)))).toEqual(episode);
    expect(resultOf(episode)).toMatchObject({ turns: 6, shortenedTurns: 3 });
  });

  test("ends the episode with the reason when the instruction and the last turn are too long", async () => {
    const model = shortModel((messages) => messages.length <= 1);
    const episode = await play(reactAgent(model), 6);
    expect(episode).toMatchObject({
      ending: "model-failed",
      reason: "rejected-request: This model's maximum context length is 9 tokens (status 400)",
    });
    expect(episode.trials[0]?.turns).toHaveLength(1);
    expect(model.refused).toBe(1);
  });

  test("is looked back at without its oldest turns (Reflexion)", async () => {
    const looks = (messages: readonly ChatMessage[]): number =>
      messages[0]?.content.match(/Thought: Look/g)?.length ?? 0;
    const model = shortModel((messages) => looks(messages) <= 2);
    const episode = await play(withReflexion(reactAgent(model), model, 2), 4);
    expect(episode.trials).toHaveLength(2);
    const log = episode.trials[0]?.reflection?.messages[0]?.content ?? "";
    expect(log.match(/Look \d/g)).toEqual(["Look 3", "Look 4"]);
    expect(log).toContain("0 of 5 lamps are lit.");
  });

  test("is not cut for any other refusal", async () => {
    let calls = 0;
    const model: ChatModel = {
      name: "refuses",
      chat: () => {
        calls += 1;
        return Promise.reject(new ChatError("rejected-request", "no such field (status 400)"));
      },
    };
    expect((await play(reactAgent(model), 6)).ending).toBe("model-failed");
    expect(calls).toBe(1);
  });
});

describe("a server that fills the context with a reply that it cuts (llama.cpp)", () => {
  /** A model of so many tokens, a token a character, that is asked for 40 at most; `own` is a limit of the server. */
  function fullModel(context: number, own = Number.POSITIVE_INFINITY): ChatModel & { calls: number } {
    const model = {
      name: "full",
      calls: 0,
      chat: async ({ messages }: { readonly messages: readonly ChatMessage[] }): Promise<ChatReply> => {
        model.calls += 1;
        const promptTokens = messages.reduce((sum, { content }) => sum + content.length, 0);
        const whole = "Thought: a b c d.\nAction: look";
        const text = whole.slice(0, Math.min(40, own, Math.max(1, context - promptTokens)));
        const usage = { promptTokens, completionTokens: text.length, cachedTokens: 0, estimated: false };
        return { text, finish: text === whole ? "stop" : "length", usage };
      },
    };
    return model;
  }

  test("counts as a refusal: one turn more is left out, and no turn is malformed", async () => {
    const first = (await play(reactAgent(fullModel(1e6)), 1)).trials[0]?.messages[0]?.content.length ?? 0;
    const model = fullModel(first + 150);
    const episode = await play(reactAgent(model, { maxTokens: 40 }), 8);
    const { turns } = episode.trials[0]!;
    expect(turns.filter(({ malformed }) => malformed !== undefined)).toEqual([]);
    expect(turns.at(-1)?.forgotten).toBeGreaterThan(2);
    // What was bought to no use is counted.
    expect(turns.some(({ reply }) => (reply?.usage.completionTokens ?? 0) > (reply?.text.length ?? 0))).toBe(
      true,
    );
    const unknowing = await play(reactAgent(fullModel(first + 150)), 8);
    expect(unknowing.trials[0]?.turns.at(-1)?.malformed).toBe("cut-off");
  });

  test("is told from one that has a lower limit of its own, which is asked once more at most", async () => {
    const model = fullModel(1e6, 12);
    const { trials } = await play(reactAgent(model, { maxTokens: 40 }), 8);
    expect(trials[0]?.turns.every(({ malformed }) => malformed === "cut-off")).toBe(true);
    expect(model.calls).toBeLessThanOrEqual(16);
  });
});
