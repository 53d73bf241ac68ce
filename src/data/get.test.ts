import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dataFolder, downloadFolder, MANIFEST_FILE } from "./cache.ts";
import type { DataSet, PlainFile } from "./data-sets.ts";
import { type GetOptions, type Got, getDataSet } from "./get.ts";
import type { Sources } from "./sources.ts";
import { type Publisher, startPublisher } from "./testing/publisher.ts";
import { zipOf } from "./testing/zip.ts";

let home: string;
let publisher: Publisher;
let elsewhere: Publisher;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "agentrefine-get-"));
  [publisher, elsewhere] = await Promise.all([startPublisher(), startPublisher()]);
});
afterEach(async () => {
  await Promise.all([publisher.close(), elsewhere.close()]);
  await rm(home, { recursive: true, force: true });
});

const env = (): { AGENTREFINE_HOME: string } => ({ AGENTREFINE_HOME: home });

function sources(more: Partial<Sources> = {}): Sources {
  const { url } = publisher;
  return { hub: url, index: async () => `${url}/simple`, github: url, githubFiles: url, ...more };
}

function get(set: DataSet, more: Partial<GetOptions> = {}): Promise<Got> {
  return getDataSet("some", set, { env: env(), sources: sources(), firstWait: 1, ...more });
}

/** Nothing stands under the name of the data set. */
async function expectAbsent(): Promise<void> {
  expect(await readdir(join(home, "data")).catch(() => [])).toEqual([]);
}

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const LARGE = Buffer.from(Array.from({ length: 50_000 }, (_value, place) => (place * 31) % 251));

/** Compared as bytes: to compare 50,000 numbers takes a second. */
async function expectLarge(path: string): Promise<void> {
  expect((await readFile(path)).equals(LARGE)).toBe(true);
}

function file(path: string, bytes: Uint8Array, more: Partial<PlainFile> = {}): PlainFile {
  const origin = { kind: "commit", repository: "some/one", commit: "abc", file: `in/${path}` } as const;
  return { path, origin, size: bytes.length, sha256: digest(bytes), ...more };
}

const FILE_PATH = "/some/one/abc/in/large";

function setOf(files: readonly PlainFile[], more: Partial<DataSet> = {}): DataSet {
  return {
    use: "For a test",
    licence: "MIT",
    source: "here",
    version: "1",
    files,
    ...more,
  };
}

const large = (more: Partial<PlainFile> = {}): DataSet => setOf([file("large", LARGE, more)]);
/** A set whose file has no published checksum. */
const unchecked = (): DataSet => setOf([{ ...file("large", LARGE), size: undefined, sha256: undefined }]);

