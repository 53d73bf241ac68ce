import { readdir, stat } from "node:fs/promises";
import { targetWords } from "../export-words.ts";
import { exists } from "../is-run.ts";
import { showPath } from "../show-path.ts";
import { UsageError } from "../usage-error.ts";
import type { Target } from "./target.ts";

/** What an export is written as, and what a folder of its kind holds. */
export interface Place {
  /** An absolute path. */
  readonly path: string;
  /** As the user is told of it. */
  readonly shown: string;
  /** The names in an exported folder; undefined for a file. */
  readonly folderOf?: readonly string[];
}

/** A folder for the hub. */
interface HubOut {
  readonly format: "hub";
  readonly out: string;
}

/** The names in an `hf-disk` folder. */
const HF_DISK_NAMES = ["README.md", "dataset_dict.json", "train"] as const;

/** The names in a folder for the hub. */
const HUB_NAMES = ["README.md", "data"] as const;

/** The place of a target, or of a folder for the hub. */
export function placeOf({ format, out }: Pick<Target, "format" | "out"> | HubOut, directory: string): Place {
  const place = { path: out, shown: showPath(out, directory) };
  if (format === "hub") return { ...place, folderOf: HUB_NAMES };
  return format === "hf-disk" ? { ...place, folderOf: HF_DISK_NAMES } : place;
}

/** Refuses to put a folder in the place of anything but such a folder. */
async function checkFolder({ path, shown }: Place, names: readonly string[]): Promise<void> {
  if (!(await stat(path)).isDirectory()) {
    throw new UsageError(targetWords.isAFile(shown), { fix: targetWords.anotherNameFix });
  }
  const foreign = (await readdir(path)).find((name) => !names.includes(name));
  if (foreign === undefined) return;
  throw new UsageError(targetWords.notAnExport(shown, foreign), { fix: targetWords.notAnExportFix });
}

/**
 * Whether something is there that may be replaced. Throws UsageError when it may not: without `force`, when it is
 * one of the files that the rows are read from, or a folder with more in it than an export.
 */
export async function checkOverwrite(
  place: Place,
  force: boolean,
  sources: readonly string[],
): Promise<boolean> {
  const { path, shown, folderOf } = place;
  if (!(await exists(path))) return false;
  if (!force) throw new UsageError(targetWords.inTheWay(shown), { fix: targetWords.inTheWayFix });
  if (sources.includes(path)) {
    throw new UsageError(targetWords.isASource(shown), { fix: targetWords.anotherNameFix });
  }
  if (folderOf !== undefined) await checkFolder(place, folderOf);
  return true;
}
