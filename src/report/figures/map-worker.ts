import { parentPort, workerData } from "node:worker_threads";
import { drawMap, type MapJob } from "./map-job.ts";

// The thread that map-thread.ts starts: one map, then it ends.
const job: MapJob = workerData;
const map = drawMap(job, (progress) => parentPort?.postMessage({ progress }));
parentPort?.postMessage({ map });