describe("a file", () => {
  test("is there when it is whole, with its licence and what it was", async () => {
    publisher.files.set(FILE_PATH, { bytes: LARGE });
    const seen: number[] = [];
    const set = large();
    const got = await get(set, { onProgress: ({ bytes }) => seen.push(bytes) });
    const size = { files: 1, bytes: 50_000, paths: ["large"] };
    expect(got).toEqual({ folder: dataFolder("some", env()), outcome: "fetched", ...size });
    await expectLarge(join(got.folder, "large"));
    expect(await readFile(join(got.folder, "LICENCE.txt"), "utf8")).toContain("Licence: MIT.");
    expect(seen.at(-1)).toBe(50_000);
    expect(await readdir(downloadFolder("some", env()))).toEqual([]);
    const before = publisher.requests.length;
    expect((await get(set)).outcome).toBe("present");
    expect(publisher.requests.length).toBe(before);
    await writeFile(join(got.folder, "large"), "spoilt");
    expect((await get(set)).outcome).toBe("repaired");
    await expectLarge(join(got.folder, "large"));
  });

  test.each([
    ["with a published checksum", large],
    ["without one, by its mark", unchecked],
  ])("%s is resumed where the connection was cut", async (_name, set) => {
    publisher.files.set(FILE_PATH, { bytes: LARGE, etag: '"one"', cutAfter: 9000, cuts: 4 });
    await get(set());
    expect(publisher.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      "bytes=9000-",
      "bytes=18000-",
      "bytes=27000-",
      "bytes=36000-",
    ]);
    await expectLarge(join(dataFolder("some", env()), "large"));
  });

  test("that has no mark, or has changed, or whose server knows no ranges begins anew", async () => {
    publisher.files.set(FILE_PATH, { bytes: LARGE, cutAfter: 9000, cuts: 1 });
    await get(unchecked());
    expect(publisher.requests.at(-1)?.headers.range).toBeUndefined();
    const part = join(downloadFolder("some", env()), "1", "large", "large.part");
    await rm(dataFolder("some", env()), { recursive: true });
    await mkdir(join(part, ".."), { recursive: true });
    await writeFile(part, "of another file");
    await writeFile(part.replace(/part$/, "mark"), '"old"');
    publisher.files.set(FILE_PATH, { bytes: LARGE, etag: '"new"' });
    await get(unchecked());
    expect(publisher.requests.at(-1)?.headers["if-range"]).toBe('"old"');
    await expectLarge(join(dataFolder("some", env()), "large"));
    await rm(dataFolder("some", env()), { recursive: true });
    await mkdir(join(part, ".."), { recursive: true });
    await writeFile(part, "of another file");
    await get(large());
    await expectLarge(join(dataFolder("some", env()), "large"));
    await rm(dataFolder("some", env()), { recursive: true });
    publisher.files.set(FILE_PATH, { bytes: LARGE, cutAfter: 9000, cuts: 2, wholeOnly: true });
    await get(large());
    await expectLarge(join(dataFolder("some", env()), "large"));
  });

  test("that a kill left whole, but without its name, is taken", async () => {
    const part = join(downloadFolder("some", env()), "1", "large", "large.part");
    await mkdir(join(part, ".."), { recursive: true });
    await writeFile(part, LARGE);
    await writeFile(part.replace(/part$/, "mark"), '"one"');
    publisher.files.set(FILE_PATH, { bytes: LARGE, etag: '"one"' });
    await get(unchecked());
    expect(publisher.requests).toHaveLength(1);
    await rm(dataFolder("some", env()), { recursive: true });
    await mkdir(join(part, ".."), { recursive: true });
    await writeFile(part, LARGE);
    await get(large());
    expect(publisher.requests).toHaveLength(1);
  });

  test("whose server is busy for a while comes all the same", async () => {
    const later = { status: 503, headers: { "retry-after": "0" }, times: 3, afterwards: { bytes: LARGE } };
    publisher.files.set(FILE_PATH, later);
    expect((await get(large())).outcome).toBe("fetched");
  });

  const LATER = { "x-note": "no" };
  test.each([
    ["403", { status: 403 }, "answered 403 for /some/one/abc/in/large", "HF_TOKEN"],
    ["404", { status: 404 }, "answered 404", "moved or removed"],
    ["500 for ever", { status: 500, headers: LATER }, "answered 500", "later"],
    [
      "another file",
      { bytes: Buffer.alloc(50_000) },
      "is damaged or another file",
      "publisher has changed it",
    ],
    ["a shorter one", { bytes: LARGE.subarray(1) }, "49999 bytes where 50000 were published", "'from'"],
    ["a compressed one", { bytes: LARGE, headers: { "content-encoding": "gzip" } }, "compressed as gzip", ""],
    ["a way to a file", { status: 302, headers: { location: "file:///etc/passwd" } }, "redirects to", ""],
    ["a circle", { status: 302, headers: { location: FILE_PATH } }, "redirects without end", ""],
  ])("in whose place there is %s is told in one line", async (_name, given, message, fix) => {
    publisher.files.set(FILE_PATH, given);
    await expect(get(large())).rejects.toMatchObject({
      name: "AgentRefineError",
      message: expect.stringContaining(message),
      fix: expect.stringContaining(fix),
    });
    await expectAbsent();
  });

  test("that claims to be huge is not fetched", async () => {
    publisher.files.set(FILE_PATH, { bytes: LARGE, headers: { "content-length": String(2 ** 50) } });
    await expect(get(unchecked())).rejects.toThrow("which is not believed");
  });

  test("from a host that is not there is told at once", async () => {
    const gone = await startPublisher();
    await gone.close();
    const began = Date.now();
    await expect(
      get(large(), { sources: sources({ githubFiles: gone.url }), firstWait: 60_000 }),
    ).rejects.toThrow(`cannot reach ${new URL(gone.url).host}`);
    expect(Date.now() - began).toBeLessThan(5000);
  });

  test("that is stopped goes on later", async () => {
    publisher.files.set(FILE_PATH, { bytes: LARGE, slowly: { bytes: 5000, milliseconds: 20 } });
    const stop = new AbortController();
    const onProgress = ({ bytes }: { bytes: number }): void => {
      if (bytes >= 10_000) stop.abort(new Error("stopped"));
    };
    await expect(get(large(), { signal: stop.signal, onProgress })).rejects.toThrow("stopped");
    await expectAbsent();
    publisher.files.set(FILE_PATH, { bytes: LARGE });
    await get(large());
    expect(Number(/\d+/.exec(publisher.requests.at(-1)?.headers.range ?? "")?.[0])).toBeGreaterThanOrEqual(
      10_000,
    );
  });

  test("is not fetched by two at once", async () => {
    publisher.files.set(FILE_PATH, { bytes: LARGE, slowly: { bytes: 10_000, milliseconds: 20 } });
    const first = get(large());
    await expect.poll(() => publisher.requests.length).toBe(1);
    await expect(get(large())).rejects.toThrow("is in use by process");
    await first;
    expect(publisher.requests).toHaveLength(1);
  });

  test("of an older version makes room for the new one", async () => {
    publisher.files.set(FILE_PATH, { bytes: LARGE });
    await get(large());
    await writeFile(join(dataFolder("some", env()), "old"), "");
    expect((await get({ ...large(), version: "2" })).outcome).toBe("fetched");
    expect((await readdir(dataFolder("some", env()))).toSorted()).toEqual([
      "LICENCE.txt",
      MANIFEST_FILE,
      "large",
    ]);
    expect(await readdir(join(home, "data"))).toEqual(["some"]);
  });
});

