import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomically, writeFolderAtomically } from "./atomic-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("writeFolderAtomically", () => {
  const fill = (text: string) => (partial: string) => writeFile(join(partial, "file"), text);

  it("gives a folder its name back whose replacement was killed between the two renames", async () => {
    const target = join(folder, "model");
    await writeFolderAtomically(target, fill("old"));
    await rename(target, `${target}.0123abcd.replaced`);
    await mkdir(`${target}.0123abcd.partial`);
    await expect(writeFolderAtomically(target, fill("new"))).rejects.toThrow("exists already");
    expect(await readFile(join(target, "file"), "utf8")).toBe("old");
    await writeFolderAtomically(target, fill("new"), { replace: true });
    expect(await readFile(join(target, "file"), "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["model", "model.0123abcd.partial"]);
  });

  it("removes what was replaced when the kill came behind the second rename, and nothing else", async () => {
    const target = join(folder, "model");
    await writeFolderAtomically(target, fill("new"));
    const others = ["model.my.replaced", "other.0123abcd.replaced"];
    for (const name of ["model.0123abcd.replaced", ...others]) await mkdir(join(folder, name));
    await writeFolderAtomically(target, fill("newer"), { replace: true });
    expect((await readdir(folder)).sort()).toEqual(["model", ...others]);
  });

  it("tells of a failure by the name that the folder was to have, also within another", async () => {
    const outer = join(folder, "outer");
    const written = writeFolderAtomically(outer, (partial) =>
      writeFolderAtomically(join(partial, "inner"), async (inner) => {
        await writeFile(join(inner, "file"), "");
        await writeFileAtomically(join(inner, "file", "behind"), "text");
      }),
    );
    await expect(written).rejects.toMatchObject({
      message: `cannot write ${join(outer, "inner", "file", "behind")}: a part of the path is not a folder (ENOTDIR)`,
      fix: "Check the path.",
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
