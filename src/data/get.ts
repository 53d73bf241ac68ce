import { constants, copyFile, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Env } from "../env.ts";
import { AgentRefineError, storageError } from "../errors.ts";
import { writeFolderAtomically } from "../runs/atomic-file.ts";
import { lockFolder } from "../runs/lock.ts";
import { programVersion } from "../runs/run-folder.ts";
import { dataFolder, downloadFolder } from "./cache.ts";
import { type DataSet, type Download, isLicence } from "./data-sets.ts";
import { download } from "./download.ts";
import { copyFetched, type Finder, givenFrom, publishedName } from "./given.ts";
import {
  damagedFiles,
  fileSha256,
  MANIFEST_FILE,
  type Manifest,
  type ManifestFile,
  readManifest,
} from "./manifest.ts";
import { addressOf, type Sources, sourcesOf } from "./sources.ts";
import { unpack } from "./unpack.ts";
import { Web } from "./web.ts";

/** How much of a data set is there. */
export interface Fetching {
  /** Bytes that have come, and that are to come in all where that is known. */
  readonly bytes: number;
  readonly total: number | undefined;
  readonly isUnpacking: boolean;
}

/** How a data set is fetched. */
export interface GetOptions {
  readonly env: Env;
  /** A file, a folder or an address that has it, instead of those who publish it. */
  readonly from?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (fetching: Fetching) => void;
  /** Other hosts than those of the environment. */
  readonly sources?: Sources;
  /** Milliseconds before a second attempt at a broken transfer. */
  readonly firstWait?: number;
}

/** What came of it. */
export interface Got {
  readonly folder: string;
  /** `present`: it was there and whole. `repaired`: it was there and damaged, and was fetched anew. */
  readonly outcome: "present" | "fetched" | "repaired";
  readonly files: number;
  readonly bytes: number;
  /** The places of its files, with `/` between their parts. */
  readonly paths: readonly string[];
}

/** What is needed while a data set is fetched. */
interface Getting {
  readonly name: string;
  readonly set: DataSet;
  readonly options: GetOptions;
  readonly sources: Sources;
  readonly web: Web;
  readonly find: Finder | undefined;
  /** Where its pieces lie until it is whole. */
  readonly pieces: string;
  readonly came: Map<Download, { readonly bytes: number; readonly total: number | undefined }>;
}

/** A piece that lies on this machine. */
interface Piece {
  readonly path: string;
  /** Where it came from, for a person. */
  readonly from: string;
  readonly sha256: string;
}

const AT_ONCE = 4;
const LICENCE_FILE = "LICENCE.txt";

function progress({ set, options, came }: Getting, isUnpacking: boolean): void {
  const all: readonly Download[] = [...set.files, ...(set.archive === undefined ? [] : [set.archive])];
  let [bytes, total]: [number, number | undefined] = [0, 0];
  for (const piece of all) {
    const part = came.get(piece);
    bytes += part?.bytes ?? 0;
    const size = piece.size ?? part?.total;
    total = total === undefined || size === undefined ? undefined : total + size;
  }
  options.onProgress?.({ bytes, total, isUnpacking });
}

async function checkGiven(path: string, piece: Download): Promise<Piece> {
  const sha256 = await fileSha256(path).catch((error: unknown) => {
    throw storageError(error, "read", path);
  });
  if (piece.sha256 === undefined || piece.sha256 === sha256) return { path, from: path, sha256 };
  throw new AgentRefineError(`${path} is damaged or another file: its sha256 is not the published one`, {
    fix: `What is wanted is ${publishedName(piece)}.`,
  });
}

/** A piece of the data set: given, there from before a kill, or fetched. Undefined for one that is not given. */
async function pieceOf(
  getting: Getting,
  piece: Download,
  place: string | undefined,
): Promise<Piece | undefined> {
  const { find, sources, web, pieces, options, came } = getting;
  const given = await find?.(piece, place);
  if (find !== undefined && given === undefined) return undefined;
  if (given !== undefined && "path" in given) return checkGiven(given.path, piece);
  const path = join(pieces, place ?? "archive", publishedName(piece));
  const address = given?.address ?? (await addressOf(piece.origin, sources, web));
  const { signal, firstWait } = options;
  const sha256 = await download(address, path, piece, {
    ...{ web, signal },
    ...(firstWait === undefined ? {} : { firstWait }),
    onBytes: (bytes, total) => {
      came.set(piece, { bytes, total });
      progress(getting, false);
    },
  });
  return { path, from: address.url, sha256 };
}

/** Brings the plain files of a data set into a folder, some at once. */
async function placeFiles(
  getting: Getting,
  folder: string,
): Promise<readonly { readonly file: ManifestFile; readonly piece: Piece }[]> {
  const waiting = [...getting.set.files];
  const placed: { file: ManifestFile; piece: Piece }[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const piece = await pieceOf(getting, next, next.path);
      if (piece === undefined) continue;
      const path = join(folder, next.path);
      await mkdir(dirname(path), { recursive: true });
      await copyFile(piece.path, path, constants.COPYFILE_FICLONE);
      const { size } = await stat(path);
      placed.push({ file: { path: next.path, size, sha256: piece.sha256 }, piece });
    }
  };
  const working = Array.from({ length: AT_ONCE }, async () => {
    try {
      await work();
    } finally {
      // Nothing more is begun when one has failed; what is under way ends before the folder goes.
      waiting.length = 0;
    }
  });
  const ended = await Promise.allSettled(working);
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  return placed;
}