const HUB_PATH = "/datasets/some/labels/resolve/main/data.tar.gz";

async function labels(): Promise<Buffer> {
  return gzipSync(await packTar([{ header: { name: "data/a/test.jsonl", size: 2 }, body: "{}" }]));
}

function hubSet(): DataSet {
  return setOf([], {
    archive: {
      origin: { kind: "hub", repository: "some/labels", file: "data.tar.gz" },
      format: "tar.gz",
      place: (path) => path,
      most: { bytes: 1000, files: 10 },
    },
    needed: ["data/a/test.jsonl"],
  });
}

describe("an archive of the hub", () => {
  test("is checked by what the hub says of it; its token goes to no other host", async () => {
    const bytes = await labels();
    elsewhere.files.set("/signed", { bytes });
    const linked = { location: `${elsewhere.url}/signed`, "x-linked-etag": `"${digest(bytes)}"` };
    publisher.files.set(HUB_PATH, { status: 302, headers: linked });
    await get(hubSet(), { sources: sources({ hubToken: "hf_secret" }) });
    expect(publisher.requests[0]?.headers.authorization).toBe("Bearer hf_secret");
    expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
    const text = await readFile(join(dataFolder("some", env()), MANIFEST_FILE), "utf8");
    expect(text).not.toContain("secret");
    await rm(dataFolder("some", env()), { recursive: true });
    elsewhere.files.set("/signed", { bytes: Buffer.alloc(100) });
    await expect(get(hubSet())).rejects.toThrow("is damaged or another file");
  });

  test("that is none, or lacks what is needed, is named and fetched anew the next time", async () => {
    publisher.files.set(HUB_PATH, { bytes: Buffer.from("<html>please log in</html>") });
    await expect(get(hubSet())).rejects.toThrow(`${publisher.url}${HUB_PATH} is damaged or another archive`);
    publisher.files.set(HUB_PATH, { bytes: gzipSync(await packTar([])) });
    await expect(get(hubSet())).rejects.toThrow(
      `${publisher.url}${HUB_PATH} lacks data/a/test.jsonl of some`,
    );
    await expectAbsent();
    publisher.files.set(HUB_PATH, { bytes: await labels() });
    expect((await get(hubSet())).files).toBe(1);
  });
});

