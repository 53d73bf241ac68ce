import { constants, copyFile, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Env } from "../env.ts";
import { AgentRefineError, storageError } from "../errors.ts";
import { sweepPartials, writeFolderAtomically } from "../runs/atomic-file.ts";
import { lockFolder } from "../runs/lock.ts";
import { programVersion } from "../runs/run-folder.ts";
import {
  damagedFiles,
  dataFolder,
  downloadFolder,
  fileSha256,
  MANIFEST_FILE,
  type Manifest,
  type ManifestFile,
  readManifest,
} from "./cache.ts";
import { type DataSet, type Download, isLicence, lackOf } from "./data-sets.ts";
import { download } from "./download.ts";
import { copyFetched, type Finder, givenFrom, publishedName } from "./given.ts";
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

export interface Got {
  readonly folder: string;
  /** `present`: it was there and whole. `repaired`: it was there and damaged, and was fetched anew. */
  readonly outcome: "present" | "fetched" | "repaired";
  readonly files: number;
  readonly bytes: number;
  /** The places of its files, with `/` between their parts. */
  readonly paths: readonly string[];
}

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
  /** The pieces that were taken, for the manifest. */
  readonly taken: Piece[];
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
  const onBytes = (bytes: number, total: number | undefined): void => {
    came.set(piece, { bytes, total });
    progress(getting, false);
  };
  const sha256 = await download(address, path, piece, { web, signal, firstWait, onBytes });
  return { path, from: address.url, sha256 };
}

/** Brings the plain files of a data set into a folder, some at once. */
async function placeFiles(getting: Getting, folder: string): Promise<readonly ManifestFile[]> {
  const waiting = [...getting.set.files];
  const placed: ManifestFile[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const piece = await pieceOf(getting, next, next.path);
      if (piece === undefined) continue;
      const path = join(folder, next.path);
      await mkdir(dirname(path), { recursive: true });
      await copyFile(piece.path, path, constants.COPYFILE_FICLONE);
      getting.taken.push(piece);
      placed.push({ path: next.path, size: (await stat(path)).size, sha256: piece.sha256 });
    }
  };
  // Nothing more is begun when one has failed; what is under way ends before the folder goes.
  const working = Array.from({ length: AT_ONCE }, () =>
    work().finally(() => {
      waiting.length = 0;
    }),
  );
  for (const each of await Promise.allSettled(working)) if (each.status === "rejected") throw each.reason;
  return placed;
}

/** Takes what is wanted out of the archive of a data set. */
async function placeArchive(getting: Getting, folder: string): Promise<readonly ManifestFile[]> {
  const { archive } = getting.set;
  const piece = archive && (await pieceOf(getting, archive, undefined));
  if (archive === undefined || piece === undefined) return [];
  progress(getting, true);
  getting.taken.push(piece);
  return unpack(piece.path, piece.from, archive, folder);
}

/** What is said beside the files of what may be done with them. */
async function writeLicence(name: string, set: DataSet, folder: string): Promise<void> {
  const own = set.files.some(isLicence) ? " The text is in LICENSE." : "";
  const words = `${name}: ${set.use}.\nPublished at ${set.source} (${set.version}).\nLicence: ${set.licence}.${own}\n`;
  await writeFile(join(folder, LICENCE_FILE), words);
}

/** The files of a data set in a folder, all that are needed. */
async function placeAll(getting: Getting, folder: string): Promise<readonly ManifestFile[]> {
  const { name, set, options, taken, pieces } = getting;
  const copied = options.from === undefined ? undefined : await copyFetched(name, set, options.from, folder);
  const files = copied ?? (await placeFiles(getting, folder));
  const before = taken.length;
  try {
    const all = copied ?? [...files, ...(await placeArchive(getting, folder))];
    const missing = lackOf(set, new Set(all.map(({ path }) => path)));
    if (missing === undefined) return all;
    throw new AgentRefineError(
      `${options.from ?? taken[before]?.from ?? set.source} lacks ${missing} of ${name}`,
      { fix: "Give another file or folder with 'from'." },
    );
  } catch (error) {
    // An archive that cannot be read or lacks something is fetched anew the next time; what was given stays.
    const archive = taken[before]?.path;
    if (archive?.startsWith(pieces)) await rm(archive, { force: true });
    throw error;
  }
}

async function fill(getting: Getting, folder: string): Promise<readonly ManifestFile[]> {
  const { name, set, taken } = getting;
  const placed = await placeAll(getting, folder);
  const files = placed.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  await writeLicence(name, set, folder);
  const manifest: Manifest = {
    format: 1,
    name,
    version: set.version,
    licence: set.licence,
    sources: taken.map(({ from, sha256 }) => ({ from, sha256 })),
    fetchedAt: new Date().toISOString(),
    files: [...files],
  };
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  return files;
}

/** The folder of a data set that is there and whole; `damaged` when it is there and is not. */
async function present(set: DataSet, folder: string): Promise<Got | "damaged" | undefined> {
  const manifest = await readManifest(folder);
  if (manifest?.version !== set.version) return undefined;
  if ((await damagedFiles(folder, manifest)).length > 0) return "damaged";
  return { folder, outcome: "present", ...sizeOf(manifest.files) };
}

function sizeOf(files: readonly ManifestFile[]): Pick<Got, "files" | "bytes" | "paths"> {
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
    await sweepPartials(folder, Number.NEGATIVE_INFINITY);
    const find = from === undefined ? undefined : await givenFrom(name, set, from);
    const pieces = join(downloads, set.version.replace(/[^\w.-]+/g, "-"));
    const sources = options.sources ?? sourcesOf(env);
    const asked = { name, set, options, sources, web, find, pieces };
    const getting: Getting = { ...asked, came: new Map(), taken: [] };
    const files = await writeFolderAtomically(folder, (partial) => fill(getting, partial), { replace: true });
    for (const left of await readdir(downloads))
      if (!left.startsWith("lock")) await rm(join(downloads, left), { recursive: true, force: true });
    return { folder, outcome: before === "damaged" ? "repaired" : "fetched", ...sizeOf(files) };
  } catch (error) {
    throw storageError(error, "write", folder);
  } finally {
    await web.close();
    await lock.release();
  }
}
