import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { targetWords } from "../export-words.ts";
import { exists } from "../is-run.ts";
import { showPath } from "../terminal/show-path.ts";
import { UsageError } from "../usage-error.ts";
import type { Target } from "./target.ts";

/** What a folder that was exported holds: all of this, and nothing else. */
interface Layout {
  readonly names: readonly string[];
  /** The folder among them in which the rows are. */
  readonly rows: string;
  /** The names of the files in it, at least one. */
  readonly files: RegExp;
}

/** What an export is written as, and what a folder of its kind holds. */
export interface Place {
  /** An absolute path. */
  readonly path: string;
  /** As the user is told of it. */
  readonly shown: string;
  /** Undefined for a file. */
  readonly layout?: Layout;
  /** The README that is written beside a file. */
  readonly readme?: string;
}

/** A folder for the hub. */
interface HubOut {
  readonly format: "hub";
  readonly out: string;
}

/** An `hf-disk` folder; Hugging Face's `datasets` keeps its own files beside the rows when they are worked on. */
const HF_DISK: Layout = {
  names: ["README.md", "dataset_dict.json", "train"],
  rows: "train",
  files: /^(?:(?:data|cache)-[\w-]+\.arrow|(?:state|dataset_info)\.json)$/,
};

/** A folder for the hub. */
const HUB: Layout = {
  names: ["README.md", "data"],
  rows: "data",
  files: /^train-\d+-of-\d+\.parquet$/,
};

/** The place of a target, or of a folder for the hub. */
export function placeOf({ format, out }: Pick<Target, "format" | "out"> | HubOut, directory: string): Place {
  const place = { path: out, shown: showPath(out, directory) };
  if (format === "hub") return { ...place, layout: HUB };
  if (format === "hf-disk") return { ...place, layout: HF_DISK };
  return format === "trajectories" ? place : { ...place, readme: `${out}.README.md` };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

/** Refuses to put a folder in the place of anything but such a folder. */
async function checkFolder({ path, shown }: Place, { names, rows, files }: Layout): Promise<void> {
  if (!(await isFolder(path))) {
    throw new UsageError(targetWords.isAFile(shown), { fix: targetWords.anotherNameFix });
  }
  const found = await readdir(path);
  const isWhole = names.every((name) => found.includes(name)) && (await isFolder(join(path, rows)));
  const inRows = isWhole ? await readdir(join(path, rows)) : [];
  const foreign =
    found.find((name) => !names.includes(name)) ??
    inRows.filter((name) => !files.test(name)).map((name) => `${rows}/${name}`)[0];
  if (foreign !== undefined) {
    throw new UsageError(targetWords.notAnExport(shown, foreign), { fix: targetWords.notAnExportFix });
  }
  if (inRows.length > 0) return;
  const missing = names.find((name) => !found.includes(name)) ?? targetWords.filesIn(rows);
  throw new UsageError(targetWords.lacks(shown, missing), { fix: targetWords.notAnExportFix });
}

/**
 * Whether something is there that may be replaced. Throws UsageError when it may not: without `force`, when it is
 * one of the files that the rows are read from, or a folder with more or less in it than an export.
 */
export async function checkOverwrite(
  place: Place,
  force: boolean,
  sources: readonly string[],
): Promise<boolean> {
  const { path, shown, layout, readme } = place;
  if (!(await exists(path))) {
    if (force || readme === undefined || !(await exists(readme))) return false;
    throw new UsageError(targetWords.inTheWay(`${shown}.README.md`), { fix: targetWords.inTheWayFix });
  }
  if (!force) throw new UsageError(targetWords.inTheWay(shown), { fix: targetWords.inTheWayFix });
  if (sources.includes(path)) {
    throw new UsageError(targetWords.isASource(shown), { fix: targetWords.anotherNameFix });
  }
  if (layout !== undefined) await checkFolder(place, layout);
  return true;
}
