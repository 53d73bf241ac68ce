import { constants } from "node:fs";
import { access, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bakeryTrajectory } from "../dataset/testing/trajectories.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { trainingExample } from "../dataset/training-example.ts";
import { tinyTokenizer, writeTokenizer } from "../tokens/testing/tiny-tokenizer.ts";
import type { TrainingEngineName } from "./engines.ts";
import { type RecipeSettings, recipeOf } from "./recipe.ts";
import { writeTraining } from "./training-folder.ts";

let folder: string;
let settings: RecipeSettings;
const examples: readonly TrainingExample[] = [trainingExample("p1", bakeryTrajectory)!];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-write-"));
  const tokenizer = join(folder, "tokenizer");
  await writeTokenizer(tokenizer, tinyTokenizer());
  settings = {
    model: "meta-llama/Meta-Llama-3-8B",
    template: "tokenizer",
    tokenizer,
    hardware: { nodes: 1, gpusPerNode: 8 },
  };
});

afterEach(() => rm(folder, { recursive: true }));

function write(engine: TrainingEngineName, from: Iterable<TrainingExample> = examples) {
  return writeTraining({ engine, recipe: recipeOf(settings), examples: from, out: join(folder, "out") });
}

async function files(): Promise<readonly string[]> {
  const found = await readdir(join(folder, "out"), { recursive: true });
  return found.sort();
}

describe("writeTraining", () => {
  const hfDisk = [
    "data",
    "data/README.md",
    "data/dataset_dict.json",
    "data/train",
    "data/train/data-00000-of-00001.arrow",
    "data/train/dataset_info.json",
    "data/train/state.json",
  ];
  const parquet = ["data", "data/train.parquet", "data/train.parquet.README.md"];

  it.each([
    ["trl", [...hfDisk, "train.json", "train.py"]],
    ["llamafactory", [...hfDisk, "train.yaml"]],
    ["axolotl", [...parquet, "train.yaml"]],
  ] as const)("writes all that %s needs", async (engine, own) => {
    const tally = await write(engine);
    expect(tally.rows).toBe(1);
    expect(tally.supervised).toBeGreaterThan(0);
    expect(await files()).toEqual(
      [...own, "README.md", "chat.json", "complete.py", "deepspeed.json", "launch.sh", "slurm.sh"].sort(),
    );
    await access(join(folder, "out", "launch.sh"), constants.X_OK);
    expect(await readFile(join(folder, "out", "README.md"), "utf8")).toContain(
      "A step has 64 rows: 1 at once x accumulation\n8 x 8 devices.",
    );
  });

  it("leaves nothing behind when the examples end in an error", async () => {
    function* broken(): Generator<TrainingExample> {
      yield* examples;
      throw new Error("gone");
    }
    await expect(write("trl", broken())).rejects.toThrow("gone");
    expect(await readdir(folder)).toEqual(["tokenizer"]);
  });

  it("leaves nothing behind when no row can be trained", async () => {
    await expect(write("axolotl", [])).rejects.toThrow("no row with a turn to train");
    expect(await readdir(folder)).toEqual(["tokenizer"]);
  });
});
