import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ChatServer, startChatServer } from "../model/testing/chat-server.ts";
import { startOfflineServer } from "./testing/offline-server.ts";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

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

function read(...path: string[]): Promise<string> {
  return readFile(join(host.directory, ...path), "utf8");
}

async function serve(...handler: Parameters<typeof startChatServer>): Promise<readonly string[]> {
  server = await startChatServer(...handler);
  return modelFlags(server);
}

function modelFlags({ url }: ChatServer): readonly string[] {
  return ["generate", "--model", "some", "--base-url", url, "--limit", "4", "--out", "run"];
}

describe("generate with a server", () => {
  test("sends what was asked and nothing that was not; secrets stay out of the folder", async () => {
    server = await startOfflineServer();
    const flags = ["--top-p", "0.9", "--body", '{"top_k":5}', "--header", "X-Team: zz4417-team"];
    const { code, stderr } = await host.run([...modelFlags(server), ...flags, "--price", "1,2"], {
      env: { AGENTREFINE_API_KEY: "sk-zz4417" },
    });
    expect(code).toBe(0);
    const { body, headers } = server.requests[0]!;
    expect(body).toMatchObject({ model: "some", top_p: 0.9, top_k: 5, max_tokens: 8192, stream: true });
    expect(body).not.toHaveProperty("temperature");
    expect(headers).toMatchObject({ "x-team": "zz4417-team", authorization: "Bearer sk-zz4417" });
    const files = await readdir(join(host.directory, "run"));
    const kept = (await Promise.all(files.map((file) => read("run", file)))).join("");
    expect(kept.includes("zz4417")).toBe(false);
    expect(JSON.parse(await read("run", "run.json")).settings.model.headers).toEqual(["x-team"]);
    expect(stderr).toMatch(/^Cost +\$/m);
  });

  test("headers, a price list and the rest can stand in the config file", async () => {
    server = await startOfflineServer();
    const price = { prompt: 1, cachedPrompt: 1, completion: 2 };
    await writeFile(join(host.directory, "prices.json"), JSON.stringify({ prices: { some: price } }));
    const generate = {
      headers: { "X-Team": "a" },
      prices: "prices.json",
      model: "some",
      baseUrl: server.url,
    };
    await writeFile(join(host.directory, "agentrefine.config.json"), JSON.stringify({ generate }));
    const { code, stdout } = await host.run(["generate", "--limit", "1", "--out", "run", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).cost).toBeGreaterThan(0);
    expect(server.requests[0]?.headers["x-team"]).toBe("a");
    expect((await host.run(["generate", "--limit", "1", "--out", "run"])).code).toBe(0);
    expect(JSON.parse(await read("run", "run.json")).prices).toEqual(price);
  });

  test("headers whose values are not saved have to be given again", async () => {
    const failing = await serve(() => ({ status: 401 }));
    await host.run([...failing, "--header", "X-Team: a"]);
    const { code, stderr } = await host.run(["resume", "run"]);
    expect(code).toBe(2);
    expect(stderr).toContain("the run sends x-team");
  });

  test("a wrong key pauses with one line and is exit code 1", async () => {
    const flags = await serve(() => ({ status: 401 }));
    const { code, stderr, stdout } = await host.run([...flags, "--json"], {
      env: { AGENTREFINE_API_KEY: "sk-wrong" },
    });
    expect(code).toBe(1);
    expect(stderr.match(/^Paused.*$/gm)).toHaveLength(1);
    expect(stderr).not.toContain("sk-wrong");
    expect(stderr).toContain("Resume with: agentrefine resume run");
    expect(JSON.parse(stdout)).toMatchObject({ pending: 4, calls: 0, paused: expect.any(String) });
  });

  test("a missing key is refused before anything is made", async () => {
    const { code, stderr } = await host.run(["generate", "--model", "gpt-4o", "--out", "run"]);
    expect(code).toBe(2);
    expect(stderr).toContain("OPENAI_API_KEY");
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("a cost limit needs a known price", async () => {
    const flags = await serve(() => "never");
    const { code, stderr } = await host.run([...flags, "--max-cost", "1"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--price");
    expect(server?.counts.requests).toBe(0);
  });

  test("a cost limit is never passed, and is exit code 3; with a higher one the run is resumed", async () => {
    server = await startOfflineServer();
    const flags = ["--price", "10,10", "--max-tokens", "3000", "--json"];
    const first = await host.run([...modelFlags(server), ...flags, "--max-cost", "0.4"]);
    expect(first.code).toBe(3);
    const report = JSON.parse(first.stdout);
    expect(report.cost).toBeLessThanOrEqual(0.4);
    expect(report.pending).toBeGreaterThan(0);
    expect(first.stderr).toContain("Raise --max-cost");
    const second = await host.run(["resume", "run", "--max-cost", "100", "--json"]);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ pending: 0, personas: 4 });
  });

  test("a price that is given later prices what was bought before", async () => {
    server = await startOfflineServer();
    const unpriced = await host.run([...modelFlags(server), "--json"]);
    expect(JSON.parse(unpriced.stdout).cost).toBeNull();
    const { stdout } = await host.run(["resume", "run", "--price", "1,1", "--json"]);
    const { cost, promptTokens, completionTokens } = JSON.parse(stdout);
    expect(cost).toBeCloseTo((promptTokens + completionTokens) / 1e6);
  });

  test("failed personas are told and tried again with --retry-failed", async () => {
    const offline = await startOfflineServer();
    let isBroken = true;
    let first = true;
    const flags = await serve(async ({ messages }) => {
      // The first call succeeds, which shows that the server lives; then one persona is refused.
      if (isBroken && !first && messages.length === 2) return { status: 400 };
      first = false;
      const response = await fetch(`${offline.url}/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ model: "m", messages }),
      });
      const body = (await response.json()) as { choices: [{ message: { content: string } }] };
      return body.choices[0].message.content;
    });
    const before = await host.run([...flags, "--concurrency", "1", "--json"]);
    const report = JSON.parse(before.stdout);
    expect(report.failed).toBeGreaterThan(0);
    expect(before.stderr).toMatch(/^The (one|last) that failed: .*\(status 400\)/m);
    expect(before.stderr).toContain("--retry-failed");
    isBroken = false;
    const after = await host.run(["resume", "run", "--retry-failed", "--json"]);
    await offline.close();
    expect(JSON.parse(after.stdout)).toMatchObject({ failed: 0, pending: 0, personas: 4 });
    const list = JSON.parse((await host.run(["show", "run", "--json"])).stdout);
    expect(list).toHaveLength(4);
  });
});