describe("a wheel of an index", () => {
  const wheel = zipOf([
    { path: "some/a.jar", content: "jar" },
    { path: "some/code.py", content: "x" },
  ]);
  const set = setOf([], {
    archive: {
      origin: { kind: "index", project: "some", file: "some-1.0-py3-none-any.whl" },
      sha256: digest(wheel),
      format: "zip",
      place: (path) => /^some\/(a\.jar)$/.exec(path)?.[1],
      most: { bytes: 1000, files: 10 },
    },
    needed: ["a.jar"],
  });

  test("is found by JSON, and a password stays with the index", async () => {
    const link = `${elsewhere.url}/files/some-1.0-py3-none-any.whl#sha256=00`;
    const page = { files: [{ filename: "x" }, null, { url: "http://[bad" }, { url: link }] };
    publisher.files.set("/simple/some/", { bytes: Buffer.from(JSON.stringify(page)) });
    elsewhere.files.set("/files/some-1.0-py3-none-any.whl", { bytes: wheel });
    const index = async (): Promise<string> => `${publisher.url.replace("//", "//me:my%20word@")}/simple/`;
    await get(set, { sources: sources({ index }) });
    expect(publisher.requests[0]?.headers.authorization).toBe(`Basic ${btoa("me:my word")}`);
    expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
    expect(await readdir(dataFolder("some", env()))).toContain("a.jar");
    expect(await readFile(join(dataFolder("some", env()), MANIFEST_FILE), "utf8")).not.toContain("my");
  });

  test("is found by HTML, and one that is not there is told", async () => {
    const html = '<!DOCTYPE html><a href="../../f/some-1.0-py3-none-any.whl#sha256=00&amp;x">some</a>';
    publisher.files.set("/simple/some/", { bytes: Buffer.from(html) });
    publisher.files.set("/f/some-1.0-py3-none-any.whl", { bytes: wheel });
    await get(set);
    await rm(dataFolder("some", env()), { recursive: true });
    publisher.files.set("/simple/some/", { bytes: Buffer.from("{}") });
    await expect(get(set)).rejects.toThrow("has no some-1.0-py3-none-any.whl");
  });
});

describe("what is given", () => {
  const give = (from: string): Partial<GetOptions> => ({ from });

  test("a file or an address for a set of one, a folder for one of more", async () => {
    const path = join(home, "given");
    await writeFile(path, LARGE);
    expect((await get(large(), give(path))).outcome).toBe("fetched");
    await rm(dataFolder("some", env()), { recursive: true });
    elsewhere.files.set("/copy", { bytes: LARGE });
    expect((await get(large(), give(`${elsewhere.url}/copy`))).outcome).toBe("fetched");
    await rm(dataFolder("some", env()), { recursive: true });
    const two = setOf([file("large", LARGE), file("deep/other", Buffer.from("x"))]);
    await expect(get(two, give(path))).rejects.toThrow("some consists of several files, and one is given");
    await mkdir(join(home, "folder"));
    await writeFile(join(home, "folder", "large"), LARGE);
    await expect(get(two, give(join(home, "folder")))).rejects.toThrow("folder lacks deep/other of some");
    await writeFile(join(home, "folder", "other"), "x");
    expect((await get(two, give(join(home, "folder")))).files).toBe(2);
    expect(publisher.requests).toEqual([]);
  });

  test("what another machine has fetched, each file checked", async () => {
    publisher.files.set(FILE_PATH, { bytes: LARGE });
    const { folder } = await get(large());
    const other = { ...env(), AGENTREFINE_HOME: join(home, "other") };
    expect((await get(large(), { ...give(folder), env: other })).outcome).toBe("fetched");
    await rm(join(home, "other"), { recursive: true });
    await writeFile(join(folder, "large"), "x");
    await expect(get(large(), { ...give(folder), env: other })).rejects.toThrow("is damaged");
    const text = await readFile(join(folder, MANIFEST_FILE), "utf8");
    await writeFile(join(folder, MANIFEST_FILE), text.replace('"large"', '"../../large"'));
    await expect(get(large(), { ...give(folder), env: other })).rejects.toThrow(/damaged/);
    await expect(get({ ...large(), version: "2" }, { ...give(folder), env: other })).rejects.toThrow();
    expect(await readdir(join(home, "other", "data")).catch(() => [])).toEqual([]);
  });

  test("nothing, another file, and an archive that is none are named", async () => {
    await expect(get(large(), give(join(home, "none")))).rejects.toThrow("there is nothing at");
    const path = join(home, "given");
    await writeFile(path, "x");
    await expect(get(large(), give(path))).rejects.toThrow(`${path} is damaged or another file`);
    await expect(get(hubSet(), give(path))).rejects.toThrow(`${path} is damaged or another archive`);
    await expectAbsent();
    expect(await readFile(path, "utf8")).toBe("x");
  });
});
