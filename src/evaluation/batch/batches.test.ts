import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reactAgent } from "../../agent/react-agent.ts";
import { readCustomId } from "../../batch/batch-folder.ts";
import type { BatchOptions } from "../../batch/batch-run.ts";
import { readBatchEvents } from "../../batch/standing.ts";
import type { Suite } from "../../environment/suite.ts";
import type { ChatMessage, ChatModel } from "../../model/chat-model.ts";
import { CostCapReached, costOf, type Price, worstCost } from "../../model/money.ts";
import { openBatchService, openModel } from "../../model/providers.ts";
import { type BatchServer, startBatchServer } from "../../model/testing/batch-server.ts";
import { type ChatServer, startChatServer } from "../../model/testing/chat-server.ts";
import { fakeClock } from "../../model/testing/fake-clock.ts";
import { runPaths } from "../../runs/run-folder.ts";
import type { EvaluateOptions, EvaluationResult } from "../evaluate.ts";
import { createEvaluationGround, type EvaluationGround } from "../testing/evaluation-ground.ts";
import { lampReply } from "../testing/lamp-player.ts";
import { lampSuite } from "../testing/lamp-suite.ts";
import { episodeNumber } from "./asking-episodes.ts";
import type { EvaluationBatches } from "./rounds-of-episodes.ts";

const PRICE: Price = { prompt: 2.5, cachedPrompt: 2.5, completion: 10 };
const MAX_TOKENS = 100;

class Killed extends Error {}

/** The reply that the player and the judge give to a conversation, live and in batches. */
function replyOf(messages: readonly ChatMessage[]): string {
  const last = messages.at(-1)?.content ?? "";
  return last.startsWith("Judge: ") ? `It was ${last.length % 7} of 7.` : lampReply(messages) || "Well.";
}

/** The lamps, of which a judge says something after each action. */
function judgedSuite(judge: ChatModel): Suite {
  const suite = lampSuite(4);
  return {
    ...suite,
    tasks: suite.tasks.map((task) => ({
      ...task,
      open: async (outside) => {
        const world = await task.open(outside);
        const asked = outside.recorded(judge);
        return {
          ...world,
          step: async (action) => {
            const step = await world.step(action);
            const content = `Judge: ${action}, after which ${step.observation}`;
            const { text } = await asked.chat({ messages: [{ role: "user", content }] });
            return { ...step, observation: `${text} ${step.observation}` };
          },
        };
      },
    })),
  };
}

let ground: EvaluationGround;
let server: BatchServer;
let chat: ChatServer;
const clock = fakeClock(true);

beforeEach(async () => {
  ground = await createEvaluationGround();
  server = await startBatchServer({
    answer: async (messages) => ({ text: replyOf(messages) }),
    now: () => clock.now(),
    duration: 45_000,
  });
  chat = await startChatServer(({ messages }) => ({ text: replyOf(messages) }));
});

afterEach(async () => {
  await Promise.all([server.close(), chat.close(), ground.remove()]);
});

type Provider = "openai" | "anthropic";

/** The options of an evaluation by a player and a judge at a server. */
async function options(provider: Provider, baseUrl: string): Promise<Partial<EvaluateOptions>> {
  const open = (model: string): Promise<ChatModel> =>
    openModel({ provider, model, baseUrl, maxTokens: MAX_TOKENS, stream: false }, {});
  const price: EvaluateOptions["costOf"] = (usage) => costOf(PRICE, usage);
  return {
    agent: reactAgent(await open("player")),
    suites: [judgedSuite(await open("judge"))],
    maxTurns: 4,
    costOf: price,
  };
}

async function inBatches(
  provider: Provider,
  name: string,
  more: Partial<BatchOptions> & Pick<EvaluationBatches, "maxCost"> = {},
): Promise<EvaluationResult> {
  const { maxCost, ...rest } = more;
  const asked = async (model: string): Promise<BatchOptions> => ({
    service: await openBatchService({ provider, model, baseUrl: server.url, maxTokens: MAX_TOKENS }, {}),
    model,
    costOf: (usage) => costOf(PRICE, usage),
    waits: true,
    clock,
    worstOf: (request) => worstCost(request, PRICE, MAX_TOKENS),
    ...rest,
  });
  const batches = { player: await asked("player"), judge: await asked("judge") };
  return ground.run(name, {
    ...(await options(provider, server.url)),
    batches: maxCost === undefined ? batches : { ...batches, maxCost },
  });
}

