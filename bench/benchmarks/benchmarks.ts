import type { Benchmark } from "../support/benchmark.ts";
import { alfworld } from "./alfworld.ts";
import { babyai } from "./babyai.ts";
import { batch } from "./batch.ts";
import { calls } from "./calls.ts";
import { harness } from "./harness.ts";
import { harnessMemory } from "./harness-memory.ts";
import { jericho } from "./jericho.ts";
import { jerichoLists } from "./jericho-lists.ts";
import { journal } from "./journal.ts";
import { large } from "./large.ts";
import { memory } from "./memory.ts";
import { pddl } from "./pddl.ts";
import { peers } from "./peers.ts";
import { sciworld } from "./sciworld.ts";
import { stream } from "./stream.ts";
import { tokenize } from "./tokenize.ts";
import { tokens } from "./tokens.ts";
import { tsneMap } from "./tsne.ts";
import { verifyStored } from "./verify.ts";
import { view } from "./view.ts";
import { viewEvaluation } from "./view-evaluation.ts";

/** Every benchmark, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  stream,
  calls,
  memory,
  verifyStored,
  tokens,
  tokenize,
  journal,
  babyai,
  pddl,
  alfworld,
  sciworld,
  jericho,
  jerichoLists,
  harness,
  harnessMemory,
  peers,
  view,
  viewEvaluation,
  large,
  batch,
  tsneMap,
];
