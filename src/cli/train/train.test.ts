import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lockFolder } from "../../runs/lock.ts";
import { tinyTokenizer, writeTokenizer } from "../../tokens/testing/tiny-tokenizer.ts";
import { type ScriptedPython, scriptPython, THREE_STEPS } from "../../training/testing/scripted-python.ts";
import { createTestHost, type Ran, type RunOptions, type TestHost } from "../testing/test-host.ts";

/** A finished run that the tests only read. */
let shared: TestHost;
let run: string;
let host: TestHost;

beforeAll(async () => {
  shared = await createTestHost();
  await shared.run(["generate", "--model", "offline", "--limit", "6", "--max-calls", "2", "--out", "run"]);
  run = join(shared.directory, "run");
}, 60_000);

afterAll(() => shared.remove());

beforeEach(async () => {
  host = await createTestHost();
  await writeTokenizer(join(host.directory, "model"), tinyTokenizer());
  await writeFile(join(host.directory, "model", "config.json"), "{}");
});

afterEach(() => host.remove());

const TRL: ScriptedPython["packages"] = { trl: "1.16.0", torch: "2.15.0" };
const { PATH } = process.env;

/** What is given unless a test gives something else. */
const USUAL = [
  ["--engine", "trl"],
  ["--model", "model"],
  ["--template", "tokenizer"],
  ["--gpus", "0"],
  ["--out", "out"],
] as const;

/** Runs `train` with the scripted Python. */
async function train(
  flags: readonly string[],
  {
    python = { packages: TRL },
    data = run,
    ...options
  }: RunOptions & { readonly python?: ScriptedPython; readonly data?: string } = {},
): Promise<Ran> {
  const path = await scriptPython(join(host.directory, "bin"), python);
  const usual = USUAL.flatMap((pair) => (flags.includes(pair[0]) ? [] : pair));
  const env = { PATH, AGENTREFINE_PYTHON: path };
  return host.run(["train", data, ...usual, ...flags], { env, ...options });
}

function read(name: string): Promise<string> {
  return readFile(join(host.directory, "out", name), "utf8");
}

function hasFolder(): boolean {
  return existsSync(join(host.directory, "out"));
}

