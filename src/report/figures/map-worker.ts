import { parentPort, workerData } from "node:worker_threads";
import { drawMap } from "./map-job.ts";
import type { MapWork } from "./map-thread.ts";

// The thread that map-thread.ts starts: one map, then it ends.
const { job, stop }: MapWork = workerData;

/** Thrown to come out of the middle of a map. */
class Stopped extends Error {}

try {
  const map = drawMap(job, (progress) => {
    if (Atomics.load(stop, 0) === 1) throw new Stopped();
    parentPort?.postMessage({ progress });
  });
  parentPort?.postMessage({ map });
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  parentPort?.postMessage({ map: undefined });
}

/**
 * Milliseconds for which the thread rests before it ends: Node 20 falls when a thread ends whose functions are just
 * being compiled in the background.
 */
const REST = 2000;
setTimeout(() => undefined, REST);
