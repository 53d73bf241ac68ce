import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonProgram, runPython } from "../../tokens/testing/run-python.ts";
import { tinyTokenizer, writeTokenizer } from "../../tokens/testing/tiny-tokenizer.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

/** An interpreter with torch, transformers, datasets and trl; without it these tests skip. */
const PYTHON = process.env.AGENTREFINE_PYTHON;
const MODEL_MAKER = pythonProgram("make-tiny-model.py");
const SERVE = pythonProgram("serve-as-trained.py");

let host: TestHost;

function makeModel(tokenizer: string, model: string): void {
  runPython(PYTHON ?? "", [MODEL_MAKER, tokenizer, model], host.directory);
}

const SKIPPED = PYTHON === undefined ? ": skipped, it names no interpreter" : "";

describe.skipIf(PYTHON === undefined)(`training with the Python of AGENTREFINE_PYTHON${SKIPPED}`, () => {
  beforeAll(async () => {
    host = await createTestHost();
    await writeTokenizer(join(host.directory, "tokenizer"), tinyTokenizer());
    makeModel("tokenizer", "model");
    await host.run(["generate", "--model", "offline", "--limit", "8", "--out", "run"]);
  }, 120_000);

  afterAll(() => host.remove());

  test("goes from personas to a checkpoint with TRL, and the loss falls", { timeout: 600_000 }, async () => {
    const model = ["--model", "model", "--tokenizer", "tokenizer", "--template", "tokenizer"];
    const size = ["--gpus", "0", "--batch", "2", "--steps", "6", "--max-tokens", "8000"];
    const { code, stdout, stderr } = await host.run(
      [
        "train",
        "run",
        "--engine",
        "trl",
        ...model,
        ...size,
        "--set",
        "learning_rate=0.01",
        "--out",
        "out",
        "--json",
      ],
      { env: { ...process.env, HF_HUB_OFFLINE: "1", CUDA_VISIBLE_DEVICES: "" } },
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining("Trained 6 steps")]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ finished: true, steps: 6 });
    expect(report.lastLoss).toBeLessThan(report.firstLoss - 0.3);
    const lines = (await readFile(join(host.directory, "out", "loss.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).step)).toEqual([1, 2, 3, 4, 5, 6]);
    const weights = await readFile(join(host.directory, "out", "checkpoints", "model.safetensors"));
    expect(weights.length).toBeGreaterThan(100_000);
  });

  test("gives a base model's checkpoint what it is served with as it was trained", {
    timeout: 1_200_000,
  }, async () => {
    // As the paper's Llama 3 base model: another token ends its texts, and there is no chat template.
    const tiny = tinyTokenizer();
    const config = { ...tiny.config, eos_token: "<|end_header_id|>" };
    await writeTokenizer(join(host.directory, "base"), { ...tiny, chatTemplate: undefined, config });
    makeModel("base", "base-model");
    const model = ["--model", "base-model", "--template", "llama3", "--max-tokens", "8000"];
    const size = ["--gpus", "0", "--batch", "2", "--steps", "1", "--out", "base-out"];
    const { code, stderr } = await host.run(["train", "run", "--engine", "trl", ...model, ...size], {
      env: { ...process.env, HF_HUB_OFFLINE: "1", CUDA_VISIBLE_DEVICES: "" },
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining("Trained 1 step")]);
    const folder = join("base-out", "checkpoints");
    const printed = runPython(PYTHON ?? "", [SERVE, folder, join(folder, "checkpoint-1")], host.directory);
    const asked =
      "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n";
    const served = { asked, answered: `${asked}There<|eot_id|>`, eosToken: "<|eot_id|>" };
    expect(JSON.parse(printed.trim().split("\n").at(-1) ?? "")).toEqual([
      { ...served, stops: expect.arrayContaining(["<|eot_id|>"]) },
      { ...served, stops: expect.arrayContaining(["<|eot_id|>"]) },
    ]);
  });

  test("tells what the engine says when it fails", { timeout: 300_000 }, async () => {
    const model = ["--model", "model", "--tokenizer", "tokenizer", "--template", "tokenizer", "--gpus", "0"];
    const { code, stderr } = await host.run(
      ["train", "run", "--engine", "trl", ...model, "--set", "no_such_key=1", "--out", "failed"],
      { env: { ...process.env, HF_HUB_OFFLINE: "1" } },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: TRL SFTTrainer failed \(exit code 1\): TypeError: .*no_such_key/);
  });
});
