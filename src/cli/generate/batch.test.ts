import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { offlineModel } from "../../author/offline-model.ts";
import { type BatchServer, startBatchServer } from "../../model/testing/batch-server.ts";
import { openRunFolder } from "../../runs/run-folder.ts";
import { readSyntheses } from "../../synthesis/read-run.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let server: BatchServer;
let host: TestHost;
beforeEach(async () => {
  host = await createTestHost();
  const author = offlineModel({ seed: "1" });
  server = await startBatchServer({
    answer: async (messages) => {
      const { text, finish } = await author.chat({ messages });
      return { text, finish: finish === "length" ? finish : "stop" };
    },
    now: Date.now,
    duration: 0,
  });
});
afterEach(async () => {
  await server.close();
  await host.remove();
});

function generate(...more: readonly string[]): readonly string[] {
  return ["generate", "--model", "test", "--base-url", server.url, "--out", "run", "--batch", ...more];
}

async function outcomes(folder: string): Promise<readonly unknown[]> {
  const { paths } = await openRunFolder(join(host.directory, folder));
  const all = [];
  for await (const record of readSyntheses(paths)) all.push(record);
  return all.sort((one, other) => one.index - other.index);
}

describe("generate --batch", () => {
  test("submits without waiting, and resume fetches and submits until the run is what a live one is", async () => {
    const begun = await host.run(generate("--limit", "20", "--no-wait", "--json"));
    expect(begun.code).toBe(3);
    expect(JSON.parse(begun.stdout)).toMatchObject({ pending: 20, batches: { open: 1, requests: 20 } });
    expect(begun.stderr).toContain("Still waiting: 20 requests in 1 batch at the service.");
    expect(begun.stderr).toContain("Fetch what has been answered: agentrefine resume run");
    const status = await host.run(["status", "run"]);
    expect(status).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/waits for 20 requests in batches$/m),
    });
    let code = 3;
    for (let part = 0; part < 8 && code === 3; part += 1)
      code = (await host.run(["resume", "run", "--no-wait"])).code;
    expect(code).toBe(0);
    expect(
      await host.run(["generate", "--model", "offline", "--limit", "20", "--no-stream", "--out", "live"]),
    ).toMatchObject({ code: 0 });
    expect(await outcomes("run")).toEqual(await outcomes("live"));
    const asked = server.bought.map(({ customId }) => customId.slice(0, customId.lastIndexOf("-")));
    expect(new Set(asked).size).toBe(asked.length);
  });

  test.each([
    [["--model", "offline", "--batch"], "no batch service. It answers files: --batch-files DIR."],
    [
      ["--model", "test", "--batch", "--stream"],
      "a batch answers in whole replies, which cannot be streamed",
    ],
    [
      ["--model", "test", "--batch", "--batch-files", "files"],
      "--batch asks a service and --batch-files writes files",
    ],
    [
      ["--model", "m", "--batch", "--base-url", "https://api.deepseek.com/v1"],
      "api.deepseek.com needs a key",
    ],
    [["--model", "m", "--batch", "--provider", "ai-sdk"], "ai-sdk"],
    [["--model", "offline", "--batch-size", "9"], "--batch-size is for runs in batches"],
    [["--model", "offline", "--no-wait"], "--no-wait is for runs in batches"],
  ])("refuses %j in one line, and leaves no folder behind", async (flags, words) => {
    const { code, stderr } = await host.run(["generate", "--out", "refused", ...flags]);
    expect({ code, lines: stderr.trim().split("\n").length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toContain(words);
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("says what a server without batches lacks, and begins anew without them", async () => {
    const command = [
      "generate",
      "--model",
      "test",
      "--base-url",
      `${server.url}/none`,
      "--limit",
      "2",
      "--out",
      "run",
    ];
    const { code, stderr } = await host.run([...command, "--batch"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no POST \/none\/files here/);
  });
});

/** Answers the requests of all files in a folder that have none, as `vllm run-batch` does. */
async function answerFiles(directory: string): Promise<void> {
  const author = offlineModel({ seed: "1" });
  for (const name of await readdir(directory)) {
    const requests = join(directory, name);
    const answers = requests.replace(".requests.jsonl", ".answers.jsonl");
    if (requests === answers || existsSync(answers)) continue;
    const lines: string[] = [];
    for (const line of (await readFile(requests, "utf8")).trim().split("\n")) {
      const { custom_id, body } = JSON.parse(line);
      const { text, finish } = await author.chat(body);
      const message = { role: "assistant", content: text };
      const choices = [{ index: 0, message, finish_reason: finish === "length" ? "length" : "stop" }];
      const reply = { choices, usage: { prompt_tokens: 10, completion_tokens: 20 } };
      lines.push(JSON.stringify({ custom_id, response: { status_code: 200, body: reply }, error: null }));
    }
    await writeFile(answers, `${lines.join("\n")}\n`);
  }
}

describe("generate --batch-files", () => {
  test("writes files, prints the command to run, and reads the answers until the run is what a live one is", async () => {
    const begun = await host.run([
      ...["generate", "--model", "Qwen/Qwen3-8B", "--batch-files", "files", "--no-wait"],
      ...["--limit", "6", "--out", "run"],
    ]);
    expect(begun.code).toBe(3);
    expect(begun.stderr).toMatch(
      /vllm run-batch -i \S+files\/agentrefine-\w+\.requests\.jsonl -o \S+\.answers\.jsonl --model Qwen\/Qwen3-8B/,
    );
    expect((await host.run(["resume", "run", "--no-wait"])).stderr).toContain("6 requests in 1 batch");
    let code = 3;
    for (let part = 0; part < 8 && code === 3; part += 1) {
      await answerFiles(join(host.directory, "files"));
      code = (await host.run(["resume", "run", "--no-wait"])).code;
    }
    expect(code).toBe(0);
    await host.run(["generate", "--model", "offline", "--limit", "6", "--no-stream", "--out", "live"]);
    expect(await outcomes("run")).toEqual(await outcomes("live"));
    const tried = [
      "generate",
      "--model",
      "offline",
      "--batch-files",
      "tried",
      "--limit",
      "6",
      "--out",
      "try",
    ];
    expect(await host.run([...tried, "--json"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"cost":0,.*"batches":\{"open":0/),
    });
    expect(await outcomes("try")).toEqual(await outcomes("live"));
  });
});
