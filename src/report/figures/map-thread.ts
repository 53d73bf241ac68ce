import { Worker } from "node:worker_threads";
import type { DrawnMap, MapJob, MapProgress } from "./map-job.ts";

/** What the thread says. */
type Message = { readonly progress: MapProgress } | { readonly map: DrawnMap };

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
  // Beside the sources lies no JavaScript yet: they are read by jiti, which is slower to start.
  const isSource = import.meta.url.endsWith(".ts");
  const worker = new Worker(new URL(isSource ? "./map-worker.ts" : "./map-worker.js", import.meta.url), {
    workerData: job,
    execArgv: isSource ? ["--import", "jiti/register"] : [],
  });
  let end = (): void => {};
  try {
    return await new Promise((resolve, reject) => {
      end = () => reject(stop?.reason);
      stop?.addEventListener("abort", end);
      worker.on("message", (message: Message) => {
        if ("map" in message) resolve(message.map);
        else onProgress(message.progress);
      });
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("the thread that draws the map has ended")));
    });
  } finally {
    stop?.removeEventListener("abort", end);
    await worker.terminate();
  }
}
