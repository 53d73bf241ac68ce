import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
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

/**
 * The folder of the sources as JavaScript, the programs of the tests and the pages' scripts among them, since Node 20 reads no types and a
 * process that has them taken away at each start takes three times as long. Made once for these sources with the
 * project's own compiler; it comes into its place whole, so that of two that are made at once one is kept.
 */
export async function compiledSources(): Promise<string> {
  const builds = join(ROOT, "node_modules/.cache/agentrefine-built");
  const place = join(builds, await fingerprint());
  if (await stat(place).catch(() => undefined)) return join(place, "src");
  await mkdir(builds, { recursive: true });
  const unready = await mkdtemp(join(builds, "unready-"));
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  // Errors of types are another check's business.
  const quickly = ["--noCheck", "--declaration", "false"];
  const build = [compiler, "-p", "tsconfig.bench.json", ...quickly, "--outDir", unready];
  const bundle = ["scripts/bundle.mjs", join(unready, "src")];
  // One after the other: what a game's thread is bundled from is what the compiler has made.
  for (const words of [build, bundle]) await promisify(execFile)(process.execPath, words, { cwd: ROOT });
  await copyFile(join(ROOT, "package.json"), join(unready, "package.json"));
  await symlink(join(ROOT, "data"), join(unready, "data"));
  await rename(unready, place).catch(() => rm(unready, { recursive: true }));
  const others = (await readdir(builds)).filter(
    (name) => !name.startsWith("unready-") && join(builds, name) !== place,
  );
  await Promise.all(others.map((name) => rm(join(builds, name), { recursive: true, force: true })));
  return join(place, "src");
}