describe("train", () => {
  test("writes the folder, runs the engine and tells its losses", async () => {
    const { code, stderr, stdout } = await train(["--json"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Wrote out with \d rows?\.\n[\d,]+ tokens, [\d,]+ of them in the loss/);
    expect(stderr).toContain("The size of model is not known; 8b is assumed, which --size can change.\n");
    expect(stderr).toContain("Training with TRL SFTTrainer 1.16.0; its output is in out/train.log.\n");
    expect(stderr).toMatch(
      /Trained 3 steps in .+\nLoss 7\.500 at first, 7\.000 at the end\.\nCheckpoints: out\/che/,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      run,
      engine: "trl",
      versions: TRL,
      out: join(host.directory, "out"),
      batch: 64,
      started: true,
      finished: true,
      steps: 3,
      firstLoss: 7.5,
      lastLoss: 7,
    });
    expect((await read("loss.jsonl")).split("\n")).toHaveLength(4);
    expect(await read("checkpoints/model.safetensors")).toBe("weights\n");
  });

  test("shows how far it is on a terminal, and nothing when it is to be quiet", async () => {
    // The engine goes on until the line has been seen.
    const training = `${THREE_STEPS}\nuntil [ -e seen ]; do sleep 0.01; done`;
    const line = /step 3\/3 {2}loss 7\.000 {2}from 7\.500 {2}epoch 1\.0/;
    const ticking = setInterval(() => host.tick(), 10);
    const { code } = await train([], {
      python: { packages: TRL, training },
      isTTY: true,
      onWrite: (text) => {
        if (line.test(text)) writeFileSync(join(host.directory, "out", "seen"), "");
      },
    });
    clearInterval(ticking);
    expect(code).toBe(0);
    const quiet = await train(["--quiet", "--force"], { isTTY: true });
    expect(quiet.stderr).not.toContain("\r");
  });

  test("calls a loss that is not a number by one name on the way and at the end", async () => {
    const training = `echo "{'loss': nan}"; echo "{'loss': 2.5}"\nuntil [ -e seen ]; do sleep 0.01; done`;
    const ticking = setInterval(() => host.tick(), 10);
    const { stderr } = await train([], {
      python: { packages: TRL, training },
      isTTY: true,
      onWrite: (text) => {
        if (text.includes("loss 2.500  from not a number"))
          writeFileSync(join(host.directory, "out", "seen"), "");
      },
    });
    clearInterval(ticking);
    expect(stderr).toContain("Loss not a number at first, 2.500 at the end.\n");
  });

  test("writes the paper's recipe with --dry-run, for each engine, and starts nothing", async () => {
    for (const engine of ["trl", "llamafactory", "axolotl"]) {
      const recipe = ["--engine", engine, "--model", "meta-llama/Meta-Llama-3-8B", "--tokenizer", "model"];
      const { code, stderr } = await train(["--gpus", "8", ...recipe, "--dry-run", "--out", engine]);
      expect(code).toBe(0);
      expect(stderr).toContain(`Nothing is started. To train: pip install '${engine}>=`);
      expect(stderr).toContain(`then bash ${engine}/launch.sh`);
      const names = await readdir(join(host.directory, engine));
      expect(names).toContain("deepspeed.json");
      expect(names).not.toContain("train.log");
    }
    const yaml = await readFile(join(host.directory, "llamafactory", "train.yaml"), "utf8");
    expect(yaml).toContain("learning_rate: 0.000005\n");
    expect(yaml).toContain("gradient_accumulation_steps: 8\n");
  });

  test("takes what export takes: a run, a file of mix, a folder for the hub, and a part of each", async () => {
    await host.run(["export", run, "--hub", "hub", "--license", "apache-2.0"]);
    await host.run(["mix", "mixed.jsonl", "--agent", run]);
    await host.run(["mix", "mixed.parquet", "--agent", run]);
    const tokens = async (data: string, ...flags: readonly string[]) => {
      const { code, stdout, stderr } = await train(["--dry-run", "--force", "--json", ...flags], { data });
      expect([code, stderr]).toEqual([0, expect.stringContaining("Wrote out with")]);
      const { rows, supervised } = JSON.parse(stdout);
      return { rows, supervised };
    };
    const whole = await tokens(run);
    expect(whole.rows).toBeGreaterThan(2);
    for (const data of ["hub", "mixed.jsonl", "mixed.parquet"]) {
      expect(await tokens(data)).toEqual(whole);
      expect((await tokens(data, "--limit", "2")).rows).toBe(2);
      expect((await tokens(data, "--subset", "2", "--seed", "3")).rows).toBe(2);
      expect((await tokens(data, "--ablation", "erroneous-loss")).supervised).toBeGreaterThan(
        whole.supervised,
      );
    }
    expect((await tokens(run, "--limit", "1")).rows).toBe(1);
    expect((await tokens(run, "--subset", "2")).rows).toBe(2);
    const masked = await tokens(run, "--ablation", "no-refinement-loss");
    expect(masked.supervised).toBeLessThan(whole.supervised);
    expect(await read("data/README.md")).toContain("ablation `no-refinement-loss`");
    const refused = await train(["--dry-run", "--ablation", "no-verification"], { data: "mixed.jsonl" });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("needs a run")]);
  });

  test("passes on what is set", async () => {
    const flags = ["--steps", "20", "--epochs", "2", "--per-device", "8", "--max-tokens", "4000", "--lora"];
    const set = ["--set", "learning_rate=1e-4", "--set", "optim=adafactor", "--set", 'a={"b":[1]}'];
    expect((await train([...flags, ...set, "--dry-run"])).code).toBe(0);
    expect(JSON.parse(await read("train.json"))).toMatchObject({
      max_steps: 20,
      num_train_epochs: 2,
      per_device_train_batch_size: 8,
      gradient_accumulation_steps: 8,
      max_length: 4000,
      learning_rate: 0.0001,
      optim: "adafactor",
      a: { b: [1] },
      use_cpu: true,
    });
    expect(await read("train.py")).toContain("peft_config=LoraConfig(");
    expect(await read("train.py")).toContain(`MODEL = "${join(host.directory, "model")}"`);
  });

  test.each([
    ["a batch that is not 64", ["--per-device", "8", "--accumulation", "4"], "Use --accumulation 8"],
    ["a key by which rows are cut", ["--set", "max_length=10"], "Use --max-tokens"],
    ["a key that changes the mask", ["--set", "assistant_only_loss=true"], "which tokens are trained"],
    [
      "a key by which losses are not found",
      ["--set", "logging_strategy=epoch"],
      "losses and checkpoints are",
    ],
    ["a setting without a value", ["--set", "max_steps"], '"max_steps" is not KEY=VALUE'],
    ["a size that is none", ["--size", "large"], "is not a size such as 8b"],
    ["several nodes", ["--gpus", "8", "--nodes", "2"], "Add --dry-run"],
    ["several nodes without cards", ["--nodes", "2", "--dry-run"], "for one node only"],
    ["a model that is not there", ["--model", "./none"], "there is no folder ./none"],
    ["a folder that is no model", ["--model", "bin"], "it has no config.json"],
    ["no tokenizer", ["--model", "meta-llama/Meta-Llama-3-8B"], "no tokenizer was given"],
    ["a tokenizer that is not there", ["--tokenizer", "none"], "is not a tokenizer folder"],
    ["a Python that is not there", ["--python", "none"], "is not a Python interpreter"],
    ["a folder with something else", ["--out", "model", "--force"], "not the folder of a training"],
    ["a folder that is there", ["--out", "model"], "model exists"],
  ])("refuses %s before it writes anything", async (_name, flags, words) => {
    const { code, stderr } = await train(flags);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect((await readdir(host.directory)).sort()).toEqual(["bin", "model"]);
  });

  test("refuses a tokenizer that LLaMA-Factory would not find", async () => {
    await mkdir(join(host.directory, "bare"));
    await writeFile(join(host.directory, "bare", "config.json"), "{}");
    const bare = ["--model", "bare", "--tokenizer", "model", "--dry-run"];
    const { code, stderr } = await train(["--engine", "llamafactory", ...bare]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("the tokenizer from bare, which has none")]);
    expect(hasFolder()).toBe(false);
    expect((await train(["--engine", "trl", ...bare])).code).toBe(0);
  });

  test("never replaces the folder of the run, or one around it", async () => {
    for (const out of [run, shared.directory]) {
      const { code, stderr } = await train(["--out", out, "--force"]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("holds the data")]);
    }
  });

  test("refuses a training for more cards than there are", async () => {
    const python = { packages: { ...TRL, deepspeed: "0.18" }, devices: 2 };
    const { code, stderr } = await train(["--gpus", "8"], { python });
    expect([code, stderr]).toEqual([2, expect.stringContaining("PyTorch finds 2. Give --gpus 2")]);
    expect(hasFolder()).toBe(false);
  });

  test.each([
    ["missing", { torch: "2" }, "Python has no trl. Install with pip install 'trl>=0.20,<2', then run: bash"],
    [
      "too old",
      { trl: "0.18.1", torch: "2" },
      "trl 0.18.1 is not a supported version (supported: from 0.20,",
    ],
  ])("writes the folder and says what to do when the engine is %s", async (_name, packages, words) => {
    const { code, stderr } = await train([], { python: { packages } });
    expect(code).toBe(1);
    expect(stderr).toContain(`Error: out is written, but not started: ${words}`);
    expect(await readdir(join(host.directory, "out"))).toContain("launch.sh");
    expect(await readdir(join(host.directory, "out"))).not.toContain("train.log");
  });

  test("names PyTorch when it cannot be loaded", async () => {
    const packages = { ...TRL, deepspeed: "0.18" };
    const python = { packages, torchProblem: "OSError: libcudart.so.12: cannot open shared object file" };
    const { code, stderr } = await train(["--gpus", "8"], { python });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "Error: out is written, but not started: PyTorch cannot be used: OSError: libcudart.so.12: cannot",
    );
    expect(await readdir(join(host.directory, "out"))).toContain("launch.sh");
  });

  test("says so when there is no Python, for an empty AGENTREFINE_PYTHON too", async () => {
    await mkdir(join(host.directory, "empty"));
    const env = { PATH: join(host.directory, "empty"), AGENTREFINE_PYTHON: "" };
    const { code, stderr } = await train([], { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining("Python cannot be run")]);
    expect(hasFolder()).toBe(true);
  });

  test("tells what the engine's log names as the cause when it fails", async () => {
    const training = `echo "{'loss': 2.0}"; echo "OutOfMemory" >&2; echo "ValueError: $(printf '\\033')[31mno" >&2; exit 1`;
    const { code, stderr } = await train([], { python: { packages: TRL, training } });
    expect(code).toBe(1);
    expect(stderr).toContain("Error: TRL SFTTrainer failed (exit code 1): ValueError: ");
    expect(stderr).toContain("See out/train.log");
    expect(stderr).not.toContain("\u001b");
    expect(await read("loss.jsonl")).toBe('{"step":1,"loss":2}\n');
  });

  test("ends the engine at Ctrl-C and keeps what it has written", async () => {
    const training = `echo "{'loss': 2.0}"; echo started > started; sleep 600; echo late > late`;
    const stopWhenStarted = setInterval(() => {
      if (existsSync(join(host.directory, "out", "started"))) host.interrupt();
    }, 20);
    const { code, stderr } = await train([], { python: { packages: TRL, training } });
    clearInterval(stopWhenStarted);
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping the engine.");
    expect(stderr).toContain("Stopped after 1 step; what it has written stays in out.\n");
    expect(await readdir(join(host.directory, "out"))).toContain("loss.jsonl");
    expect(existsSync(join(host.directory, "out", "late"))).toBe(false);
  });

  test.each([
    ["cannot be read", "{% for", "failed"],
    ["raises", "{{ raise_exception('no') }}", "failed"],
    ["writes earlier messages anew", "{{ messages | length }}<|im_end|>", "is not prefix-stable"],
    ["ends no answer", "{% for each in messages %}{{ each.content }}{% endfor %}", "is no special token"],
  ])("refuses a chat template that %s as a wrong setting", async (_name, chatTemplate, words) => {
    await writeTokenizer(join(host.directory, "model"), tinyTokenizer({ chatTemplate }));
    const { code, stderr } = await train(["--dry-run"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(hasFolder()).toBe(false);
  });

  test("neither replaces nor repeats a training that goes on alone after kill -9", async () => {
    await train(["--dry-run"]);
    const out = join(host.directory, "out");
    const engine = spawn("sleep", ["600"], { stdio: "ignore" });
    const lock = await lockFolder(out, { owner: engine.pid });
    for (const flags of [[], ["--force"], ["--force", "--dry-run"]]) {
      const { code, stderr } = await train(flags);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`out is in use by process ${engine.pid} since`),
      ]);
    }
    const ended = once(engine, "exit");
    engine.kill();
    await ended;
    expect((await train(["--force", "--dry-run"])).code).toBe(0);
    expect(await readdir(out)).not.toContain("lock");
    await lock.release();
  });

  test("Ctrl-C before the engine is started leaves no folder", async () => {
    const { code, stderr } = await train([], { isTTY: true, onWrite: () => host.interrupt() });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopped; nothing was written.");
    expect(hasFolder()).toBe(false);
  });

  test("replaces a training with --force", async () => {
    await train(["--dry-run"]);
    await writeFile(join(host.directory, "out", "old"), "");
    expect((await train(["--dry-run"])).code).toBe(2);
    const { code, stderr } = await train(["--dry-run", "--force"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("replacing what was there")]);
    expect(await readdir(join(host.directory, "out"))).not.toContain("old");
  });
});
