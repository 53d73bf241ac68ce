import type { ExportFlags } from "../../config/flags.ts";
import { exportWords } from "../export-words.ts";
import type { CliContext } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { showPath } from "../terminal/show-path.ts";
import { asUsage } from "../usage-error.ts";
import { planExport } from "./export-plan.ts";
import { withProgress } from "./export-progress.ts";
import { performExport } from "./perform-export.ts";
import { pushFolder } from "./push-folder.ts";
import { noCounts } from "./run-source.ts";
import { unfinishedNote, unfinishedRun } from "./unfinished-note.ts";

/** `agentrefine export`: the trajectories of a run as data to train on. */
export async function runExport(this: CliContext, flags: ExportFlags, directory: string): Promise<void> {
  const { host } = this;
  const plan = await asUsage(() => planExport(flags, directory, host));
  const { run, ablation, subset, replaces } = plan;
  const interruption = watchInterrupts(host);
  const counts = noCounts();
  const shown = showPath(run.directory, host.directory);
  const source = { run, shown, ablation, subset, stop: interruption.signal };
  try {
    const performed = await withProgress(host, flags.quiet === true, (tell) =>
      performExport({ plan, source, counts, tell, directory: host.directory }),
    );
    const { format, out, rows, lines, fields } = performed;
    const note = await unfinishedNote(run, counts.ended);
    const done = exportWords.done(rows, format, showPath(out, host.directory), replaces);
    for (const line of [note, done, ...lines]) if (line !== undefined) host.stderr.write(`${line}\n`);
    const { signal: stop } = interruption;
    const pushed =
      plan.push && (await pushFolder(plan.push, out, host, { quiet: flags.quiet === true, stop }));
    if (pushed !== undefined) host.stderr.write(`${pushed.line}\n`);
    if (flags.json !== true) return;
    const unfinished = await unfinishedRun(run, counts.ended);
    const chosen = {
      ...(unfinished === undefined ? {} : { unfinished }),
      ...(subset === undefined ? {} : { subset }),
      ...(ablation === undefined ? {} : { ablation }),
    };
    const report = {
      run: run.directory,
      format,
      out,
      rows,
      replaced: replaces,
      ...chosen,
      ...fields,
      ...pushed?.fields,
    };
    host.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    interruption.release();
  }
}
