import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Limiter, systemClock } from "../model/limiter.ts";
import { Ledger } from "../model/money.ts";
import { openAiCompatibleModel } from "../model/openai.ts";
import { stackModel } from "../model/stack.ts";
import { startChatServer } from "../model/testing/chat-server.ts";
import type { ServedAnswer, ServedRequest } from "../model/testing/served-answer.ts";
import { type Random, randomFor } from "../random.ts";
import { createRunFolder } from "../runs/run-folder.ts";
import { generate } from "./generate.ts";
import { readCalls, readSyntheses } from "./read-run.ts";
import { scriptedReply } from "./testing/scripted-model.ts";

/** 500 with AGENTREFINE_CAMPAIGN=500, which takes ten seconds more. */
const PERSONAS = Number(process.env.AGENTREFINE_CAMPAIGN ?? 80);
const KINDS = ["429", "5xx", "drop", "hang", "malformed", "good"] as const;
type Kind = (typeof KINDS)[number];

/** Ten per cent each of five troubles; the other half of the answers is good. */
function kindOf(random: Random): Kind {
  return KINDS[Math.min(5, random.integer(10))] ?? "good";
}

function answer(request: ServedRequest, kind: Kind, random: Random): ServedAnswer {
  const text = scriptedReply(request, 0.2);
  const after = random.integer(Math.ceil(text.length / 40));
  switch (kind) {
    case "429":
      return { status: 429, headers: { "retry-after-ms": "5" } };
    case "5xx":
      return { status: random.pick([500, 502, 503, 529]) };
    case "drop":
      return { text, fault: { kind: "drop", after } };
    case "hang":
      return random.chance(0.5) ? { silence: true } : { text, fault: { kind: "stall", after } };
    case "malformed":
      return { text, fault: { kind: "malformed", after } };
    case "good":
      return text;
  }
}

describe("a run against a server in trouble", () => {
  test(`ends every one of ${PERSONAS} personas, counted once, whatever half of the answers do`, async () => {
    const directory = await mkdtemp(join(tmpdir(), "agentrefine-campaign-"));
    const random = randomFor("campaign");
    const served: Record<Kind, number> = { "429": 0, "5xx": 0, drop: 0, hang: 0, malformed: 0, good: 0 };
    const server = await startChatServer(
      (request) => {
        const kind = kindOf(random);
        served[kind] += 1;
        return answer(request, kind, random);
      },
      { keepRequests: false },
    );
    try {
      const folder = await createRunFolder(join(directory, "run"), {
        createdAt: "2026-01-01T00:00:00Z",
        agentrefine: "0",
        settings: {},
        prices: null,
      });
      const adapter = openAiCompatibleModel({ baseUrl: server.url, model: "test", idleTimeout: 1000 });
      const price = { prompt: 1, cachedPrompt: 1, completion: 2 };
      const model = stackModel(adapter, {
        limiter: new Limiter(systemClock, { start: 64, maximum: 64 }),
        ledger: new Ledger(),
        price,
        maxTokens: 8192,
        seed: "campaign",
        // As many attempts as a user has, with waits that a test can bear.
        schedule: { attempts: 6, firstWait: 2, longestWait: 20 },
      });
      const result = await generate(folder, {
        model,
        personas: async function* () {
          for (let index = 0; index < PERSONAS; index += 1) {
            yield { id: index.toString(16).padStart(16, "0"), text: `A diver, number ${index}.` };
          }
        },
        maximumCalls: 4,
        concurrency: 64,
        costOf: () => 0,
        retryFailed: false,
        stop: new AbortController().signal,
      });

      const { accepted, rejected, failed } = result.tally.outcomes;
      expect({ pause: result.pause, pending: result.pending }).toEqual({ pause: undefined, pending: 0 });
      expect(accepted + rejected + failed).toBe(PERSONAS);
      expect(accepted).toBeGreaterThan(PERSONAS * 0.7);
      const ended: number[] = [];
      for await (const { index } of readSyntheses(folder.paths)) ended.push(index);
      expect(ended.sort((one, other) => one - other)).toEqual(Array.from({ length: PERSONAS }, (_, i) => i));
      const bought = new Set<string>();
      let replies = 0;
      for await (const call of readCalls(folder.paths)) {
        bought.add(`${call.index}/${call.call}/${"text" in call}`);
        replies += 1;
      }
      expect(bought.size).toBe(replies);
      // Not all of these were good answers: a reply may be stopped at its first fault before the trouble comes.
      expect(result.tally.calls + result.tally.failedCalls).toBe(replies);
      expect(replies).toBeLessThanOrEqual(server.counts.requests);
      for (const kind of KINDS) expect(served[kind]).toBeGreaterThan(PERSONAS / 5);
    } finally {
      await server.close();
      await rm(directory, { recursive: true });
    }
  }, 120_000);
});
