import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** What the sources are: two builds of the same ones are the same. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(join(ROOT, "src"), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const file of [...files.sort(), join(ROOT, "package.json")]) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** What tests start in processes of their own. */
const PROGRAMS = [
  "cli/main",
  ...["fill-file", "fill-journal", "hold-lock", "race-for-lock"].map((name) => `runs/testing/${name}`),
  "synthesis/batch/testing/killed-run",
];

/** So long is waited for another worker that has begun to make the same. */
const PATIENCE = 30_000;

/** Makes a place with the project's own compiler. It comes there whole, so that of two that are made at once one is kept. */
async function make(place: string, builds: string): Promise<void> {
  const unready = await mkdtemp(join(builds, "unready-"));
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  // Errors of types are another check's business.
  const quickly = ["--noCheck", "--declaration", "false"];
  const build = [compiler, "-p", "tsconfig.bench.json", ...quickly, "--outDir", unready];
  const sources = join(unready, "src");
  const bundle = ["scripts/bundle.mjs", sources];
  const places = [sources, join(place, "src"), join(unready, "programs")];
  const programs = ["scripts/bundle-programs.mjs", ...places, ...PROGRAMS];
  // One after the other: what is bundled is what the compiler has made.
  for (const words of [build, bundle, programs])
    await promisify(execFile)(process.execPath, words, { cwd: ROOT });
  await copyFile(join(ROOT, "package.json"), join(unready, "package.json"));
  await symlink(join(ROOT, "data"), join(unready, "data"));
  await rename(unready, place).catch(() => rm(unready, { recursive: true }));
  const others = (await readdir(builds)).filter(
    (name) => !name.startsWith("unready-") && join(builds, name) !== place,
  );
  await Promise.all(others.map((name) => rm(join(builds, name), { recursive: true, force: true })));
}

async function madePlace(): Promise<string> {
  const builds = join(ROOT, "node_modules/.cache/agentrefine-built");
  const place = join(builds, await fingerprint());
  await mkdir(builds, { recursive: true });
  const begun = `${place}.begun`;
  const madeAt = async (path: string): Promise<number | undefined> =>
    (await stat(path).catch(() => undefined))?.mtimeMs;
  while ((await madeAt(place)) === undefined) {
    const isTaken = (await mkdir(begun).catch(() => "taken")) === "taken";
    if (isTaken && Date.now() - ((await madeAt(begun)) ?? Date.now()) < PATIENCE) await sleep(50);
    else await make(place, builds);
  }
  return place;
}

let made: Promise<string> | undefined;

/**
 * The folder of the sources as JavaScript, the programs of the tests and the pages' scripts among them, since Node 20 reads no types and a
 * process that has them taken away at each start takes three times as long. Made once for these sources.
 */
export async function compiledSources(): Promise<string> {
  made ??= madePlace();
  return join(await made, "src");
}

/** The path of a program to start, made of few files: to find and read hundreds is most of what a short run costs. */
export async function bundledProgram(name: string): Promise<string> {
  return join(await compiledSources(), "../programs", `${name}.js`);
}
