import { parseLabels } from "../babyai/labels.ts";
import { replayGridHash, replayGridText } from "../babyai/parity/replay-grid.ts";
import { replayRandom } from "../babyai/parity/replay-random.ts";
import { createWalkReplay } from "../babyai/parity/replay-walk.ts";
import { createPddlReplay } from "../pddl/parity/replay-walk.ts";
import type { Replayer } from "./replay.ts";

/** Reads a text file of AgentBoard's data, by its path in that folder; undefined when there is none. */
export type ReadAgentboardFile = (name: string) => string | undefined;

/**
 * How to replay each known recording, by its path in a folder of recordings.
 * @throws AgentRefineError when AgentBoard's files are there but of no use.
 */
export function createReplayers(readAgentboardFile: ReadAgentboardFile): ReadonlyMap<string, Replayer> {
  const labels = readAgentboardFile("babyai.jsonl");
  const unlabelled = createWalkReplay(undefined);
  const labelled: Replayer =
    labels === undefined
      ? { code: "unavailable", reason: "needs AgentBoard's labels: --agentboard DIR with babyai.jsonl" }
      : { code: "ready", unit: "steps", replayRow: createWalkReplay(parseLabels(labels)) };
  const pddl: Replayer =
    readAgentboardFile("pddl/gripper/prob01.pddl") === undefined
      ? { code: "unavailable", reason: "needs AgentBoard's problems: --agentboard DIR with pddl/GAME/*.pddl" }
      : { code: "ready", unit: "steps", replayRow: createPddlReplay(readAgentboardFile) };
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
