import { expect, test } from "vitest";
import { reactAgent } from "../agent/react-agent.ts";
import { ChatError, type ChatModel, NO_USAGE } from "../model/chat-model.ts";
import type { EpisodeLine } from "./episode-calls.ts";
import { planEpisodes, playAll } from "./evaluate.ts";
import { lampReply } from "./testing/lamp-player.ts";
import { lampSuite } from "./testing/lamp-suite.ts";

test("a reply is kept also when a failure from before it cannot be kept", async () => {
  let calls = 0;
  const model: ChatModel = {
    name: "lamps",
    chat: async ({ messages }) => {
      calls += 1;
      if (calls === 9) throw new ChatError("unreachable", "no");
      return { text: lampReply(messages), finish: "stop", usage: NO_USAGE };
    },
  };
  const kept: EpisodeLine[] = [];
  const playing = playAll(
    planEpisodes([lampSuite(12)], 1),
    {
      agent: reactAgent(model),
      maxTurns: 30,
      seed: 1,
      costOf: () => 0,
      concurrency: 1,
      stop: new AbortController().signal,
    },
    {
      takeEarlier: () => ({ replies: [], answers: [] }),
      keepCall: async (call) => {
        kept.push(call);
      },
      keep: async ({ ending }) => {
        if (ending === "model-failed") throw new Error("no space");
      },
    },
  );
  await expect(playing).rejects.toThrow("no space");
  expect(calls).toBe(10);
  expect(kept).toHaveLength(9);
});

test("a model whose context is too small for every first message pauses nothing", async () => {
  const model: ChatModel = {
    name: "small",
    chat: async () => {
      throw new ChatError("rejected-request", "maximum context length is 9 tokens (status 400)");
    },
  };
  const endings: string[] = [];
  const pause = await playAll(
    planEpisodes([lampSuite(20)], 1),
    {
      agent: reactAgent(model),
      maxTurns: 30,
      seed: 1,
      costOf: () => 0,
      concurrency: 4,
      stop: new AbortController().signal,
    },
    {
      takeEarlier: () => ({ replies: [], answers: [] }),
      keepCall: async () => undefined,
      keep: async ({ ending }) => {
        endings.push(ending);
      },
    },
  );
  expect(pause).toBeUndefined();
  expect(endings).toEqual(Array.from({ length: 20 }, () => "model-failed"));
});
