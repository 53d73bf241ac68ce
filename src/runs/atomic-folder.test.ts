import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomically } from "./atomic-file.ts";
import { writeFolderAtomically } from "./atomic-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("writeFolderAtomically", () => {
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
