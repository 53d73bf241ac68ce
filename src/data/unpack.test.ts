import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Archive } from "./data-sets.ts";
import { zipOf } from "./testing/zip.ts";
import { unpack } from "./unpack.ts";

let place: string;
let folder: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "agentrefine-unpack-"));
  folder = join(place, "inner", "folder");
});
afterEach(() => rm(place, { recursive: true, force: true }));

function archive(format: Archive["format"], more: Partial<Archive> = {}): Archive {
  return {
    origin: { kind: "hub", repository: "a/b", file: "c" },
    format,
    place: (path) => (path.includes("unwanted") ? undefined : path),
    most: { bytes: 1000, files: 3 },
    ...more,
  };
}

async function unpacked(bytes: Uint8Array, how: Archive): Promise<readonly string[]> {
  const path = join(place, "archive");
  await writeFile(path, bytes);
  return (await unpack(path, "the archive", how, folder)).map((file) => file.path);
}

async function tar(entries: Parameters<typeof packTar>[0]): Promise<Uint8Array> {
  return gzipSync(await packTar(entries));
}

/** Nothing may appear beside the folder. */
async function expectRefused(bytes: Uint8Array, how: Archive, why: string): Promise<void> {
  await expect(unpacked(bytes, how)).rejects.toMatchObject({
    name: "AgentRefineError",
    message: expect.stringContaining(`the archive is damaged or another archive: ${why}`),
  });
  expect((await readdir(place)).filter((name) => !["archive", "inner"].includes(name))).toEqual([]);
  const inner = await readdir(join(place, "inner")).catch(() => []);
  expect(inner.filter((name) => name !== "folder")).toEqual([]);
  await rm(folder, { recursive: true, force: true });
}

describe("zip", () => {
  test("what is wanted is taken, with its checksum; programs can be run", async () => {
    const zip = zipOf([
      { path: "bin/run", content: "abc" },
      { path: "unwanted/../../x", content: "" },
      { path: "empty/", content: "" },
    ]);
    const how = archive("zip", { isProgram: (path) => path.startsWith("bin/") });
    await expectRefused(zip, how, "invalid relative path");
    const good = zipOf([
      { path: "bin/run", content: "abc" },
      { path: "unwanted", content: "x" },
      { path: "empty/", content: "" },
    ]);
    expect(await unpacked(good, how)).toEqual(["bin/run"]);
    expect(await readFile(join(folder, "bin/run"), "utf8")).toBe("abc");
    expect((await stat(join(folder, "bin/run"))).mode & 0o777).toBe(0o755);
    expect(await readdir(folder)).toEqual(["bin"]);
  });

  test.each([
    ["../x", "invalid relative path"],
    ["a/../../x", "invalid relative path"],
    ["/x", "absolute path"],
    ["C:/x", "absolute path"],
    ["a\\x", "invalid characters"],
    ["a/.../x", "a/.../x would lie outside"],
    ["a//x", "a//x would lie outside"],
    ["ab:x", "ab:x would lie outside"],
    ["a\u0001x", "a x would lie outside"],
    [`${"a/".repeat(40)}x`, "a/a/"],
  ])("%s is refused", async (path, why) => {
    await expectRefused(zipOf([{ path, content: "x" }]), archive("zip"), why);
  });

  test("links and devices are refused", async () => {
    const link = zipOf([{ path: "a", content: "/etc/passwd", mode: 0o120777 }]);
    await expectRefused(link, archive("zip"), "a is a symlink");
    const device = zipOf([{ path: "a", content: "", mode: 0o020644 }]);
    await expectRefused(device, archive("zip"), "a is a special file");
  });

  test("more than there can be is refused, whatever is claimed", async () => {
    const large = zipOf([{ path: "a", content: "x".repeat(2000) }]);
    await expectRefused(large, archive("zip"), "it holds more than 1000 bytes");
    const lying = zipOf([{ path: "a", content: "x".repeat(2000), claims: { size: 10 } }]);
    await expectRefused(lying, archive("zip"), "too many bytes");
    const many = zipOf(["a", "b", "c", "d"].map((path) => ({ path, content: "x" })));
    await expectRefused(many, archive("zip"), "it has more than 3 files");
  });

  test("what is damaged, cut or twice there is refused", async () => {
    const damaged = zipOf([{ path: "a", content: "x", claims: { crc32: 1 } }]);
    await expectRefused(damaged, archive("zip"), "a is damaged");
    const whole = zipOf([{ path: "a", content: "x" }]);
    await expectRefused(whole.subarray(0, -5), archive("zip"), "");
    await expectRefused(Buffer.from("<html>not here</html>"), archive("zip"), "");
    const twice = zipOf([
      { path: "a", content: "x" },
      { path: "a", content: "y" },
    ]);
    await expectRefused(twice, archive("zip"), "it has a twice");
  });
});

describe("tar", () => {
  test("what is wanted is taken; the rest may be anything", async () => {
    const bytes = await tar([
      { header: { name: "data/", type: "directory", size: 0 } },
      { header: { name: "unwanted", type: "symlink", linkname: "/etc/passwd", size: 0 } },
      { header: { name: "data/a.jsonl", size: 3 }, body: "abc" },
      { header: { name: "unwanted/large", size: 5000 }, body: "x".repeat(5000) },
      { header: { name: `data/${"long".repeat(60)}`, size: 1 }, body: "y" },
    ]);
    const how = archive("tar.gz", { place: (path) => /^data\/./.exec(path)?.input });
    expect(await unpacked(bytes, how)).toEqual(["data/a.jsonl", `data/${"long".repeat(60)}`]);
    expect(await readFile(join(folder, "data/a.jsonl"), "utf8")).toBe("abc");
  });

  test.each(["../x", "/x", "a/../../x", "a\\..\\x"])("%s is refused", async (name) => {
    const bytes = await tar([{ header: { name, size: 1 }, body: "x" }]);
    await expectRefused(bytes, archive("tar.gz"), "");
  });

  test.each(["symlink", "link"] as const)("a %s is refused", async (type) => {
    const bytes = await tar([{ header: { name: "a", type, linkname: "../../x", size: 0 } }]);
    await expectRefused(bytes, archive("tar.gz"), `a is a ${type}`);
  });

  test("more than there can be, what is cut and what is no archive are refused", async () => {
    const large = await tar([{ header: { name: "a", size: 2000 }, body: "x".repeat(2000) }]);
    await expectRefused(large, archive("tar.gz"), "it holds more than 1000 bytes");
    const bomb = gzipSync(Buffer.alloc(4_000_000));
    await expectRefused(bomb, archive("tar.gz"), "it is more than");
    const noise = Buffer.from(Array.from({ length: 2000 }, (_value, place) => (place * 7919) % 251));
    const cut = await tar([{ header: { name: "a", size: 900 }, body: noise.subarray(0, 900) }]);
    await expectRefused(cut.subarray(0, cut.length / 2), archive("tar.gz"), "");
    await expectRefused(noise, archive("tar.gz"), "");
    await expectRefused(gzipSync(noise), archive("tar.gz"), "");
  });
});
