import { type AgentboardFiles, readingFrom } from "../agentboard-files.ts";
import { parseLabels } from "../babyai/labels.ts";
import { replayGridHash, replayGridText } from "../babyai/parity/replay-grid.ts";
import { replayRandom } from "../babyai/parity/replay-random.ts";
import { createWalkReplay } from "../babyai/parity/replay-walk.ts";
import { createPddlReplay } from "../pddl/parity/replay-walk.ts";
import type { Replayer } from "./replay.ts";

/**
 * How to replay each known recording, by its path in a folder of recordings.
 * @throws AgentRefineError when AgentBoard's files are there but of no use.
 */
export function createReplayers(files: AgentboardFiles): ReadonlyMap<string, Replayer> {
  const labels = files.labels("babyai");
  const unlabelled = createWalkReplay(undefined);
  const labelled: Replayer =
    labels === undefined
      ? { code: "unavailable", reason: "needs AgentBoard's labels of BabyAI (--agentboard DIR)" }
      : { code: "ready", unit: "steps", replayRow: createWalkReplay(readingFrom(labels, parseLabels)) };
  const pddl: Replayer =
    files.problem("gripper", "prob01.pddl") === undefined
      ? { code: "unavailable", reason: "needs AgentBoard's PDDL problems (--agentboard DIR)" }
      : { code: "ready", unit: "steps", replayRow: createPddlReplay(files) };
  return new Map<string, Replayer>([
    ["rng/pcg64.jsonl.gz", { code: "ready", unit: "fields", replayRow: replayRandom }],
    ["babyai/grids.jsonl.gz", { code: "ready", unit: "grids", replayRow: replayGridHash }],
    ["babyai/grids-text.jsonl.gz", { code: "ready", unit: "grids", replayRow: replayGridText }],
    ["babyai/walks-labelled.jsonl.gz", labelled],
    ["babyai/solved.jsonl.gz", labelled],
    ["babyai/walks-unlabelled.jsonl.gz", { code: "ready", unit: "steps", replayRow: unlabelled }],
    ["babyai/walks-errors.jsonl.gz", { code: "ready", unit: "steps", replayRow: unlabelled }],
    ["pddl/walks.jsonl.gz", pddl],
    ["pddl/plans.jsonl.gz", pddl],
  ]);
}