/** That an evaluation in batches has come to what a live one has, and that each reply was bought once. */
async function expectSame(name: string, live: string): Promise<void> {
  expect(await ground.episodes(name)).toEqual(await ground.episodes(live));
  const sorted = async (folder: string): Promise<readonly string[]> =>
    (await ground.calls(folder)).map(({ batch: _batch, ...call }) => JSON.stringify(call)).sort();
  expect(await sorted(name)).toEqual(await sorted(live));
  expect((await ground.calls(name)).every(({ batch }) => batch !== undefined)).toBe(true);
  const asked = server.bought.map(({ customId }) => customId.slice(0, customId.lastIndexOf("-")));
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked).toHaveLength((await ground.calls(name)).length);
}

describe.each(["openai", "anthropic"] as const)("an evaluation in batches of %s", (provider) => {
  beforeEach(async () => {
    await ground.run("live", await options(provider, chat.url));
  });

  test("is what a live one with the same replies is, and buys each reply once", async () => {
    const { results, pause, batches } = await inBatches(provider, "batched");
    expect({ ended: results.length, pause }).toEqual({ ended: 4, pause: undefined });
    await expectSame("batched", "live");
    expect(server.batches.length).toBeLessThan(server.bought.length / 2);
    expect(batches).toMatchObject({ open: 0, over: server.batches.length, kept: server.bought.length });
  });

  test("that is killed after each event, and between each creation and its note, buys nothing twice", async () => {
    const seen = new Set<string>();
    const dieOnce = (what: string): void => {
      if (seen.has(what)) return;
      seen.add(what);
      throw new Killed();
    };
    const real = await openBatchService(
      { provider, model: "m", baseUrl: server.url, maxTokens: MAX_TOKENS },
      {},
    );
    for (let part = 0; ; part += 1) {
      expect(part).toBeLessThan(200);
      const killed = await inBatches(provider, "killed", {
        onEvent: ({ event, batch }) => dieOnce(`${event} ${batch}`),
        service: {
          ...real,
          create: async (input, file) => {
            const made = await real.create(input, file);
            dieOnce(`made ${input.batch}`);
            return made;
          },
        },
      }).catch((error: unknown) => error);
      if (!(killed instanceof Killed)) break;
    }
    expect(seen.size).toBeGreaterThan(20);
    await expectSame("killed", "live");
  });
});

test("an evaluation for which nobody waits ends with what is open, and goes on from there", async () => {
  await ground.run("live", await options("openai", chat.url));
  let part = await inBatches("openai", "left", { waits: false });
  expect(part).toMatchObject({ results: [], pause: undefined, batches: { open: 1, requests: 4 } });
  for (let count = 0; part.results.length < 4 && count < 20; count += 1) {
    await clock.sleep(60_000);
    part = await inBatches("openai", "left", { waits: false });
  }
  await expectSame("left", "live");
  const owners = new Set<string | undefined>();
  for await (const event of readBatchEvents(runPaths(ground.directory("left")).batches))
    if (event.event === "planned") owners.add(event.by);
  expect([...owners]).toEqual([undefined, "judge"]);
});

test("a request that is refused ends its episode alone, and one without an answer is asked again", async () => {
  const refused = episodeNumber({ suite: "lamps", task: "corridor-2", attempt: 0 });
  server.faults.fate = (number) => ({
    refuses: (_place, id) =>
      readCustomId(id)?.index === refused
        ? {
            status: 400,
            body: { error: { message: "the prompt is indecent", type: "invalid_request_error" } },
          }
        : undefined,
    runs: (place) => number > 3 || place !== 1,
  });
  const { results, pause } = await inBatches("openai", "refused");
  expect(pause).toBeUndefined();
  const failed = results.filter(({ ending }) => ending === "model-failed");
  expect(failed).toMatchObject([
    { task: "corridor-2", reason: expect.stringContaining("the prompt is indecent") },
  ]);
});

test("a cap holds, for the player and the judge together", async () => {
  const { spending: all } = await inBatches("openai", "whole");
  const maxCost = (all.cost ?? 0) / 2;
  const { results, pause, spending } = await inBatches("openai", "capped", { maxCost });
  expect(pause?.error).toBeInstanceOf(CostCapReached);
  expect(results.length).toBeLessThan(4);
  expect(spending.cost).toBeGreaterThan(0);
  expect(spending.cost).toBeLessThanOrEqual(maxCost);
  expect(await inBatches("openai", "capped", { maxCost: 1 })).toMatchObject({ pause: undefined });
});
