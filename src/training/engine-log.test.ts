import { describe, expect, it } from "vitest";
import { causeOfFailure, isWorthKeeping, readLogLine } from "./engine-log.ts";

describe("readLogLine", () => {
  it.each([
    "{'loss': 7.605, 'grad_norm': 0.4962, 'learning_rate': 3e-06, 'epoch': 0.22}",
    "{'loss': '7.605', 'grad_norm': '0.4962', 'learning_rate': '3e-06', 'entropy': '7.6', 'epoch': '0.22'}",
    "  {'loss': '7.605', 'learning_rate': '3e-06', 'ppl': 2008.2, 'grad_norm': '0.4962', 'epoch': '0.22'}  ",
  ])("reads a loss: %s", (line) => {
    expect(readLogLine(line)).toEqual({
      code: "loss",
      point: { loss: 7.605, epoch: 0.22, learningRate: 0.000003, gradientNorm: 0.4962 },
    });
  });

  it.each(["nan", "'nan'", "inf", "'-inf'"])("reads a loss of %s as none", (loss) => {
    expect(readLogLine(`{'loss': ${loss}, 'grad_norm': nan}`)).toEqual({
      code: "loss",
      point: { loss: null, epoch: undefined, learningRate: undefined, gradientNorm: undefined },
    });
  });

  it("reads the bar of a training and no other", () => {
    expect(readLogLine(" 40%|████      | 8/20 [09:24<13:27, 67.31s/it]")).toEqual({
      code: "progress",
      step: 8,
      total: 20,
    });
    expect(readLogLine("  0%|          | 0/20 [00:00<?, ?it/s]")).toMatchObject({ step: 0, total: 20 });
    expect(readLogLine("Loading weights: 100%|██████████| 20/20 [00:00<00:00, 162.97it/s]")).toBeUndefined();
    expect(readLogLine("Map (num_proc=2): 50%|█████     | 10/20 [00:00<00:01]")).toBeUndefined();
  });

  it.each([
    "{'train_runtime': 12.1, 'train_loss': 7.1, 'epoch': 1.0}",
    "{'eval_loss': 7.1}",
    "the loss: 7.1",
    "",
  ])("takes nothing else for a loss: %s", (line) => {
    expect(readLogLine(line)).toBeUndefined();
  });
});

describe("causeOfFailure", () => {
  it("is the last exception", () => {
    const lines = [
      "Traceback (most recent call last):",
      '  File "train.py", line 3, in <module>',
      "torch.OutOfMemoryError: CUDA out of memory.",
      "",
      "[rank0]: ValueError: no such thing",
      "warning: left over",
    ];
    expect(causeOfFailure(lines)).toBe("[rank0]: ValueError: no such thing");
    expect(causeOfFailure(lines.slice(0, 3))).toBe("torch.OutOfMemoryError: CUDA out of memory.");
  });

  it("is what a process of torchrun said, not torchrun", () => {
    const lines = [
      "[rank1]: RuntimeError: broken",
      "torch.distributed.elastic.multiprocessing.errors.ChildFailedError:",
      "=====",
    ];
    expect(causeOfFailure(lines)).toBe("[rank1]: RuntimeError: broken");
  });

  it("is the last line where there is no exception, and nothing where there is no line", () => {
    expect(causeOfFailure(["a", "bash: line 4: torchrun: command not found"])).toContain("not found");
    expect(causeOfFailure([])).toBeUndefined();
  });
});

describe("isWorthKeeping", () => {
  it("leaves out bars and empty lines", () => {
    const lines = ["", "  ", "a: 10%|# | 1/10 [0:01]", " 40%|████| 8/20 [09:24]", "40% done"];
    expect(lines.filter(isWorthKeeping)).toEqual(["40% done"]);
  });
});
