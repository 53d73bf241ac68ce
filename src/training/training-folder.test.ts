import { spawnSync } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TRAINING_ENGINE_NAMES, type TrainingEngineName } from "../dataset/engines.ts";
import { bakeryTrajectory } from "../dataset/testing/trajectories.ts";
import { type TrainingExample, trainingExample } from "../dataset/training-example.ts";
import { tinyTokenizer, writeTokenizer } from "../tokens/testing/tiny-tokenizer.ts";
import { type RecipeSettings, recipeOf } from "./recipe.ts";
import { recipeFiles, writeTraining } from "./training-folder.ts";

const settings: RecipeSettings = {
  model: "meta-llama/Meta-Llama-3-8B",
  template: "llama3",
  hardware: { nodes: 1, gpusPerNode: 8 },
};

/** Llama 3's base model, which ends its texts with another token than the turns of the data. */
const CHAT = {
  jinja: "{{ messages }}",
  endOfTurn: "<|eot_id|>",
  endOfTurnId: 128009,
  padToken: "<|end_of_text|>",
};

function file(
  name: TrainingEngineName,
  path: string,
  change: Partial<RecipeSettings> = {},
): string | undefined {
  return recipeFiles(name, recipeOf({ ...settings, ...change }), CHAT).find((each) => each.path === path)
    ?.text;
}

describe("recipeFiles", () => {
  it("configures LLaMA-Factory", () => {
    expect(file("llamafactory", "train.yaml")).toMatchInlineSnapshot(`
      "model_name_or_path: meta-llama/Meta-Llama-3-8B
      stage: sft
      do_train: true
      finetuning_type: full
      dataset: agentrefine
      tokenized_path: data
      template: llama3
      cutoff_len: 8192
      deepspeed: deepspeed.json
      per_device_train_batch_size: 1
      gradient_accumulation_steps: 8
      learning_rate: 0.000005
      lr_scheduler_type: cosine
      warmup_steps: 0
      num_train_epochs: 10
      bf16: true
      save_strategy: epoch
      save_only_model: true
      logging_steps: 1
      output_dir: checkpoints
      report_to: none
      plot_loss: true
      overwrite_output_dir: true
      ddp_timeout: 180000000
      "
    `);
  });

  it("configures axolotl", () => {
    expect(file("axolotl", "train.yaml", { method: "lora" })).toMatchInlineSnapshot(`
      "base_model: meta-llama/Meta-Llama-3-8B
      datasets:
        - path: data/train.parquet
          ds_type: parquet
          type:
      dataset_prepared_path: prepared
      val_set_size: 0
      sequence_len: 8192
      sample_packing: false
      train_on_inputs: false
      adapter: lora
      lora_r: 16
      lora_alpha: 32
      lora_target_linear: true
      micro_batch_size: 1
      gradient_accumulation_steps: 8
      num_epochs: 10
      optimizer: adamw_torch
      learning_rate: 0.000005
      lr_scheduler: cosine
      warmup_steps: 0
      bf16: true
      gradient_checkpointing: true
      special_tokens:
        eos_token: <|eot_id|>
        pad_token: <|end_of_text|>
      save_strategy: epoch
      save_only_model: true
      logging_steps: 1
      output_dir: checkpoints
      "
    `);
  });

  it("tells axolotl of a tokenizer that stands elsewhere than the model, and keeps its use to itself", () => {
    expect(file("axolotl", "train.yaml", { tokenizer: "/tokenizers/llama" })).toContain(
      "tokenizer_config: /tokenizers/llama\n",
    );
    expect(file("axolotl", "train.yaml")).not.toContain("tokenizer_config");
    for (const script of ["launch.sh", "slurm.sh"]) {
      expect(file("axolotl", script)).toContain("export AXOLOTL_DO_NOT_TRACK=");
      expect(file("trl", script)).not.toContain("AXOLOTL");
    }
  });

  it("configures TRL", () => {
    expect(JSON.parse(file("trl", "train.json") ?? "")).toMatchObject({
      max_length: 8192,
      per_device_train_batch_size: 1,
      gradient_accumulation_steps: 8,
      learning_rate: 5e-6,
      lr_scheduler_type: "cosine",
      warmup_steps: 0,
      num_train_epochs: 10,
      deepspeed: "deepspeed.json",
      eos_token: "<|eot_id|>",
    });
    expect(file("trl", "train.py")).toContain('load_from_disk(str(here / "data"))["train"]');
    expect(file("trl", "train.py")).not.toContain("peft");
    expect(file("trl", "train.py", { method: "lora" })).toContain("peft_config=LoraConfig(");
  });

  it("lets any key of an engine through", () => {
    const engineKeys = { learning_rate: 0.0001, flash_attn: "fa2" };
    expect(file("llamafactory", "train.yaml", { engineKeys })).toContain("learning_rate: 0.0001\n");
    expect(file("llamafactory", "train.yaml", { engineKeys })).toContain("flash_attn: fa2\n");
  });

  it("writes DeepSpeed's configuration only where it is used", () => {
    expect(JSON.parse(file("trl", "deepspeed.json") ?? "")).toMatchObject({
      zero_optimization: { stage: 3 },
    });
    expect(file("trl", "deepspeed.json", { billions: 1 })).toBeUndefined();
  });

  it("starts engines on a card, on a node, on nodes and under Slurm", () => {
    const line = (name: TrainingEngineName, nodes: number, gpusPerNode: number) =>
      file(name, "launch.sh", { hardware: { nodes, gpusPerNode } })?.trimEnd().split("\n").at(-1);
    expect(line("trl", 1, 0)).toBe("python3 train.py");
    expect(line("trl", 1, 1)).toBe("torchrun --nproc_per_node 1 train.py");
    expect(line("trl", 1, 8)).toBe("torchrun --nproc_per_node 8 train.py");
    expect(line("llamafactory", 2, 8)).toBe(
      'FORCE_TORCHRUN=1 NPROC_PER_NODE=8 NNODES=2 NODE_RANK="$RANK" MASTER_ADDR="$HEAD" MASTER_PORT=29500 ' +
        "llamafactory-cli train train.yaml",
    );
    expect(line("axolotl", 1, 0)).toBe("axolotl train train.yaml");
    const slurm = file("trl", "slurm.sh", { hardware: { nodes: 2, gpusPerNode: 8 } });
    expect(slurm).toContain("#SBATCH --nodes=2\n");
    expect(slurm).toContain("--node_rank $SLURM_NODEID");
  });

  it.each(TRAINING_ENGINE_NAMES)("writes scripts for %s that a shell can read", (name) => {
    for (const [nodes, gpusPerNode] of [
      [1, 0],
      [1, 1],
      [1, 8],
      [4, 8],
    ] as const) {
      for (const script of recipeFiles(
        name,
        recipeOf({ ...settings, hardware: { nodes, gpusPerNode } }),
        CHAT,
      )) {
        if (!script.path.endsWith(".sh")) continue;
        const { status, stderr } = spawnSync("bash", ["-n"], { input: script.text, encoding: "utf8" });
        expect([status, stderr]).toEqual([0, ""]);
      }
    }
  });
});

describe("writeTraining", () => {
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
