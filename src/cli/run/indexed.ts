import { join } from "node:path";
import { cacheHome } from "../../data/cache.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { IndexedRun, type IndexOptions } from "../../synthesis/indexed-run.ts";
import { indexFile } from "../../view/kept-name.ts";
import type { Host } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";

/** Where commands that only look keep the index of a run: with what other commands fetch, so that the run stays as it is. */
export async function indexOptions(directory: string, { env }: Host): Promise<IndexOptions> {
  return { file: await indexFile(join(cacheHome(env), "index"), directory) };
}

/** Opens a run by its index, which is made when it is not there. Throws AgentRefineError. */
export async function openIndexed({ directory, paths }: RunFolder, host: Host): Promise<IndexedRun> {
  return IndexedRun.open(paths, await indexOptions(directory, host));
}

/** Says which lines of a run could not be read; whether there are any. */
export function tellDamage({ damage }: IndexedRun, { stderr }: Host): boolean {
  for (const line of damage) tell(stderr, `Left out: ${line}.`);
  return damage.length > 0;
}
