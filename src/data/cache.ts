import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import type { Env } from "../env.ts";

function platformCache(env: Env, platform: NodeJS.Platform): string {
  const given = platform === "win32" ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  if (given) return given;
  if (platform === "win32") return join(homedir(), "AppData", "Local");
  return platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}

/** Where what others publish is kept: AGENTREFINE_HOME, else a folder of the platform's cache. */
export function cacheHome(env: Env, platform: NodeJS.Platform = process.platform): string {
  const own = env.AGENTREFINE_HOME;
  return own ? resolve(own) : resolve(platformCache(env, platform), "agentrefine");
}

/** The folder of a data set; it has this name only when the data set is whole. */
export function dataFolder(name: string, env: Env): string {
  return join(cacheHome(env), "data", name);
}

/** Where the pieces of a data set lie until it is whole. A get that is killed finds here what it had. */
export function downloadFolder(name: string, env: Env): string {
  return join(cacheHome(env), "downloads", name);
}

/** The file in the folder of a data set that says what it is. */
export const MANIFEST_FILE = "agentrefine-data.json";

const DEEPEST = 16;
const LONGEST_PATH = 512;

/** Whether a place stays in its folder, on every system: no way up, no drive, no character that hides another. */
export function isInside(place: string): boolean {
  const parts = place.split("/");
  if (place.length > LONGEST_PATH || parts.length > DEEPEST) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  return parts.every((part) => part !== "" && !/^\.+$|[\\:\u0000-\u001f\u007f]/.test(part));
}

const fileSchema = z.object({
  /** Relative to the folder, with `/` between its parts. */
  path: z.string().refine(isInside),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  /** Where its pieces came from, with the checksums that they had. */
  sources: z.array(z.object({ from: z.string(), sha256: z.string() })),
  /** ISO 8601. */
  fetchedAt: z.string(),
  files: z.array(fileSchema),
});

/** A file of a data set as it was when it was unpacked. */
export type ManifestFile = Readonly<z.infer<typeof fileSchema>>;

/** What a data set in the cache is. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/** What a folder of the cache is; undefined for one that is not there or that is damaged. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return manifestSchema.safeParse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** The sha256 of a file as hexadecimal digits. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}

/** The files of a data set that are not what they were when it was fetched, with what is wrong with each. */
export async function damagedFiles(folder: string, { files }: Manifest): Promise<readonly string[]> {
  const damaged: string[] = [];
  for (const { path, size, sha256 } of files) {
    const file = join(folder, path);
    const status = await stat(file).catch(() => undefined);
    if (status === undefined) damaged.push(`${path} is missing`);
    else if (status.size !== size) damaged.push(`${path} has ${status.size} bytes, not ${size}`);
    else if ((await fileSha256(file).catch(() => "")) !== sha256) damaged.push(`${path} has changed`);
  }
  return damaged;
}
