import { resolve } from "node:path";

/**
 * Where tests and benchmarks find what others publish and this project does not carry: recordings, tokenizers, games.
 * AGENTREFINE_SHARED names the folder; else it lies beside the checkout. What is not there is not tested.
 */
export const SHARED: string = resolve(process.env.AGENTREFINE_SHARED ?? "../shared");
