import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../cli/testing/test-host.ts";
import { createApp } from "./app.tsx";
import { Library } from "./library.ts";
import { PAGE_DATA_TYPE, type PageData, renderPage } from "./pages.ts";
import { guarded } from "./server.ts";

let host: TestHost;
let app: ReturnType<typeof createApp>;

async function textOf(path: string): Promise<string> {
  const response = await app.request(path);
  return response.text();
}

beforeAll(async () => {
  host = await createTestHost();
  await host.run(["generate", "--model", "offline", "--limit", "6", "--out", "runs/first", "--quiet"]);
  await host.run(["export", "runs/first", "--format", "conversations", "--out", "rows.jsonl"]);
  app = createApp(
    new Library({ paths: ["."], directory: host.directory, indexes: join(host.directory, ".index") }),
  );
}, 60_000);
afterAll(() => host.remove());

describe("the pages", () => {
  test("the first one names what was found", async () => {
    const text = await textOf("/");
    expect(text).toContain('href="/run/runs~first"');
    expect(text).toContain("rows.jsonl");
  });

  test("the list of a run leads to its trajectories", async () => {
    const text = await textOf("/run/runs~first/list");
    expect(text).toContain("1–6 of 6 personas");
    const [, href] = /href="(\/run\/runs~first\/[0-9a-f]{16})"/.exec(text) ?? [];
    const trajectory = await textOf(href ?? "");
    expect(trajectory).toContain("Available actions");
    expect(trajectory).toMatch(/refines turns? \d+/);
  });

  test("are the same made from their data alone, as packed pages are", async () => {
    const list = await textOf("/run/runs~first/list");
    const [, trajectory = ""] = /href="(\/run\/runs~first\/[0-9a-f]{16})"/.exec(list) ?? [];
    const row = "/data/rows.jsonl/1";
    for (const path of [
      "/",
      "/run/runs~first",
      "/run/runs~first/list",
      trajectory,
      "/data/rows.jsonl",
      row,
    ]) {
      const response = await app.request(path, { headers: { accept: PAGE_DATA_TYPE } });
      const data = (await response.json()) as PageData;
      expect(`<!doctype html>${renderPage(data)}`, path).toBe(await textOf(path));
    }
    const { records } = (await (await app.request("/data/rows.jsonl/records")).json()) as { records: [] };
    expect(list).toContain("of 6 personas");
    expect(records.length).toBeGreaterThan(0);
  });

  test("a page that is not there is told of in words", async () => {
    const response = await app.request("/run/none/list");
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("There is no run none here.");
  });

  test("every answer forbids what is not the server's own", async () => {
    for (const path of ["/", "/style.css", "/nowhere"]) {
      const response = await app.request(path);
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    }
  });
});

describe("the server", () => {
  const ask = (headers: Readonly<Record<string, string>>, method = "GET") =>
    guarded(app, () => 7333).request("/", { headers, method });

  test("answers to its own names only", async () => {
    expect((await ask({ host: "127.0.0.1:7333" })).status).toBe(200);
    expect((await ask({ host: "localhost:7333" })).status).toBe(200);
    expect((await ask({ host: "evil.example:7333" })).status).toBe(403);
    expect((await ask({ host: "127.0.0.1:80" })).status).toBe(403);
  });

  test("takes nothing from other pages", async () => {
    const host = "127.0.0.1:7333";
    expect((await ask({ host, origin: "https://evil.example" })).status).toBe(403);
    expect((await ask({ host }, "POST")).status).toBe(403);
    expect((await ask({ host, origin: "http://127.0.0.1:7333" }, "POST")).status).toBe(404);
  });
});

describe("what cannot be shown", () => {
  test("is told of beside what can", async () => {
    const directory = await mkdtemp(join(tmpdir(), "agentrefine-view-"));
    try {
      await mkdir(join(directory, "broken"));
      await writeFile(join(directory, "broken/run.json"), "{");
      await cp(join(host.directory, "runs/first"), join(directory, "first"), { recursive: true });
      const library = new Library({ paths: ["."], directory, indexes: join(directory, ".index") });
      const text = await (await createApp(library).request("/")).text();
      expect(text).toContain("is not valid JSON");
      expect(text).toContain("/run/first");
      expect(text).toContain("<title>Runs, evaluations, data · the working directory · agentrefine</title>");
      expect(text).toMatch(/found below .*the working directory/);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
