import { access } from "node:fs/promises";
import { runPaths } from "../runs/run-folder.ts";

/** Whether there is something at a path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether a folder is a run. */
export function isRun(directory: string): Promise<boolean> {
  return exists(runPaths(directory).run);
}
