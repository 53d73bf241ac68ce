import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json, Outside } from "../world.ts";
import { openPages } from "./pages.ts";
import { startWiki, type WikiAnswer, type WikiServer } from "./testing/wiki-server.ts";
import { openSite } from "./wikipedia.ts";

let folder: string;
let wiki: WikiServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-wiki-"));
});

afterEach(async () => {
  await wiki?.[Symbol.asyncDispose]();
  wiki = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function site(
  answer: (address: string, before: number) => WikiAnswer,
  env = {},
): ReturnType<typeof openSite> {
  wiki = await startWiki(answer);
  return openSite(wiki.url, env);
}

function ask(from: Awaited<ReturnType<typeof openSite>>, address: string): ReturnType<typeof from.ask> {
  return from.ask(address, new AbortController().signal);
}

describe("Wikipedia", () => {
  test("is told who asks, and whom to write to where that is set", async () => {
    await ask(await site(() => ({})), "/w/index.php?search=A");
    expect(wiki?.userAgents[0]).toMatch(/^agentrefine\/\d+\.\d+\.\d+ \(HotpotQA evaluation\) undici$/);
    await ask(await openSite(wiki?.url ?? "", { AGENTREFINE_CONTACT: "me@example.org\n" }), "/x");
    expect(wiki?.userAgents[1]).toContain("(HotpotQA evaluation; me@example.org)");
  });

  test("is followed to the page of a name, by an address that goes over the wire as it is", async () => {
    const from = await site((address) =>
      address.startsWith("/wiki/")
        ? { html: "the page" }
        : { status: 302, headers: { location: "/wiki/O'Dell" } },
    );
    const page = await ask(from, "/w/index.php?search=O'Dell+&+%5BSons%5D");
    expect(page).toMatchObject({
      html: "the page",
      status: 200,
      address: "/w/index.php?search=O'Dell+&+%5BSons%5D",
    });
    expect(wiki?.asked).toEqual(["/w/index.php?search=O'Dell+&+%5BSons%5D", "/wiki/O'Dell"]);
  });

  test("is not followed to other sites, nor in circles", async () => {
    const from = await site((address) => ({
      status: 301,
      headers: { location: address === "/out" ? "http://127.0.0.1:1/secret" : address },
    }));
    expect(await ask(from, "/out")).toMatchObject({ html: "", status: 301 });
    await expect(ask(from, "/circle")).rejects.toThrow("leads in circles from /circle");
  });

  test("is waited for when it is busy or breaks off, as long as it asks for", async () => {
    const from = await site((_address, before) =>
      before === 0 ? { status: 429, headers: { "retry-after": "1" } } : { html: "now" },
    );
    const start = performance.now();
    expect(await ask(from, "/page")).toMatchObject({ html: "now" });
    expect(performance.now() - start).toBeGreaterThan(950);
  });

  test("that asks to wait for long, or refuses, is told in one line", async () => {
    const from = await site((address) =>
      address === "/later"
        ? { status: 503, headers: { "retry-after": "3600" }, html: "down" }
        : { status: 403, html: "who\nare you?" },
    );
    await expect(ask(from, "/later")).rejects.toThrow(
      /^127\.0\.0\.1:\d+ answered with status 503 and asks to wait 3600 s \(\/later\)$/,
    );
    await expect(ask(from, "/page")).rejects.toMatchObject({
      message: expect.stringMatching(/refuses \/page \(status 403\): who are you\?$/),
      fix: expect.stringContaining("AGENTREFINE_CONTACT"),
    });
  });

  test("that cannot be reached is told at once, and so is an address that is none", async () => {
    const offline = await openSite("http://127.0.0.1:9");
    await expect(offline.reach()).rejects.toThrow("127.0.0.1:9 cannot be reached: ");
    await expect(ask(offline, "/page")).rejects.toMatchObject({ fix: expect.stringContaining("'recorded'") });
    await expect(openSite("wikipedia")).rejects.toThrow('"wikipedia" is not the address of a Wikipedia');
  });

  test("ends with whoever asked", async () => {
    const from = await site(() => ({ status: 429, headers: { "retry-after": "30" } }));
    const end = new AbortController();
    const asking = from.ask("/page", end.signal);
    setTimeout(() => end.abort(new Error("enough")), 50);
    await expect(asking).rejects.toThrow();
  });
});

/** An episode whose journal is a map. */
function episode(journal: Map<string, Json> = new Map()): Outside {
  const { signal } = new AbortController();
  return {
    recall: async (key, answer) => {
      const kept = journal.get(key);
      // A value comes back as it was put in.
      if (kept !== undefined) return kept as never;
      const value = await answer(signal);
      journal.set(key, value);
      return value;
    },
    recorded: (model) => model,
    signal,
  };
}

describe("pages", () => {
  test("are asked for once for all episodes, and not at all where they are recorded", async () => {
    const pages = openPages({ folder, site: await site((address) => ({ html: `page ${address}` })) });
    const both = [pages.forEpisode(episode()), pages.forEpisode(episode())];
    expect(await Promise.all(both.map((each) => each("/a")))).toEqual(["page /a", "page /a"]);
    const later = openPages({ folder, site: await openSite("http://127.0.0.1:9") });
    expect(await later.forEpisode(episode())("/a")).toBe("page /a");
    expect(wiki?.asked).toEqual(["/a"]);
    const recorded = openPages({ folder });
    await recorded.reach();
    expect(await recorded.forEpisode(episode())("/a")).toBe("page /a");
    await expect(recorded.forEpisode(episode())("/b")).rejects.toThrow(`${folder} has no page for /b`);
    await expect(openPages({ folder: `${folder}/nowhere` }).reach()).rejects.toThrow(
      "there is no folder of pages",
    );
  });

  test("that are not those that an episode has seen before are not shown to it", async () => {
    const journal = new Map<string, Json>();
    let version = 1;
    const from = await site(() => ({ html: `version ${version}` }));
    const pages = openPages({ folder, site: from });
    await pages.forEpisode(episode(journal))("/a");
    const [file = ""] = await readdir(folder);
    await rm(join(folder, file));
    expect(await pages.forEpisode(episode(journal))("/a")).toBe("version 1");
    version = 2;
    await rm(join(folder, file));
    await expect(pages.forEpisode(episode(journal))("/a")).rejects.toThrow(
      "the page /a is not the one that this episode has seen before",
    );
    expect(await pages.forEpisode(episode())("/a")).toBe("version 2");
  });

  test("that are damaged are named with their file", async () => {
    const pages = openPages({ folder, site: await site(() => ({ html: "whole" })) });
    await pages.forEpisode(episode())("/a");
    const [file = ""] = await readdir(folder);
    await writeFile(join(folder, file), "half");
    await expect(pages.forEpisode(episode())("/a")).rejects.toThrow(
      `${join(folder, file)} is not the page of /a`,
    );
  });

  test("are asked for by another episode when the one that asked is given up", async () => {
    const pages = openPages({
      folder,
      site: await site((_address, before) =>
        before === 0 ? { status: 503, headers: { "retry-after": "30" } } : { html: "x" },
      ),
    });
    const end = new AbortController();
    const { signal } = end;
    const first = pages.forEpisode({ ...episode(), recall: (_key, answer) => answer(signal), signal })("/a");
    const second = pages.forEpisode(episode())("/a");
    setTimeout(() => end.abort(new Error("given up")), 100);
    await expect(first).rejects.toThrow();
    expect(await second).toBe("x");
  });
});
