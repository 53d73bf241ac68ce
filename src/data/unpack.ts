import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createGunzip } from "node:zlib";
import { AgentRefineError, errorMessage, shortWords, storageError, systemErrorCode } from "../errors.ts";
import { isInside, type ManifestFile } from "./cache.ts";
import type { Archive } from "./data-sets.ts";

/** A file that an archive is being unpacked into a folder by. */
interface Unpacking {
  readonly archive: Archive;
  readonly name: string;
  readonly folder: string;
  readonly files: ManifestFile[];
  bytes: number;
}

interface Member {
  readonly path: string;
  /** `file`, or what it is else, such as `symlink`. */
  readonly type: string;
  /** The checksum that its archive has of it. */
  readonly crc32?: number;
  readonly open: () => Promise<Readable>;
}

/** How many times its size a compressed tar archive may have unpacked. */
const HIGHEST_RATIO = 200;

function unlike(name: string, why: string, cause?: unknown): AgentRefineError {
  return new AgentRefineError(`${name} is damaged or another archive: ${shortWords(why)}`, {
    fix: "Fetch it again, or give another copy with 'from' FILE.",
    cause,
  });
}

/** Writes a member that is wanted; refuses links, places outside of the folder, and more than there can be. */
async function take(member: Member, place: string, unpacking: Unpacking): Promise<void> {
  const { name, archive, folder, files } = unpacking;
  if (!isInside(place)) throw unlike(name, `${member.path} would lie outside of the folder`);
  if (member.type !== "file") throw unlike(name, `${member.path} is a ${member.type}`);
  if (files.length >= archive.most.files) throw unlike(name, `it has more than ${archive.most.files} files`);
  const path = join(folder, place);
  const hash = createHash("sha256");
  let [sum, size] = [0, 0];
  await mkdir(dirname(path), { recursive: true });
  // A second member of the same name is refused, also where the disk takes large letters for small ones.
  await using file = await open(path, "wx").catch((error: unknown) => {
    throw systemErrorCode(error) === "EEXIST" ? unlike(name, `it has ${member.path} twice`, error) : error;
  });
  const source: AsyncIterable<Uint8Array> = await member.open();
  for await (const chunk of source) {
    unpacking.bytes += chunk.length;
    if (unpacking.bytes > archive.most.bytes) {
      throw unlike(name, `it holds more than ${archive.most.bytes} bytes`);
    }
    hash.update(chunk);
    sum = crc32(chunk, sum);
    size += chunk.length;
    await file.writeFile(chunk);
  }
  if (member.crc32 !== undefined && member.crc32 !== sum) throw unlike(name, `${member.path} is damaged`);
  if (archive.isProgram?.(place) === true) await chmod(path, 0o755);
  files.push({ path: place, size, sha256: hash.digest("hex") });
}

/** The type of a zip member by the bits that Unix left in its attributes. */
function zipType(attributes: number): string {
  const bits = (attributes >>> 16) & 0o170000;
  if (bits === 0 || bits === 0o100000) return "file";
  return bits === 0o120000 ? "symlink" : "special file";
}

async function unzip(path: string, unpacking: Unpacking): Promise<void> {
  const { openPromise } = await import("yauzl");
  const zip = await openPromise(path, { strictFileNames: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const place = entry.fileName.endsWith("/") ? undefined : unpacking.archive.place(entry.fileName);
      if (place === undefined) continue;
      const member = {
        path: entry.fileName,
        type: zipType(entry.externalFileAttributes),
        crc32: entry.crc32,
        open: () => zip.openReadStreamPromise(entry),
      };
      await take(member, place, unpacking);
    }
  } finally {
    zip.close();
  }
}

/** The bytes of a gzip file, of which a small one can make very many. */
async function* bounded(
  source: AsyncIterable<Uint8Array>,
  limit: number,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > limit) throw unlike(name, `it is more than ${limit} bytes long`);
    yield chunk;
  }
}

async function untar(path: string, unpacking: Unpacking): Promise<void> {
  const { createTarDecoder } = await import("modern-tar");
  const { archive, name } = unpacking;
  const limit = (await stat(path)).size * HIGHEST_RATIO;
  const gunzip = createGunzip();
  const feeding = pipeline(createReadStream(path), gunzip);
  feeding.catch(() => undefined);
  const decoder = createTarDecoder({ strict: true });
  const entries = Readable.toWeb(Readable.from(bounded(gunzip, limit, name))).pipeThrough(decoder);
  try {
    for await (const { header, body } of entries) {
      const place = archive.place(header.name);
      if (place === undefined) {
        await body.cancel();
        continue;
      }
      const type = header.type ?? "file";
      await take({ path: header.name, type, open: async () => Readable.fromWeb(body) }, place, unpacking);
    }
    await feeding;
  } finally {
    gunzip.destroy();
  }
}

/**
 * Takes out of an archive what is wanted of it, into a folder. Nothing is written elsewhere, whatever the archive says;
 * links are refused, and so is what is larger than what was published can be.
 *
 * @throws AgentRefineError that names the archive
 */
export async function unpack(
  path: string,
  name: string,
  archive: Archive,
  folder: string,
): Promise<readonly ManifestFile[]> {
  const unpacking: Unpacking = { archive, name, folder, files: [], bytes: 0 };
  try {
    await (archive.format === "zip" ? unzip : untar)(path, unpacking);
    return unpacking.files;
  } catch (error) {
    if (error instanceof AgentRefineError) throw error;
    const stored = storageError(error, "write", folder);
    const code = systemErrorCode(error) ?? "";
    // What the disk says is told as it is; what else is thrown is about the archive.
    if (stored instanceof AgentRefineError && !/^(Z_|ERR_)/.test(code)) throw stored;
    throw unlike(name, errorMessage(error), error);
  }
}
