import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openRunFolder, type RunPaths } from "../../src/runs/run-folder.ts";
import { countPersonas } from "../../src/synthesis/read-run.ts";
import { authorRun, benchRun } from "./author-run.ts";

const HEAD = /^\{"index":(\d+),"(id|persona)":"([^"]*)"/;

/** A line of a copy: the persona's place and its id are others, all else is the same. */
function copied(line: string, copy: number, size: number): string {
  const id = (given: string): string => `${copy.toString(16).padStart(4, "0")}${given.slice(4)}`;
  return line
    .replace(
      HEAD,
      (_head, index, key, given) => `{"index":${Number(index) + copy * size},"${key}":"${id(given)}"`,
    )
    .replace(/^\{"id":"([^"]*)"/, (_head, given) => `{"id":"${id(given)}"`);
}

async function copyLines(
  from: string,
  to: string,
  copies: number,
  size: number,
  most: number,
): Promise<void> {
  const out = createWriteStream(to);
  for (let copy = 0; copy < copies; copy += 1) {
    for await (const line of createInterface({ input: createReadStream(from), crlfDelay: Infinity })) {
      const text = copied(line, copy, size);
      if (Number(HEAD.exec(text)?.[1] ?? 0) >= most) continue;
      if (!out.write(`${text}\n`)) await once(out, "drain");
    }
  }
  out.end();
  await once(out, "finish");
}

/** A run of the offline author over so many personas. */
async function made(folder: string, count: number): Promise<RunPaths> {
  const run = await benchRun(folder);
  await authorRun(run, count);
  return run.paths;
}

/**
 * A run of `count` personas as large as a real one: the records of a smaller run of the offline author, written again
 * with other places and ids until there are enough. `source` is a run to take in place of a new one.
 */
export async function largeRun(
  folder: string,
  count: number,
  small: number,
  source?: string,
): Promise<string> {
  const from =
    source === undefined ? await made(join(folder, "small"), small) : (await openRunFolder(source)).paths;
  const size = await countPersonas(from);
  const { directory, paths } = await benchRun(join(folder, "large"));
  const copies = Math.ceil(count / size);
  for (const name of ["personas", "calls", "syntheses"] as const)
    await copyLines(from[name], paths[name], copies, size, count);
  return directory;
}
