import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../runs/lock.ts";
import { runEngine, type TrainingProgress } from "./run-engine.ts";
import { THREE_STEPS } from "./testing/scripted-python.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-train-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function run(
  script: string,
  {
    stop = new AbortController().signal,
    loggingSteps = 1,
    onProgress = () => undefined,
  }: {
    readonly stop?: AbortSignal;
    readonly loggingSteps?: number;
    readonly onProgress?: (progress: TrainingProgress) => void;
  } = {},
): ReturnType<typeof runEngine> {
  await writeFile(join(folder, "launch.sh"), script);
  return runEngine({ folder, environment: process.env, stop, loggingSteps, onProgress });
}

function read(name: string): Promise<string> {
  return readFile(join(folder, name), "utf8");
}

describe("runEngine", () => {
  it("follows an engine to its end and writes its losses", async () => {
    const seen: string[] = [];
    const { end, progress } = await run(THREE_STEPS, {
      onProgress: ({ step, total, points }) => seen.push(`${step}/${total} ${points.length}`),
    });
    expect(end).toEqual({ code: "finished" });
    expect(progress).toMatchObject({ step: 3, total: 3 });
    // The two outputs of the engine are two pipes, so only the end is certain.
    expect(seen.at(-1)).toBe("3/3 3");
    const lines = (await read("loss.jsonl")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { step: 1, epoch: 0.33, loss: 7.5, learningRate: 0.000005, gradientNorm: 0.5 },
      { step: 2, epoch: 0.67, loss: 7.25, learningRate: 0.000004, gradientNorm: 0.4 },
      { step: 3, epoch: 1, loss: 7, learningRate: 0, gradientNorm: 0.3 },
    ]);
    expect(await read("train.log")).toContain("'loss': '7.25'");
  });

  it("counts the steps between two losses", async () => {
    const { progress } = await run(`echo "{'loss': 2.0}"; echo "{'loss': 1.0}"`, { loggingSteps: 10 });
    expect(progress.points.map(({ step }) => step)).toEqual([10, 20]);
    expect(progress.step).toBe(20);
  });

  it("tells the last lines of an engine that fails, and keeps its losses", async () => {
    const { end } = await run(`echo "{'loss': 2.0}"; echo "ValueError: no" >&2; exit 3`);
    expect(end).toMatchObject({ code: "failed", exit: "exit code 3" });
    expect(end.code === "failed" ? [...end.tail].sort() : []).toEqual(["ValueError: no", "{'loss': 2.0}"]);
    expect(await read("loss.jsonl")).toBe('{"step":1,"loss":2}\n');
  });

  it("tells the signal that ended an engine", async () => {
    expect((await run("kill -KILL $$")).end).toMatchObject({ code: "failed", exit: "SIGKILL" });
  });

  it("writes no losses when there are none", async () => {
    expect((await run("true")).end).toEqual({ code: "finished" });
    expect(await readdir(folder)).toEqual(["launch.sh", "train.log"]);
  });

  it("ends the engine and all that it has started when it is stopped", async () => {
    const stopping = new AbortController();
    // The sleeping processes hold the engine's outputs open, so the end is not seen before theirs.
    const { end, progress } = await run(`sleep 600 & echo "{'loss': 2.0}"; sleep 600; touch left`, {
      stop: stopping.signal,
      onProgress: () => stopping.abort(),
    });
    expect(end).toEqual({ code: "stopped" });
    expect(progress.points).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["launch.sh", "loss.jsonl", "train.log"]);
  });

  it("has the folder locked in the engine's name as long as it runs", async () => {
    await run("until [ -e lock ]; do sleep 0.01; done; cp lock seen; echo $$ > id");
    expect(JSON.parse(await read("seen")).process).toBe(Number(await read("id")));
    expect(await readdir(folder)).not.toContain("lock");
  });

  it("ends an engine in a folder that another process has", async () => {
    const lock = await lockFolder(folder);
    await expect(run("sleep 600")).rejects.toThrow(`in use by process ${process.pid}`);
    await lock.release();
  });

  it("does not start an engine that is stopped already", async () => {
    expect((await run("touch started", { stop: AbortSignal.abort() })).end).toEqual({ code: "stopped" });
    expect(await readdir(folder)).toEqual(["launch.sh"]);
  });

  it("refuses a log that cannot be written", async () => {
    await mkdir(join(folder, "train.log"));
    await expect(run("touch started")).rejects.toThrow("cannot write");
    expect(await readdir(folder)).not.toContain("started");
  });

  it("tells that there is no bash", async () => {
    const work = runEngine({
      folder,
      environment: { PATH: folder },
      stop: new AbortController().signal,
      loggingSteps: 1,
    });
    await expect(work).rejects.toThrow("cannot run bash");
  });
});
