import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { DrawnMap, MapJob, MapProgress } from "./map-job.ts";

/** What the thread is given. */
export interface MapWork {
  readonly job: MapJob;
  /** One shared number, which is 1 when the thread shall end. */
  readonly stop: Int32Array;
}

/** What the thread says; no map when it was told to end. */
type Message = { readonly progress: MapProgress } | { readonly map: DrawnMap | undefined };

/** Milliseconds between a thread's last word and whatever comes next, which may be the end of the process. */
const REST = 300;

function startThread(work: MapWork): Worker {
  // Beside the sources lies no JavaScript yet: they are read by jiti, which is slower to start.
  const isSource = import.meta.url.endsWith(".ts");
  return new Worker(new URL(isSource ? "./map-worker.ts" : "./map-worker.js", import.meta.url), {
    workerData: work,
    execArgv: isSource ? ["--import", "jiti/register"] : [],
  });
}

/**
 * Draws a map in a thread of its own, so that this one can show how far it is and be stopped. Rejects with the reason
 * of `stop`, and with whatever goes wrong in the thread.
 */
export async function drawMapInThread(
  job: MapJob,
  onProgress: (progress: MapProgress) => void,
  stop?: AbortSignal,
): Promise<DrawnMap> {
  stop?.throwIfAborted();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const end = (): void => void Atomics.store(flag, 0, 1);
  stop?.addEventListener("abort", end);
  const worker = startThread({ job, stop: flag });
  try {
    const map = await new Promise<DrawnMap | undefined>((resolve, reject) => {
      worker.on("message", (message: Message) => {
        if ("map" in message) resolve(message.map);
        else onProgress(message.progress);
      });
      worker.on("error", reject);
      worker.on("exit", () => resolve(undefined));
    });
    // It ends by itself, and holds up nobody: to end a thread that is still warm brings Node 20 down at times.
    worker.unref();
    await sleep(REST);
    stop?.throwIfAborted();
    if (map === undefined) throw new Error("the thread that draws the map has ended without one");
    return map;
  } finally {
    stop?.removeEventListener("abort", end);
  }
}
