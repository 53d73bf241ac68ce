import type { TrajectoryRow } from "../../dataset/formats/trajectories.ts";
import {
  type KeptReply,
  type UnusableReason,
  type UnverifiedTrajectory,
  unverifiedTrajectories,
} from "../../dataset/no-verification.ts";
import { AgentRefineError } from "../../errors.ts";
import type { RunFolder, RunPaths } from "../../runs/run-folder.ts";
import { readCalls } from "../../synthesis/replay.ts";
import type { Trajectory } from "../../trajectory/trajectory.ts";
import { MINIMUM_ERRORS, SUCCESS } from "../../verifier/verification.ts";
import { currentSyntheses } from "../current-syntheses.ts";
import { exportWords } from "../export-words.ts";
import { settingsOf } from "../generate/settings-check.ts";
import { storedTrajectory } from "../stored-trajectory.ts";

/** A trajectory of a run: as it is read and as it is stored. */
export interface RunTrajectory {
  readonly id: string;
  readonly trajectory: Trajectory;
  readonly stored: TrajectoryRow;
}

/**
 * The accepted trajectories of a run, in the order in which they were accepted.
 *
 * @param onEnded told how many personas have ended so far, whatever came of them
 */
export async function* acceptedTrajectories(
  paths: RunPaths,
  stop: AbortSignal,
  onEnded?: (ended: number) => void,
): AsyncGenerator<RunTrajectory, void, undefined> {
  let ended = 0;
  for await (const record of currentSyntheses(paths)) {
    stop.throwIfAborted();
    ended += 1;
    onEnded?.(ended);
    if (record.outcome !== "accepted") continue;
    const read = storedTrajectory(record);
    if (read === undefined) continue;
    const { id, persona, script, trajectory = [] } = record;
    yield { id, trajectory: read, stored: { id, persona, script, trajectory } };
  }
}

/** Whether every reply of a run is whole: what is not streamed is read to its end, also when it has a fault. */
function repliesAreWhole(run: RunFolder): boolean {
  return settingsOf(run).model.stream === false;
}

/** The replies of a run. Throws AgentRefineError at one that was stopped at a fault, when its rest is missing. */
async function* wholeReplies(run: RunFolder, stop: AbortSignal): AsyncGenerator<KeptReply> {
  const areWhole = repliesAreWhole(run);
  for await (const call of readCalls(run.paths)) {
    stop.throwIfAborted();
    if (!("text" in call)) continue;
    if (call.finish === "aborted" && !areWhole) {
      throw new AgentRefineError(exportWords.stoppedReply, { fix: exportWords.stoppedReplyFix });
    }
    yield call;
  }
}

/** The trajectories that a run would have given without verification (paper Table 11). */
export function unverifiedOfRun(
  run: RunFolder,
  stop: AbortSignal,
  onUnusable: (reason: UnusableReason) => void,
): AsyncGenerator<UnverifiedTrajectory> {
  const rules = { minimumErrors: MINIMUM_ERRORS, success: SUCCESS };
  return unverifiedTrajectories(wholeReplies(run, stop), rules, onUnusable);
}
