import { createRunFolder, type RunFolder } from "../../src/runs/run-folder.ts";
import { type GenerateResult, generate, type RunView } from "../../src/synthesis/generate.ts";
import { authorModel } from "./author-model.ts";
import { personas } from "./personas.ts";

/** A run folder of a benchmark with nothing in it. */
export function benchRun(folder: string): Promise<RunFolder> {
  const createdAt = new Date().toISOString();
  return createRunFolder(folder, { createdAt, agentrefine: "bench", settings: {}, prices: null });
}

/** Fills a run with so many personas of the offline author. */
export function authorRun(
  run: RunFolder,
  count: number,
  onStart?: (view: RunView) => void,
): Promise<GenerateResult> {
  return generate(run, {
    model: authorModel(1),
    personas: () => personas(count),
    maximumCalls: 4,
    concurrency: 64,
    costOf: () => 0,
    retryFailed: false,
    stop: new AbortController().signal,
    ...(onStart === undefined ? {} : { onStart }),
  });
}
