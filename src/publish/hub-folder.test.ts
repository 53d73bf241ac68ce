import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportRun } from "./export-run.ts";
import { writeHubFolder } from "./hub-folder.ts";
import { mixData } from "./mix-data.ts";

const RUN = fileURLToPath(new URL("./testing/first-version", import.meta.url));
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-hub-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function rowsOf(name: string): Promise<readonly Record<string, unknown>[]> {
  const bytes = new Uint8Array(await readFile(join(folder, "hub", "data", name))).buffer;
  return parquetReadObjects({ file: bytes });
}

const written = (options: { readonly shardBytes?: number; readonly replace?: boolean } = {}) =>
  writeHubFolder(RUN, { out: "hub", directory: folder, ...options });

describe("writeHubFolder", () => {
  it("writes the rows in the published schema with the origin of each persona, in one file or several", async () => {
    expect((await written()).rows).toBe(3);
    const rows = await rowsOf("train-00000-of-00001.parquet");
    await exportRun(RUN, { out: join(folder, "rows.jsonl") });
    const lines = (await readFile(join(folder, "rows.jsonl"), "utf8")).trim().split("\n");
    expect(rows).toEqual(
      lines.map((line) => ({
        ...JSON.parse(line),
        persona_source: "the personas that come with agentrefine",
        persona_license: "Apache-2.0",
      })),
    );
    await written({ shardBytes: 1, replace: true });
    expect((await readdir(join(folder, "hub", "data"))).sort()).toEqual([
      "train-00000-of-00003.parquet",
      "train-00001-of-00003.parquet",
      "train-00002-of-00003.parquet",
    ]);
    expect(await rowsOf("train-00001-of-00003.parquet")).toEqual([rows[1]]);
  });

  it("can be mixed into any format by who has nothing but the folder, as the card says", async () => {
    await written({ shardBytes: 1 });
    await exportRun(RUN, { out: join(folder, "direct.jsonl"), format: "messages" });
    const { size } = await mixData({
      out: join(folder, "mixed.jsonl"),
      agent: [join(folder, "hub")],
      engine: "axolotl",
    });
    expect(size).toEqual({ agent: 3, general: 0 });
    const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
    expect(await read("mixed.jsonl")).toBe(await read("direct.jsonl"));
  });

  it("leaves nothing behind when it fails, and replaces only what it may", async () => {
    await cp(RUN, join(folder, "empty"), { recursive: true });
    await rm(join(folder, "empty", "syntheses.jsonl"));
    const failed = writeHubFolder("empty", { out: "hub", directory: folder });
    await expect(failed).rejects.toThrow("has no accepted trajectory to export");
    expect(await readdir(folder)).toEqual(["empty"]);
    await written();
    await expect(written()).rejects.toThrow("hub exists");
    expect((await written({ replace: true })).rows).toBe(3);
    expect((await readdir(folder)).sort()).toEqual(["empty", "hub"]);
  });
});
