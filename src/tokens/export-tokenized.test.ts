import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bakeryTrajectory } from "../dataset/testing/trajectories.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { trainingExample } from "../dataset/training-example.ts";
import { type ExportTokenizedOptions, exportTokenized } from "./export-tokenized.ts";
import { tinyTokenizer, writeTokenizer } from "./testing/tiny-tokenizer.ts";
import type { TokenizeJob } from "./tokenize-example.ts";
import { openJob, tokenizeExamples } from "./tokenize-example.ts";
import { tokenizedColumns } from "./tokenized-row.ts";

const bakery = trainingExample("p1", bakeryTrajectory)!;
const examples: readonly TrainingExample[] = Array.from({ length: 250 }, (_unused, number) => ({
  id: `r${number}`,
  messages: bakery.messages.slice(0, 2 + 2 * (number % 5)),
}));
let folder = "";
let job: TokenizeJob;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-export-"));
  await writeTokenizer(join(folder, "tokenizer"), tinyTokenizer());
  job = { tokenizer: join(folder, "tokenizer"), template: "llama3", maxTokens: 8192 };
});
afterEach(() => rm(folder, { recursive: true }));

/** Each row as a text: the 250 rows hold long lists, which are compared number by number otherwise. */
function linesOf(rows: readonly object[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row));
}

async function expected(): Promise<readonly string[]> {
  const columns: ReturnType<typeof tokenizedColumns>[] = [];
  for await (const each of tokenizeExamples(examples, await openJob(job))) {
    if (each.code === "row") columns.push(tokenizedColumns(each.row));
  }
  return linesOf(columns);
}

const run = (options: Partial<ExportTokenizedOptions> & Pick<ExportTokenizedOptions, "format" | "out">) =>
  exportTokenized({ examples, job, ...options });

describe("exportTokenized", () => {
  it("writes a folder for load_from_disk with exactly three columns", async () => {
    const out = join(folder, "disk");
    const tally = await run({ format: "hf-disk", out });
    expect(tally.rows).toBe(250);
    expect((await readdir(out)).sort()).toEqual(["README.md", "dataset_dict.json", "train"]);
    const read = async (name: string) => JSON.parse(await readFile(join(out, name), "utf8"));
    expect(await read("dataset_dict.json")).toEqual({ splits: ["train"] });
    expect(await read("train/dataset_info.json")).toEqual({});
    const state = await read("train/state.json");
    expect(state._data_files).toEqual([{ filename: "data-00000-of-00001.arrow" }]);
    expect(state._fingerprint).toMatch(/^[0-9a-f]{16}$/);
    const table = tableFromIPC(await readFile(join(out, "train", "data-00000-of-00001.arrow")));
    expect(table.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "input_ids: List<Int32>",
      "attention_mask: List<Int8>",
      "labels: List<Int32>",
    ]);
    const rows = table.toArray().map((row) => ({
      input_ids: [...row.input_ids],
      attention_mask: [...row.attention_mask],
      labels: [...row.labels],
    }));
    expect(linesOf(rows)).toEqual(await expected());
    expect(await readFile(join(out, "README.md"), "utf8")).toContain(
      "**LLaMA-Factory**: tokenized_path: DIR",
    );
  });

  it("tells in the README where the rows come from, once they have been read", async () => {
    let read = 0;
    async function* counted() {
      for (const example of examples) {
        read += 1;
        yield example;
      }
    }
    const notes = () => ({ facts: [["rows read", `${read}`]] as const, warning: "Not Eq. 1." });
    for (const [format, out, file] of [
      ["hf-disk", "disk", "disk/README.md"],
      ["tokenized-jsonl", "t.jsonl", "t.jsonl.README.md"],
    ] as const) {
      read = 0;
      await run({ format, out: join(folder, out), examples: counted(), notes });
      const readme = await readFile(join(folder, file), "utf8");
      expect(readme).toMatch(/^> \*\*Not Eq\. 1\.\*\*\n/);
      expect(readme).toContain(`- rows read: ${examples.length}\n`);
    }
  });

  it("gives other content another fingerprint and the same content the same", async () => {
    const fingerprint = async (out: string, some: readonly TrainingExample[]) => {
      await run({ format: "hf-disk", out: join(folder, out), examples: some });
      return JSON.parse(await readFile(join(folder, out, "train", "state.json"), "utf8"))._fingerprint;
    };
    expect(await fingerprint("a", examples)).toBe(await fingerprint("b", examples));
    expect(await fingerprint("c", examples.slice(1))).not.toBe(await fingerprint("d", examples));
  });

  it("writes the same rows as JSON Lines and as Parquet, with a README beside them", async () => {
    const lines = join(folder, "train.jsonl");
    await run({ format: "tokenized-jsonl", out: lines });
    const text = await readFile(lines, "utf8");
    const rows = await expected();
    expect(text.trimEnd().split("\n")).toEqual(rows);
    const parquet = join(folder, "train.parquet");
    const seen: number[] = [];
    await run({ format: "tokenized-parquet", out: parquet, onRow: ({ rows }) => seen.push(rows) });
    const bytes = new Uint8Array(await readFile(parquet)).buffer;
    expect(linesOf(await parquetReadObjects({ file: bytes }))).toEqual(rows);
    expect(seen.at(-1)).toBe(250);
    expect(await readFile(`${parquet}.README.md`, "utf8")).toMatch(
      /- tokenizer: .*tokenizer \(SHA-256 of tokenizer.json begins with [0-9a-f]{16}\)\n.*\n- rows: 250\n/,
    );
  });

  it("refuses a folder that exists, and replaces it when it may", async () => {
    const out = join(folder, "disk");
    await run({ format: "hf-disk", out });
    await writeFile(join(out, "old"), "");
    await expect(run({ format: "hf-disk", out })).rejects.toThrow("exists already");
    expect(await readdir(out)).toContain("old");
    await run({ format: "hf-disk", out, replace: true });
    expect(await readdir(out)).not.toContain("old");
    expect((await readdir(folder)).sort()).toEqual(["disk", "tokenizer"]);
  });

  it.each(["hf-disk", "tokenized-jsonl", "tokenized-parquet"] as const)(
    "leaves nothing of %s that failed",
    async (format) => {
      const out = join(folder, "out");
      async function* failing(): AsyncGenerator<TrainingExample> {
        yield* examples;
        throw new Error("cannot read");
      }
      await expect(run({ format, out, examples: failing() })).rejects.toThrow("cannot read");
      await expect(run({ format, out, examples: [] })).rejects.toThrow(
        "there is no row with a turn to train",
      );
      const short = { ...job, maxTokens: 10 };
      const error = await run({ format, out, job: short }).catch((thrown) => thrown);
      expect(error.fix).toBe("Raise 'maxTokens': the first trained turn of no row fits.");
      expect(await readdir(folder)).toEqual(["tokenizer"]);
    },
  );
});