/** Removes a fetched piece that turned out to be of no use; what was given stays. */
async function forget({ pieces }: Getting, { path }: Piece): Promise<void> {
  if (path.startsWith(pieces)) await rm(path, { force: true });
}

/** Takes what is wanted out of the archive of a data set. One that cannot be read is not kept. */
async function placeArchive(
  getting: Getting,
  folder: string,
): Promise<{ readonly files: readonly ManifestFile[]; readonly piece: Piece } | undefined> {
  const { archive } = getting.set;
  if (archive === undefined) return undefined;
  const piece = await pieceOf(getting, archive, undefined);
  if (piece === undefined) return undefined;
  progress(getting, true);
  try {
    return { files: await unpack(piece.path, piece.from, archive, folder), piece };
  } catch (error) {
    await forget(getting, piece);
    throw error;
  }
}

/** What is said beside the files of what may be done with them. */
async function writeLicence(name: string, set: DataSet, folder: string): Promise<void> {
  const own = set.files.some(isLicence) ? " The text is in LICENSE." : "";
  const words = `${name}: ${set.use}.\nPublished at ${set.source} (${set.version}).\nLicence: ${set.licence}.${own}\n`;
  await writeFile(join(folder, LICENCE_FILE), words);
}

async function fill(getting: Getting, folder: string): Promise<void> {
  const { name, set, options } = getting;
  const copied = options.from === undefined ? undefined : await copyFetched(name, set, options.from, folder);
  const files = copied === undefined ? await placeFiles(getting, folder) : [];
  const archive = copied === undefined ? await placeArchive(getting, folder) : undefined;
  const all = [...(copied ?? []), ...files.map(({ file }) => file), ...(archive?.files ?? [])];
  const missing = set.missing(new Set(all.map(({ path }) => path)));
  if (missing !== undefined) {
    if (archive !== undefined) await forget(getting, archive.piece);
    const where = options.from ?? archive?.piece.from ?? set.source;
    throw new AgentRefineError(`${where} lacks ${missing} of ${name}`, {
      fix: "Give another file or folder with 'from'.",
    });
  }
  await writeLicence(name, set, folder);
  const pieces = [...files.map(({ piece }) => piece), ...(archive === undefined ? [] : [archive.piece])];
  const manifest: Manifest = {
    format: 1,
    name,
    version: set.version,
    licence: set.licence,
    sources: pieces.map(({ from, sha256 }) => ({ from, sha256 })),
    fetchedAt: new Date().toISOString(),
    files: all.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
  };
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
}

/** Removes what killed gets have left half unpacked beside a folder. Only who has the lock may. */
async function sweepBeside(folder: string): Promise<void> {
  const names = await readdir(dirname(folder)).catch(() => []);
  const isLeft = (name: string): boolean =>
    name.startsWith(`${basename(folder)}.`) && /\.[0-9a-f]{8}\.partial$/.test(name);
  for (const name of names.filter(isLeft))
    await rm(join(dirname(folder), name), { recursive: true, force: true });
}

/** The folder of a data set that is there and whole; `damaged` when it is there and is not. */
async function present(set: DataSet, folder: string): Promise<Got | "damaged" | undefined> {
  const manifest = await readManifest(folder);
  if (manifest?.version !== set.version) return undefined;
  if ((await damagedFiles(folder, manifest)).length > 0) return "damaged";
  return { folder, outcome: "present", ...sizeOf(manifest) };
}

function sizeOf({ files }: Manifest): Pick<Got, "files" | "bytes" | "paths"> {
  const paths = files.map(({ path }) => path);
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), paths };
}

/**
 * Brings a data set into the cache, where it appears when it is whole: fetched from where it is published, or taken
 * from what is given. One that is there and whole stays as it is. Whatever ends it, the next call resumes; two calls
 * at once do not meet.
 *
 * @throws AgentRefineError in one line: no network, a host that refuses, a damaged or foreign file, a full disk
 */
export async function getDataSet(name: string, set: DataSet, options: GetOptions): Promise<Got> {
  const { env, from, signal } = options;
  if (set.files.length === 0 && set.archive === undefined) {
    throw new AgentRefineError(`${name} is not published for ${process.platform} on ${process.arch}`, {
      fix: "Install it as this system does.",
    });
  }
  const [folder, downloads] = [dataFolder(name, env), downloadFolder(name, env)];
  await mkdir(downloads, { recursive: true }).catch((error: unknown) => {
    throw storageError(error, "write", downloads);
  });
  const lock = await lockFolder(downloads);
  const web = new Web(await programVersion(), signal);
  try {
    const before = await present(set, folder);
    if (before !== undefined && before !== "damaged") return before;
    await sweepBeside(folder);
    const find = from === undefined ? undefined : await givenFrom(name, set, from);
    const pieces = join(downloads, set.version.replace(/[^\w.-]+/g, "-"));
    const sources = options.sources ?? sourcesOf(env);
    const getting: Getting = { ...{ name, set, options, sources, web, find, pieces }, came: new Map() };
    await writeFolderAtomically(folder, (partial) => fill(getting, partial), { replace: true });
    for (const left of await readdir(downloads))
      if (!left.startsWith("lock")) await rm(join(downloads, left), { recursive: true, force: true });
    const manifest = await readManifest(folder);
    const size = manifest === undefined ? { files: 0, bytes: 0, paths: [] } : sizeOf(manifest);
    return { folder, outcome: before === "damaged" ? "repaired" : "fetched", ...size };
  } catch (error) {
    throw storageError(error, "write", folder);
  } finally {
    await web.close();
    await lock.release();
  }
}
