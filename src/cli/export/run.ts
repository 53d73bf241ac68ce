import { extname, resolve } from "node:path";
import { loadConfig } from "../../config/load-config.ts";
import { type FileEnding, FORMATS, type Format, type FormatName } from "../../dataset/formats/format.ts";
import { writeJsonl } from "../../dataset/write-jsonl.ts";
import { writeParquet } from "../../dataset/write-parquet.ts";
import { AgentRefineError } from "../../errors.ts";
import { type AtomicFile, writeAtomically } from "../../runs/atomic-file.ts";
import { openRunFolder } from "../../runs/run-folder.ts";
import { exists } from "../generate/begin-run.ts";
import { watchInterrupts } from "../interruption.ts";
import { showPath } from "../show-path.ts";
import { asUsage, UsageError } from "../usage-error.ts";
import { exportWords } from "../words.ts";
import type { CliContext, World } from "../world.ts";
import { type ExportCounts, exportRows, unfinishedNote } from "./export-rows.ts";

/** The flags of `export`. */
export interface ExportFlags {
  readonly format?: FormatName | undefined;
  readonly out: string;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly config?: string | undefined;
}

interface Target {
  readonly format: FormatName;
  readonly file: string;
  readonly ending: FileEnding;
}

async function targetOf(flags: ExportFlags, world: World): Promise<Target> {
  const config = await loadConfig(world.directory, flags.config);
  const format = flags.format ?? config.export?.format ?? "conversations";
  const file = resolve(world.directory, flags.out);
  const ending = FORMATS[format].endings.find((each) => each === extname(file));
  if (ending === undefined) {
    throw new UsageError(exportWords.wrongEnding(format, FORMATS[format].endings), {
      fix: exportWords.wrongEndingFix,
    });
  }
  return { format, file, ending };
}

function writeRows(
  rows: AsyncIterable<object>,
  format: Format,
  ending: FileEnding,
  file: AtomicFile,
): Promise<number> {
  if (ending === ".jsonl" || format.table === undefined) return writeJsonl(rows, file);
  return writeParquet(rows, format.table, file);
}

/** `agentrefine export`: the accepted trajectories of a run as a file to train on. */
export async function runExport(this: CliContext, flags: ExportFlags, directory: string): Promise<void> {
  const { world } = this;
  const { run, format, file, ending } = await asUsage(async () => ({
    run: await openRunFolder(resolve(world.directory, directory)),
    ...(await targetOf(flags, world)),
  }));
  const shown = showPath(file, world.directory);
  const replaces = await exists(file);
  if (replaces && flags.force !== true) {
    throw new UsageError(exportWords.inTheWay(shown), { fix: exportWords.inTheWayFix });
  }
  const interruption = watchInterrupts(world);
  const counts: ExportCounts = { ended: 0, rows: 0 };
  try {
    const rows = exportRows(run, FORMATS[format], counts, interruption.signal);
    await writeAtomically(file, async (target) => {
      await writeRows(rows, FORMATS[format], ending, target);
      if (counts.rows > 0) return;
      throw new AgentRefineError(exportWords.nothing(showPath(run.directory, world.directory)), {
        fix: exportWords.nothingFix,
      });
    });
  } finally {
    interruption.release();
  }
  const note = await unfinishedNote(run, counts.ended);
  if (note !== undefined) world.stderr.write(`${note}\n`);
  world.stderr.write(`${exportWords.done(counts.rows, format, shown, replaces)}\n`);
  if (flags.json !== true) return;
  const report = { run: run.directory, format, out: file, rows: counts.rows, replaced: replaces };
  world.stdout.write(`${JSON.stringify(report)}\n`);
}
