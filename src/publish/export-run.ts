import { resolve } from "node:path";
import {
  openRunSource,
  type RunSelection,
  type RunSource,
  runExamples,
  runNotes,
} from "../dataset/run-source.ts";
import { writeJsonl } from "../dataset/write-jsonl.ts";
import { AgentRefineError } from "../errors.ts";
import { writeAtomically } from "../runs/atomic-file.ts";
import { openGeneratedRun, type RunFolder } from "../runs/run-folder.ts";
import {
  type ChosenEngine,
  checkReplacement,
  checkTokenizer,
  chooseTarget,
  type Target,
  type TargetOptions,
  type TrajectoryTarget,
} from "./target.ts";
import { type OnProgress, type Written, writeExamples } from "./write-examples.ts";

export interface ExportOptions extends TargetOptions, RunSelection {
  readonly onProgress?: OnProgress | undefined;
}

/** An export, with everything checked that can be before anything is written. */
export interface ExportPlan {
  readonly run: RunFolder;
  readonly target: Target;
  readonly engine: ChosenEngine | undefined;
  /** Whether something is there that is replaced. */
  readonly replaces: boolean;
  readonly options: ExportOptions;
}

export interface ExportResult extends ExportPlan {
  readonly rows: number;
  /** The run as far as it was. */
  readonly source: RunSource;
  /** What was counted; undefined for the form `trajectories`. */
  readonly written: Written | undefined;
}

/**
 * Checks an export and writes nothing.
 *
 * @param directory the folder of a run
 * @throws AgentRefineError when it cannot be followed
 */
export async function planExport(directory: string, options: ExportOptions): Promise<ExportPlan> {
  const { target, engine } = chooseTarget(options);
  if (target.kind === "trajectories" && options.ablation !== undefined) {
    throw new AgentRefineError("an ablation changes what is trained, which trajectories do not say", {
      fix: "Use another 'format'.",
    });
  }
  const run = await openGeneratedRun(resolve(options.directory ?? ".", directory));
  const replaces = await checkReplacement(
    target.format,
    target,
    options.replace ?? false,
    Object.values(run.paths),
  );
  await checkTokenizer(target);
  return { run, target, engine, replaces, options };
}

async function writeTrajectories(
  { out }: TrajectoryTarget,
  source: RunSource,
  onProgress: OnProgress | undefined,
): Promise<number> {
  async function* rows(): AsyncGenerator<object> {
    let written = 0;
    for await (const { row } of source.trajectories()) {
      if (row === undefined) continue;
      written += 1;
      onProgress?.(written);
      yield row;
    }
  }
  return writeAtomically(out, (file) => writeJsonl(rows(), file));
}

/** Writes what was planned. Throws AgentRefineError, and what `stop` was aborted with when it was. */
export async function performExport(plan: ExportPlan): Promise<ExportResult> {
  const { run, target, replaces, options } = plan;
  const { onProgress } = options;
  const source = await openRunSource(run, options);
  if (target.kind === "trajectories") {
    const rows = await writeTrajectories(target, source, onProgress);
    return { ...plan, source, rows, written: undefined };
  }
  const written = await writeExamples(target, {
    examples: runExamples(source),
    notes: () => runNotes(source),
    replace: replaces,
    onProgress,
  });
  return { ...plan, source, rows: written.rows, written };
}

/**
 * Exports the accepted trajectories of a run, one row for each (for `prefix` and `prompt-completion` one for each
 * trained turn) in the order of the run's personas: the same replies give the same file, byte for byte. Beside it
 * stands a README that says which engines compute Eq. 1 from it and which would train on the error turns. A run that
 * goes on can be exported as far as it is. File and folder appear under their names when they are complete; memory
 * grows by some hundred bytes for each persona of the run.
 *
 * @param directory the folder of a run, as `generate` fills it
 * @returns the number of rows, what was left out, and how far the run is
 * @throws AgentRefineError when the options do not go together, an engine would train on error turns, something is in
 *   the way, there is no accepted trajectory, a subset is larger than the run, or the disk refuses; what `stop` was
 *   aborted with when it was. Nothing is left behind.
 */
export async function exportRun(directory: string, options: ExportOptions): Promise<ExportResult> {
  return performExport(await planExport(directory, options));
}
