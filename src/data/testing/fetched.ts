import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MANIFEST_FILE } from "../cache.ts";
import { DATA_SETS, type DataSetName } from "../data-sets.ts";

/** The folder of a data set in a cache, which counts as fetched and has no file yet. */
export async function fetchedFolder(home: string, name: DataSetName): Promise<string> {
  const folder = join(home, "data", name);
  await mkdir(folder, { recursive: true });
  const { version, licence } = DATA_SETS[name];
  const manifest = { format: 1, name, version, licence, sources: [], fetchedAt: "", files: [] };
  await writeFile(join(folder, MANIFEST_FILE), JSON.stringify(manifest));
  return folder;
}
