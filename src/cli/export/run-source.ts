import type { ExportAblation } from "../../config/flags.ts";
import { ABLATIONS } from "../../dataset/ablation.ts";
import { trainingExample } from "../../dataset/from-trajectory.ts";
import type { UnusableReason, UnverifiedKind, UnverifiedTrajectory } from "../../dataset/no-verification.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import { AgentRefineError } from "../../errors.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import type { Trajectory } from "../../trajectory/trajectory.ts";
import { currentSyntheses } from "../current-syntheses.ts";
import { exportWords } from "../export-words.ts";
import { acceptedTrajectories, type RunTrajectory, unverifiedOfRun } from "./run-trajectories.ts";
import { type SubsetSettings, subsetOf } from "./subset-of.ts";

/** Which of a run's trajectories are read, and what is made of them. */
export interface SourceOptions {
  readonly run: RunFolder;
  /** The run as the user is told of it. */
  readonly shown: string;
  readonly ablation?: ExportAblation | undefined;
  readonly subset?: SubsetSettings | undefined;
  readonly stop: AbortSignal;
}

/** What is known of a run once it has been read. */
export interface SourceCounts {
  /** Personas that have ended, whatever came of them. */
  ended: number;
  /** The kinds of what was not verified, as far as it was exported. */
  readonly kinds: Record<UnverifiedKind, number>;
  /** Personas whose first trajectory was not verified and cannot be used either. */
  readonly unusable: Record<UnusableReason, number>;
}

/** The counts before anything has been read. */
export function noCounts(): SourceCounts {
  return {
    ended: 0,
    kinds: { "few-errors": 0, "unmatched-action": 0, right: 0 },
    unusable: { unparsed: 0, incomplete: 0 },
  };
}

function subsetIf<Item extends { readonly id: string }>(
  items: () => AsyncIterable<Item>,
  subset: SubsetSettings | undefined,
): AsyncIterable<Item> {
  return subset === undefined ? items() : subsetOf(items, subset);
}

async function* orNothing<Item>(items: AsyncIterable<Item>, error: AgentRefineError): AsyncGenerator<Item> {
  let isEmpty = true;
  for await (const item of items) {
    isEmpty = false;
    yield item;
  }
  if (isEmpty) throw error;
}

/** The accepted trajectories, or the subset of them. Throws AgentRefineError when there is none. */
export function runTrajectories(
  { run, shown, subset, stop }: SourceOptions,
  counts: SourceCounts,
): AsyncGenerator<RunTrajectory> {
  const accepted = (): AsyncIterable<RunTrajectory> =>
    acceptedTrajectories(run.paths, stop, (ended) => {
      // A subset is read twice, the second time not to its end.
      counts.ended = Math.max(counts.ended, ended);
    });
  const nothing = new AgentRefineError(exportWords.nothing(shown), { fix: exportWords.nothingFix });
  return orNothing(subsetIf(accepted, subset), nothing);
}

async function* unverifiedTrajectories(
  { run, shown, subset, stop }: SourceOptions,
  counts: SourceCounts,
): AsyncGenerator<{ readonly id: string; readonly trajectory: Trajectory }> {
  for await (const _record of currentSyntheses(run.paths)) counts.ended += 1;
  const nothing = new AgentRefineError(exportWords.nothingUnverified(shown), { fix: exportWords.nothingFix });
  const opened = (): AsyncIterable<UnverifiedTrajectory> => {
    const unusable = { unparsed: 0, incomplete: 0 };
    return unverifiedOfRun(run, stop, (reason) => {
      unusable[reason] += 1;
      // A subset is read twice, the second time not to its end.
      counts.unusable[reason] = Math.max(counts.unusable[reason], unusable[reason]);
    });
  };
  const chosen = subsetIf(opened, subset);
  for await (const unverified of orNothing(chosen, nothing)) {
    counts.kinds[unverified.kind] += 1;
    yield unverified;
  }
}

/**
 * The training examples of a run. A subset is chosen before the ablation is made, so that ablations of one subset
 * are of the same trajectories. Throws AgentRefineError when there is none.
 */
export async function* runExamples(
  options: SourceOptions,
  counts: SourceCounts,
): AsyncGenerator<TrainingExample> {
  const { ablation } = options;
  const source =
    ablation === "no-verification"
      ? unverifiedTrajectories(options, counts)
      : runTrajectories(options, counts);
  for await (const { id, trajectory } of source) {
    const example = trainingExample(id, trajectory);
    if (example === undefined) continue;
    yield ablation === undefined || ablation === "no-verification"
      ? example
      : ABLATIONS[ablation].apply(example);
  }
}
