import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyTokenizer, writeTokenizer } from "../../tokens/testing/tiny-tokenizer.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

/** An interpreter with torch, transformers, datasets and trl; without it these tests skip. */
const PYTHON = process.env.AGENTREFINE_PYTHON;
const MODEL_MAKER = fileURLToPath(new URL("../../tokens/testing/make-tiny-model.py", import.meta.url));

let host: TestHost;

describe.skipIf(PYTHON === undefined)("training with the Python of AGENTREFINE_PYTHON", () => {
  beforeAll(async () => {
    host = await createTestHost();
    await writeTokenizer(join(host.directory, "tokenizer"), tinyTokenizer());
    const words = [MODEL_MAKER, "tokenizer", "model"];
    const { status, stderr } = spawnSync(PYTHON ?? "", words, { cwd: host.directory, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }, 120_000);

  afterAll(() => host.remove());

  test("goes from personas to a checkpoint with TRL, and the loss falls", { timeout: 600_000 }, async () => {
    await host.run(["generate", "--model", "offline", "--limit", "8", "--out", "run"]);
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
