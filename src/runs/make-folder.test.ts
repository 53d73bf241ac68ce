import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-make-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("makeFolder", () => {
  test("makes what is missing and says whether there was anything to make", async () => {
    const inner = join(folder, "a", "b", "c");
    expect(await makeFolder(inner)).toBe(true);
    expect(await makeFolder(inner)).toBe(false);
  });

  test("may be called many times at once", async () => {
    const inner = join(folder, "a", "b");
    const made = await Promise.all(Array.from({ length: 20 }, () => makeFolder(inner)));
    expect(made.filter(Boolean)).toHaveLength(1);
  });

  test("refuses a file in the way, at the end and on the way", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(makeFolder(file)).rejects.toThrow("EEXIST");
    await expect(makeFolder(join(file, "inner"))).rejects.toThrow("ENOTDIR");
  });

  test.skipIf(!existsSync("/proc/self"))("comes to an end where nothing can be made", async () => {
    await expect(makeFolder("/proc/nothing-here/inner")).rejects.toThrow("ENOENT");
  });
});
