import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ChatServer, startChatServer } from "../model/testing/chat-server.ts";
import type { ServedAnswer } from "../model/testing/served-answer.ts";
import { createTestHost, type TestHost } from "./testing/test-host.ts";
import { worldReply } from "./testing/world-player.ts";

let host: TestHost;
let server: ChatServer | undefined;

beforeEach(async () => {
  host = await createTestHost();
});

afterEach(async () => {
  await host.remove();
  await server?.close();
  server = undefined;
});

async function serve(...handler: Parameters<typeof startChatServer>): Promise<readonly string[]> {
  server = await startChatServer(...handler);
  const model = ["--model", "some", "--base-url", server.url];
  return ["evaluate", "--suite", "babyai", "--limit", "5", "--max-turns", "8", ...model];
}

async function episodes(name: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(host.directory, name, "episodes.jsonl"), "utf8");
  const lines = text.trim().split("\n");
  return lines
    .map((line) => JSON.parse(line))
    .sort((one, other) => (`${one.task} ${one.attempt}` < `${other.task} ${other.attempt}` ? -1 : 1));
}

describe("evaluate with a server", () => {
  test("is greedy by default, and what it sends is the text of the training data", async () => {
    const flags = await serve(({ messages }) => worldReply(messages));
    const { code, stderr } = await host.run([...flags, "--price", "1,2", "--out", "eval"], {
      env: { AGENTREFINE_API_KEY: "sk-zz4417" },
    });
    expect(code).toBe(0);
    expect(server?.requests[0]?.body).toMatchObject({ temperature: 0, max_tokens: 1024, stream: true });
    const [first] = server?.requests[0]?.messages ?? [];
    expect(first?.role).toBe("user");
    expect(first?.content).toMatch(/^You are a player in a world made of text\./);
    expect(first?.content).toContain("- pickup {object} {number}: ");
    expect(first?.content).toContain("\n\nFirst observation:\nIn front of you in this room");
    expect(first?.content).toContain("\n\nExample:\nGoal: open the door\n");
    const bare = flags.map((flag, place) => (flags[place - 1] === "--limit" ? "1" : flag));
    await host.run([...bare, "--no-example", "--out", "bare"]);
    expect(server?.requests.at(-1)?.messages[0]?.content).not.toContain("Example:");
    expect(stderr).toMatch(/^Cost +\$/m);
    expect(stderr).toMatch(/malformed %/);
    const files = await readdir(join(host.directory, "eval"));
    const kept = await Promise.all(files.map((file) => readFile(join(host.directory, "eval", file), "utf8")));
    expect(kept.join("").includes("zz4417")).toBe(false);
  });

  test("warns and exits 3 where no reply could be read, and plays no action of a reasoning", async () => {
    const think = "<think>\nI must answer in this form:\nThought: what I know\nAction: turn left\n";
    const flags = await serve(() => ({ text: think, finish: "length" }));
    const { code, stderr } = await host.run(
      [...flags, "--out", "cut"].map((flag) => (flag === "5" ? "1" : flag)),
    );
    expect(code).toBe(3);
    expect(stderr).toContain("No reply could be read (8 cut-while-thinking)");
    expect(stderr).toContain("Give a larger --max-tokens");
    const [episode] = await episodes("cut");
    expect(JSON.stringify(episode)).toContain('"malformed":"cut-while-thinking"');
    expect(JSON.stringify(episode?.trials)).not.toContain('"action":"turn left"');
  });

  test("plays the answer behind a reasoning, and does not send the reasoning back", async () => {
    const think = "<think>\nThought: what I know\nAction: no\n</think>\n\n";
    const flags = await serve(() => `${think}Thought: I look around.\nAction: turn left`);
    await host.run([...flags, "--out", "thinking"]);
    const played = await episodes("thinking");
    expect(played.every(({ trials }) => !JSON.stringify(trials).includes('"malformed"'))).toBe(true);
    expect(JSON.stringify(played[0])).toContain("</think>");
    expect(server?.requests.some(({ messages }) => JSON.stringify(messages).includes("think>"))).toBe(false);
  });

  test("answers a malformed reply with an observation that says so, and counts it", async () => {
    const flags = await serve(() => "I would like to go home.");
    const { stdout } = await host.run([...flags, "--out", "eval", "--json"]);
    const [suite] = JSON.parse(stdout).suites;
    expect(suite.behaviour).toMatchObject({ formatErrors: 1, grounding: 0, turns: 8 });
    expect(server?.requests.at(-1)?.messages.at(-1)?.content).toContain("Your reply could not be read");
  });

  test("with samples sends temperature 1, and tries again with Reflexion", async () => {
    const flags = await serve(({ messages }) => worldReply(messages));
    const given = (name: string, value: string): readonly string[] =>
      flags.map((flag, place) => (flags[place - 1] === name ? value : flag));
    await host.run([...given("--limit", "2"), "--samples", "2", "--out", "sampled"]);
    expect(server?.requests[0]?.body).toMatchObject({ temperature: 1 });
    await host.run([...given("--max-turns", "3"), "--reflexion", "2", "--out", "reflexion"]);
    const tried = (await episodes("reflexion")).filter(({ trials }) => (trials as unknown[]).length === 2);
    expect(tried.length).toBeGreaterThan(0);
    for (const { trials } of tried) {
      const [first, second] = trials as {
        reflection?: { reply: { text: string } };
        messages: { content: string }[];
      }[];
      const lesson = first?.reflection?.reply.text.trim().split("\n")[0] ?? "";
      expect(second?.messages[0]?.content).toContain("What you noted then:");
      expect(second?.messages[0]?.content).toContain(lesson);
    }
  });

  test("with drops, refusals and broken streams gives the results of a server without faults", async () => {
    const smooth = await serve(({ messages }) => worldReply(messages));
    await host.run([...smooth, "--out", "smooth"]);
    await server?.close();
    const faults: readonly ((text: string) => ServedAnswer)[] = [
      () => ({ status: 429, headers: { "retry-after": "0" } }),
      () => ({ status: 503 }),
      (text) => ({ text, fault: { kind: "drop", after: 1 } }),
      (text) => ({ text, fault: { kind: "malformed", after: 1 } }),
      (text) => ({ text, fault: { kind: "no-end", after: 1 } }),
    ];
    const broken = new Set<string>();
    const rough = await serve(({ messages }) => {
      const text = worldReply(messages);
      const key = JSON.stringify(messages);
      const fault = faults[broken.size];
      if (fault === undefined || broken.has(key)) return text;
      broken.add(key);
      return fault(text);
    });
    const { code } = await host.run([...rough, "--out", "rough"]);
    expect(code).toBe(0);
    expect(broken.size).toBe(faults.length);
    // What was bought before a break is counted, so tokens differ; nothing else does.
    const played = async (name: string): Promise<unknown> =>
      (await episodes(name)).map(({ usage: _usage, cost: _cost, trials, ...rest }) => ({
        ...rest,
        turns: (trials as { turns: { reply: { text: string } }[] }[]).map(({ turns }) =>
          turns.map(({ reply, ...turn }) => ({ ...turn, reply: reply.text })),
        ),
      }));
    expect(await played("rough")).toEqual(await played("smooth"));
  }, 60_000);

  test("a wrong key pauses with one line and exit code 1, and the same command goes on", async () => {
    let isRefused = true;
    const flags = await serve(({ messages }) => (isRefused ? { status: 401 } : worldReply(messages)));
    const { code, stderr } = await host.run([...flags, "--out", "eval"]);
    expect(code).toBe(1);
    expect(stderr.match(/^Paused.*$/gm)).toHaveLength(1);
    expect(stderr).toContain("Resume with: agentrefine evaluate --out eval");
    isRefused = false;
    expect((await host.run([...flags, "--out", "eval"])).code).toBe(0);
    expect(await episodes("eval")).toHaveLength(5);
  });

  test("a conversation that is too long goes on without its oldest turns, and the summary says so", async () => {
    const message = "This model's maximum context length is 512 tokens. However, you requested 700 tokens.";
    const flags = await serve(({ messages }) =>
      messages.length > 5
        ? { status: 400, body: JSON.stringify({ error: { message, type: "BadRequestError", code: 400 } }) }
        : worldReply(messages),
    );
    const { code, stdout, stderr } = await host.run([...flags, "--out", "eval", "--json"]);
    expect(code).toBe(0);
    const [suite] = JSON.parse(stdout).suites;
    expect(suite.endings["model-failed"]).toBe(0);
    expect(suite.behaviour.shortened).toBeGreaterThan(0);
    const percent = (100 * suite.behaviour.shortened).toFixed(1);
    expect(stderr).toContain(`babyai: in ${percent} % of the turns the model's context was full`);
    const taken = server?.requests.filter(({ messages }) => messages.length === 5) ?? [];
    expect(taken.every(({ messages }) => messages[0]?.content.includes("First observation:"))).toBe(true);
  });

  test("a cost limit is never passed, over all parts; with a higher one it goes on", async () => {
    const flags = await serve(({ messages }) => worldReply(messages));
    const priced = [...flags, "--price", "100,100", "--max-tokens", "100", "--json"];
    const first = await host.run([...priced, "--max-cost", "2", "--out", "eval"]);
    expect(first.code).toBe(3);
    expect(first.stderr).toContain("Raise --max-cost");
    expect(first.stderr).toContain("Resume with: agentrefine evaluate --out eval --max-cost …");
    expect(JSON.parse(first.stdout).spending.cost).toBeLessThanOrEqual(2);
    const { requests } = server?.counts ?? { requests: 0 };
    // What was bought for episodes that had not ended counts too, so next to nothing is left.
    const again = await host.run(["evaluate", "--out", "eval", "--max-cost", "2"]);
    expect(again.code).toBe(3);
    expect((server?.counts.requests ?? 0) - requests).toBeLessThan(requests / 2);
    const second = await host.run(["evaluate", "--out", "eval", "--max-cost", "1000", "--json"]);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ planned: 5, ended: 5 });
  });

  test("a price that is given later prices what was bought before", async () => {
    const flags = await serve(({ messages }) => worldReply(messages));
    const unpriced = await host.run([...flags, "--out", "eval"]);
    expect(unpriced.stderr).not.toMatch(/^Cost/m);
    const { stdout } = await host.run(["evaluate", "--out", "eval", "--price", "1,1", "--json"]);
    const { cost, promptTokens, completionTokens } = JSON.parse(stdout).spending;
    expect(cost).toBeCloseTo((promptTokens + completionTokens) / 1e6);
  });

  test("what was bought is told even when no episode has ended", async () => {
    const flags = await serve(({ messages }) => worldReply(messages));
    const priced = [...flags, "--price", "100,100", "--max-tokens", "100", "--concurrency", "5"];
    const { stderr } = await host.run([...priced, "--max-cost", "0.9", "--out", "eval"]);
    expect(stderr).toMatch(/^Tokens +[\d,]+/m);
    expect(stderr).toMatch(/^Cost +\$0\.\d/m);
    expect(stderr).toContain("5 of 5 episodes are still to be played");
  });

  test("episodes in which the model failed are told and played again with --retry-failed", async () => {
    let isBroken = true;
    const flags = await serve(({ messages }) => {
      if (isBroken && messages.length === 5) return { status: 400 };
      return worldReply(messages);
    });
    const before = await host.run([...flags, "--out", "eval"]);
    expect(before.code).toBe(3);
    expect(before.stderr).toMatch(
      /ended because the model or the world failed .*; play .* again: .*--retry-failed/,
    );
    isBroken = false;
    const after = await host.run(["evaluate", "--out", "eval", "--retry-failed", "--json"]);
    expect(JSON.parse(after.stdout).suites[0].endings["model-failed"]).toBe(0);
  });
});
