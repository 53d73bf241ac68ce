import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { exists, writeAtomically, writeFileAtomically } from "./atomic-file.ts";
import { compiledSources } from "./testing/compiled.ts";
import { runChild } from "./testing/run-child.ts";

let folder: string;
let path: string;
beforeAll(compiledSources, 60_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-atomic-"));
  path = join(folder, "data.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

describe("exists", () => {
  it("says no only when there is nothing", async () => {
    await writeFile(path, "");
    const [loop, dangling] = [join(folder, "loop"), join(folder, "dangling")];
    await symlink(loop, loop);
    await symlink(join(folder, "none"), dangling);
    expect(await exists(path)).toBe(true);
    expect(await exists(dangling)).toBe(true);
    expect(await exists(join(folder, "none"))).toBe(false);
    expect(await exists(join(path, "below"))).toBe(false);
    await expect(exists(join(loop, "personas.jsonl"))).rejects.toThrow(`cannot read ${loop}/personas.jsonl`);
  });
});

describe("writeAtomically", () => {
  it("shows the file only when it is complete, and hands on the result", async () => {
    await writeFile(path, "old");
    const rows = await writeAtomically(path, async (file) => {
      await file.write("one\n");
      await file.write(new TextEncoder().encode("zwölf\n"));
      expect(await readFile(path, "utf8")).toBe("old");
      return 2;
    });
    expect(rows).toBe(2);
    expect(await readFile(path, "utf8")).toBe("one\nzwölf\n");
    expect(await readdir(folder)).toEqual(["data.jsonl"]);
  });

  it("leaves the old file and nothing else when the writer fails, whose error stays as it is", async () => {
    await writeFile(path, "old");
    const failure = Object.assign(new Error("the source is gone"), { code: "ENOENT" });
    const written = writeAtomically(path, async (file) => {
      await file.write("half");
      throw failure;
    });
    await expect(written).rejects.toBe(failure);
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["data.jsonl"]);
  });

  it("sweeps what killed writers of the same file left an hour ago, and nothing else", async () => {
    const left = [
      "data.jsonl.0123abcd.partial",
      "data.jsonl.4567cdef.partial",
      "other.jsonl.0123abcd.partial",
    ];
    for (const name of left) await writeFile(join(folder, name), "half");
    const then = Date.now() / 1000 - 3700;
    for (const name of [left[0] ?? "", left[2] ?? ""]) await utimes(join(folder, name), then, then);
    await writeFileAtomically(path, "new");
    expect((await readdir(folder)).sort()).toEqual(["data.jsonl", ...left.slice(1)]);
  });

  it("writes through a symbolic link and keeps it", async () => {
    await symlink(join(folder, "real.jsonl"), path);
    await writeFile(join(folder, "real.jsonl"), "old");
    await writeFileAtomically(path, "new");
    expect(await readFile(join(folder, "real.jsonl"), "utf8")).toBe("new");
    expect((await readdir(folder)).sort()).toEqual(["data.jsonl", "real.jsonl"]);
  });

  it("makes the folders that the file lies in", async () => {
    const inner = join(folder, "a", "b", "data.jsonl");
    await writeFileAtomically(inner, "new");
    expect(await readFile(inner, "utf8")).toBe("new");
  });

  it("refuses a folder, a device and a file on the way in one line each", async () => {
    await expect(writeFileAtomically(folder, "")).rejects.toThrow(`cannot write ${folder}: it is a folder`);
    await writeFile(path, "");
    const behind = join(path, "inner.jsonl");
    await expect(writeFileAtomically(behind, "")).rejects.toThrow(AgentRefineError);
    if (existsSync("/dev/null")) {
      await expect(writeFileAtomically("/dev/null", "")).rejects.toThrow("it is not a file");
    }
  });

  it.skipIf(process.platform === "win32")(
    "removes what it has written when the disk refuses more",
    async () => {
      const child = await runChild("fill-file", [path], { shell: "ulimit -f 8" });
      expect(child.output).toContain(
        `cannot write ${path}: the file grew beyond the size that the system allows`,
      );
      expect(await readdir(folder)).toEqual([]);
    },
  );
});
