import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startChatServer } from "../../model/testing/chat-server.ts";
import { startOfflineServer } from "../testing/offline-server.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let host: TestHost;

beforeEach(async () => {
  host = await createTestHost();
});

afterEach(() => host.remove());

async function lines(name: string): Promise<readonly string[]> {
  return (await readFile(join(host.directory, "run", name), "utf8")).trimEnd().split("\n");
}

function generate(...more: readonly string[]): ReturnType<TestHost["run"]> {
  return host.run(["generate", ...more, "--out", "run", "--quiet", "--json"]);
}

const OFFLINE = ["--model", "offline"];

describe("a run grows", () => {
  test("to a larger --limit or --sample, keeps what it has, and buys only what is new", async () => {
    for (const flag of ["--limit", "--sample"]) {
      host = await createTestHost();
      await generate(...OFFLINE, flag, "3");
      const [personas, calls] = [await lines("personas.jsonl"), await lines("calls.jsonl")];
      const { code, stdout, stderr } = await generate(...OFFLINE, flag, "7");
      expect({ code, summary: JSON.parse(stdout) }).toMatchObject({ code: 0, summary: { personas: 7 } });
      expect(stderr).toContain("Added 4 personas");
      expect((await lines("personas.jsonl")).slice(0, 3)).toEqual(personas);
      expect((await lines("calls.jsonl")).slice(0, calls.length)).toEqual(calls);
      expect(new Set(await lines("personas.jsonl")).size).toBe(7);
      const resumed = await host.run(["resume", "run", "--json"]);
      expect(JSON.parse(resumed.stdout)).toMatchObject({ personas: 7, pending: 0 });
    }
  });

  test("as one that was begun at that size, but for the order", async () => {
    await generate(...OFFLINE, "--sample", "3");
    await generate(...OFFLINE, "--sample", "8");
    const grown = [...(await lines("personas.jsonl"))].sort();
    await host.run(["generate", ...OFFLINE, "--sample", "8", "--out", "whole", "--quiet"]);
    const whole = await readFile(join(host.directory, "whole/personas.jsonl"), "utf8");
    expect(whole.trimEnd().split("\n").sort()).toEqual(grown);
  });

  test("with its file", async () => {
    const file = join(host.directory, "personas.txt");
    await writeFile(file, "A cook.\nA sailor.\n");
    await generate("personas.txt", ...OFFLINE);
    await writeFile(file, "A teacher.\nA cook.\nA sailor.\n");
    const { stderr, stdout } = await generate("personas.txt", ...OFFLINE);
    expect(stderr).toContain("Added 1 persona ");
    expect(JSON.parse(stdout)).toMatchObject({ personas: 3, pending: 0 });
    expect((await lines("personas.jsonl")).at(-1)).toContain("A teacher.");
    expect((await generate("personas.txt", ...OFFLINE)).stderr).toContain("is finished");
  });

  test("but does not shrink", async () => {
    await generate(...OFFLINE, "--limit", "3");
    const { code, stderr } = await generate(...OFFLINE, "--limit", "2");
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("limit was 3, now 2"),
    });
  });

  test("an evaluation too", async () => {
    const flags = ["evaluate", "--suite", "babyai", "--agent", "expert", "--out", "eval", "--json"];
    await host.run([...flags, "--limit", "2"]);
    const { code, stdout } = await host.run([...flags, "--limit", "4"]);
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({ code: 0, report: { planned: 4, ended: 4 } });
  });
});

