import type { RunPaths } from "../runs/run-folder.ts";
import type { SynthesisRecord } from "../synthesis/record.ts";
import { readSyntheses } from "../synthesis/replay.ts";

/** How many later records there are of each persona that failed and was tried again, by its place. */
async function retried(paths: RunPaths): Promise<ReadonlyMap<number, number>> {
  const later = new Map<number, number>();
  const failed = new Set<number>();
  for await (const { index, outcome } of readSyntheses(paths)) {
    if (failed.has(index)) later.set(index, (later.get(index) ?? 0) + 1);
    if (outcome === "failed") failed.add(index);
  }
  return later;
}

/**
 * The ended personas of a run, each once: of one that failed and was tried again, only the last record counts.
 * Memory grows with the failed personas only.
 */
export async function* currentSyntheses(paths: RunPaths): AsyncGenerator<SynthesisRecord, void, undefined> {
  const later = new Map(await retried(paths));
  for await (const record of readSyntheses(paths)) {
    const more = later.get(record.index) ?? 0;
    if (more > 0) later.set(record.index, more - 1);
    else yield record;
  }
}
