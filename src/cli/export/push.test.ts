import { readdir, readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  LOOPBACK_TOKEN,
  type LoopbackHub,
  type LoopbackHubOptions,
  startLoopbackHub,
} from "../../tuning/hub/testing/loopback-hub.ts";
import type { Ran } from "../testing/test-host.ts";
import { createExportHost, createSharedRun, type ExportHost, type SharedRun } from "./testing/export-host.ts";

let shared: SharedRun;
let host: ExportHost;
let hub: LoopbackHub;
beforeAll(async () => {
  shared = await createSharedRun();
});

afterAll(() => shared.remove());

beforeEach(async () => {
  host = await createExportHost(shared);
  hub = await startLoopbackHub();
});

afterEach(async () => {
  await host.remove();
  await hub.close();
});

/** Starts another hub in the place of the first. */
async function restart(options: LoopbackHubOptions): Promise<void> {
  await hub.close();
  hub = await startLoopbackHub(options);
}

function push(
  repository: string,
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const words = ["export", shared.run, "--hub", "hub", "--license", "mit", "--push", repository, ...flags];
  return host.run(words, {
    env: { HF_TOKEN: LOOPBACK_TOKEN, HF_ENDPOINT: `${hub.url}/`, ...env },
  });
}

async function expectUploaded(repository: string): Promise<void> {
  const stored = hub.datasets.get(repository);
  const folder = join(host.directory, "hub");
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.includes("."));
  expect([...(stored?.files.keys() ?? [])].sort()).toEqual(names.sort());
  for (const name of names) expect(stored?.files.get(name)).toEqual(await readFile(join(folder, name)));
}

describe("--push", () => {
  test("uploads the folder byte for byte and says where it lies", async () => {
    const { code, stderr, stdout } = await push("owner/data", ["--json"]);
    const page = `${hub.url}/datasets/owner/data`;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(
        `Uploaded 2 files to ${page}, which is public: everybody can read it.\n`,
      ),
    });
    expect(JSON.parse(stdout).pushed).toEqual({ page, commit: "c0ffee1", private: false, files: 2 });
    await expectUploaded("owner/data");
    expect(`${stderr}${stdout}${await host.read("hub/README.md")}`).not.toContain(LOOPBACK_TOKEN);
  });

  test("sends large files in parts, and privately when it is asked to", async () => {
    await restart({ partBytes: 1000 });
    const { stderr } = await push("owner/data", ["--private"]);
    expect(stderr).toContain("owner/data, which is private.\n");
    expect(hub.datasets.get("owner/data")?.isPrivate).toBe(true);
    expect(hub.requests.filter((each) => each.startsWith("PUT"))).not.toHaveLength(1);
    await expectUploaded("owner/data");
  });

  test("replaces a data set only with --force, and takes away what would double its rows", async () => {
    await push("owner/data");
    expect(await push("owner/data", ["--hub", "other"])).toMatchObject({ code: 2 });
    const stored = hub.datasets.get("owner/data")!;
    stored.files.set("data/train-00001-of-00002.parquet", Buffer.from("old"));
    stored.files.set("data/test-00000-of-00001.parquet", Buffer.from("kept"));
    const { code } = await push("owner/data", ["--force"]);
    expect(code).toBe(0);
    expect(stored.commits).toBe(2);
    expect([...stored.files.keys()].sort()).toEqual([
      "README.md",
      "data/test-00000-of-00001.parquet",
      "data/train-00000-of-00001.parquet",
    ]);
    expect(await push("owner/data", ["--force", "--private"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is public, and --private does not change that"),
    });
  });

  test("takes the token from a file .env", async () => {
    await writeFile(join(host.directory, ".env"), `HF_TOKEN=${LOOPBACK_TOKEN}\nHF_ENDPOINT=${hub.url}\n`);
    const { code } = await host.run(["export", shared.run, "--hub", "hub", "--push", "owner/data"]);
    expect(code).toBe(0);
    await expectUploaded("owner/data");
  });

  test.each([
    ["no token", "owner/data", { HF_TOKEN: "" }, "HF_TOKEN is not set"],
    ["another word", "owner/data", { HF_TOKEN: "secret" }, "HF_TOKEN is not a token of the hub"],
    ["a wrong token", "owner/data", { HF_TOKEN: "hf_wrong" }, "does not accept the token"],
    ["a wrong name", "data", {}, '"data" is not the name of a data set'],
    ["a wrong endpoint", "owner/data", { HF_ENDPOINT: "hub" }, 'HF_ENDPOINT is "hub"'],
    ["an endpoint of another kind", "owner/data", { HF_ENDPOINT: "http://127.0.0.1:9" }, "cannot be reached"],
  ])("%s is refused before anything is written", async (_name, repository, env, words) => {
    const { code, stderr } = await push(repository, [], env);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) });
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).not.toMatch(/secret|hf_wrong/);
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("a dead server is told before anything is written", async () => {
    await hub.close();
    expect(await push("owner/data")).toMatchObject({
      code: 2,
      stderr: `Error: ${hub.url} cannot be reached (ECONNREFUSED). Check the network and HF_ENDPOINT.\n`,
    });
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("a token that may only read is refused before anything is written", async () => {
    await restart({ role: "read" });
    expect(await push("owner/data")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("the token may only read from the hub"),
    });
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("a name of another owner leaves the folder and says so", async () => {
    const { code, stderr } = await push("stranger/data");
    expect(code).toBe(1);
    expect(stderr).toContain(
      "Error: hub is written, but not uploaded: the token may not write to stranger/data: You don't have",
    );
    expect(await readdir(host.directory)).toEqual(["hub"]);
  });

  const fails = (path: string, answer: (response: ServerResponse) => void): LoopbackHubOptions => ({
    intercept: ({ url = "" }: IncomingMessage, response) => {
      if (!url.includes(path)) return false;
      answer(response);
      return true;
    },
  });

  test.each([
    ["fails", fails("/commit/", (response) => response.writeHead(503).end(LOOPBACK_TOKEN)), "is in trouble"],
    ["hangs up", fails("/objects/", (response) => response.destroy()), "cannot be reached (UND_ERR_SOCKET)"],
    [
      "talks nonsense",
      fails("/preupload/", (response) => response.end("{}")),
      "as the Hugging Face hub does",
    ],
    ["is no hub", fails("/create", (response) => response.end("<html>")), "as the Hugging Face hub does"],
  ])("a server that %s is told in one line", async (_name, options, words) => {
    await restart(options);
    const { code, stderr } = await push("owner/data");
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(LOOPBACK_TOKEN);
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^Error: hub is written, but not uploaded: http/);
  });

  test("Ctrl-C stops the upload", async () => {
    await restart(
      fails("/objects/", () => {
        host.interrupt();
      }),
    );
    expect(await push("owner/data")).toMatchObject({ code: 130 });
    expect(hub.datasets.get("owner/data")?.commits).toBe(0);
  });

  test.each([
    [["--out", "a.jsonl", "--push", "owner/data"], "--push is for --hub only"],
    [["--hub", "hub", "--private"], "--private is for --push only"],
  ])("%j is refused", async (flags, words) => {
    expect(await host.exported(...flags)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });
});