describe("settings", () => {
  test("may be given anew while no reply was bought", async () => {
    const author = await startOfflineServer();
    const picky = await startChatServer(({ model }) =>
      model === "m" ? { text: "no script" } : { status: 404, body: "no such model" },
    );
    const on = ["--base-url", picky.url, "--limit", "2", "--max-calls", "2", "--max-attempts", "1"];
    expect((await generate("--model", "mm", ...on)).code).toBe(1);
    const anew = await generate("--model", "m", ...on);
    expect(anew.stderr).toContain("begins anew");
    expect(anew.code).toBe(0);
    const bound = await generate("--model", "mm", ...on);
    expect(bound).toMatchObject({ code: 2, stderr: expect.stringContaining("other settings: model.name") });
    await picky.close();
    await author.close();
  });

  test("headers of flags are laid over those of the config one by one; a body may have line breaks", async () => {
    const server = await startOfflineServer();
    await writeFile(
      join(host.directory, "agentrefine.config.json"),
      `\uFEFF${JSON.stringify({ generate: { headers: { "X-Org": "a", "X-Team": "b" } } })}`,
    );
    const model = ["--model", "m", "--base-url", server.url, "--limit", "1"];
    const body = `--body={\n  "top_k": 5\n}`;
    const { code } = await generate(...model, "--header", "X-Team: c", body);
    await server.close();
    expect(code).toBe(0);
    expect(server.requests[0]?.headers).toMatchObject({ "x-org": "a", "x-team": "c" });
    expect(server.requests[0]?.body).toMatchObject({ top_k: 5 });
  });

  test("without a persona are an error of usage", async () => {
    const { code, stderr } = await host.run(
      ["generate", "-", ...OFFLINE, "--server", "vllm", "--out", "run"],
      { stdin: "" },
    );
    expect(stderr).toContain("so this has no part in the run: --server.");
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("no persona") });
  });

  test("an address that goes over the saved one is advised again", async () => {
    const gone = ["--base-url", "http://127.0.0.1:1/v1", "--max-attempts", "1"];
    await generate(
      "--model",
      "m",
      "--base-url",
      "http://127.0.0.1:9/v1",
      "--limit",
      "1",
      "--max-attempts",
      "1",
    );
    const { stderr } = await host.run(["resume", "run", ...gone]);
    expect(stderr).toContain("agentrefine resume run --base-url http://127.0.0.1:1/v1");
  });
});

describe("--dry-run", () => {
  const dry = (...flags: readonly string[]) =>
    host.run(["generate", "--model", "gpt-4o", "--out", "run", "--dry-run", ...flags]);

  test("shows both prompts and the price, and buys and writes nothing", async () => {
    const { code, stdout, stderr } = await dry("--limit", "3");
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^No personas were given[\s\S]*Nothing was bought/),
    });
    expect(stdout).toMatch(
      /Call 1: the script \(about [\d,]+ tokens, [\d,]+ of them the same for every persona\)/,
    );
    expect(stdout).toMatch(/Call 2: the trajectory/);
    expect(stdout).toMatch(/^Personas +3$/m);
    for (const note of ["for the first persona", "for each further one", "for all personas", "for all;"])
      expect(stdout).toMatch(new RegExp(` about \\$\\d+\\.\\d+ +${note}`));
    expect(
      stdout
        .split("\n")
        .slice(-12)
        .every((line) => line.length <= 80),
    ).toBe(true);
    await expect(readFile(join(host.directory, "run/run.json"))).rejects.toThrow("ENOENT");
  });

  test("of a run that is there tells what is still to be bought, and changes nothing", async () => {
    await generate(...OFFLINE, "--limit", "2");
    const before = await lines("run.json");
    const { stdout } = await host.run([
      "generate",
      ...OFFLINE,
      "--limit",
      "5",
      "--out",
      "run",
      "--dry-run",
      "--json",
    ]);
    const { personas, added, calls } = JSON.parse(stdout);
    expect({ personas, added }).toEqual({ personas: 3, added: 3 });
    const [, , third] = (await readFile(join(host.directory, "run/personas.jsonl"), "utf8")).split("\n");
    expect(third).toBe("");
    expect(await lines("run.json")).toEqual(before);
    await generate(...OFFLINE, "--limit", "5");
    const [, , added1 = ""] = await lines("personas.jsonl");
    expect(calls[0].messages.at(-1).content).toContain(JSON.parse(added1).persona);
    const refused = await dry("--limit", "5");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("model.name was") });
  });
});
