import type { Benchmark } from "./benchmark.ts";
import { calls } from "./calls.ts";
import { journal } from "./journal.ts";
import { memory } from "./memory.ts";
import { stream } from "./stream.ts";
import { tokens } from "./tokens.ts";
import { verifyStored } from "./verify.ts";

/** Every benchmark, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [stream, calls, memory, verifyStored, tokens, journal];
