import { copyFile, mkdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AgentRefineError } from "../errors.ts";
import { exists } from "../runs/atomic-file.ts";
import { fileSha256, MANIFEST_FILE, type ManifestFile, readManifest } from "./cache.ts";
import { type DataSet, type Download, isLicence } from "./data-sets.ts";
import type { Address } from "./web.ts";

/** A piece of a data set that lies somewhere else than where it is published. */
export type Given = { readonly path: string } | { readonly address: Address };

/**
 * Finds a piece of a data set: a file by its place in it, or the archive (no place). Undefined where it is not given.
 */
export type Finder = (piece: Download, place: string | undefined) => Promise<Given | undefined>;

/** The name under which a piece is published. */
export function publishedName({ origin }: Download): string {
  return origin.file.split("/").at(-1) ?? origin.file;
}

/** A file or an address that stands for the one piece that a data set mainly consists of. */
function oneGiven(name: string, set: DataSet, given: Given): Finder {
  const files = set.files.filter((file) => !isLicence(file));
  const [main, ...others] = set.archive === undefined ? files : [set.archive, ...files];
  if (main === undefined || others.length > 0) {
    throw new AgentRefineError(`${name} consists of several files, and one is given`, {
      fix: "Give a folder that has them, such as that of another machine's cache.",
    });
  }
  return async (piece) => (piece === main ? given : undefined);
}

/**
 * Where the pieces of a data set are given: an address or a file that is its archive or its one file, or a folder that
 * has its files at their places (or just by their names) and its archive under the name that it is published under.
 *
 * @throws AgentRefineError when there is nothing at the path, or it cannot be all
 */
export async function givenFrom(name: string, set: DataSet, from: string): Promise<Finder> {
  if (/^https?:\/\//i.test(from)) {
    if (!URL.canParse(from)) throw new AgentRefineError(`${from} is not an address`);
    return oneGiven(name, set, { address: { url: from } });
  }
  const status = await stat(from).catch(() => undefined);
  if (status === undefined) {
    throw new AgentRefineError(`there is nothing at ${from}`, {
      fix: "Give a file, a folder or an address.",
    });
  }
  if (!status.isDirectory()) return oneGiven(name, set, { path: from });
  return async (piece, place) => {
    const places = [...(place === undefined ? [] : [place, basename(place)]), publishedName(piece)];
    for (const each of places) {
      const path = join(from, each);
      if (await exists(path)) return { path };
    }
    return undefined;
  };
}

/**
 * Copies a data set that another machine has fetched, each file checked against what that machine noted. Undefined when
 * the folder is no such copy.
 *
 * @throws AgentRefineError when a file is missing or damaged, or it is another data set or version
 */
export async function copyFetched(
  name: string,
  set: DataSet,
  from: string,
  folder: string,
): Promise<readonly ManifestFile[] | undefined> {
  const manifest = await readManifest(from);
  if (manifest === undefined) return undefined;
  if (manifest.name !== name || manifest.version !== set.version) {
    throw new AgentRefineError(
      `${from} has ${manifest.name} ${manifest.version}, not ${name} ${set.version}`,
    );
  }
  for (const { path, sha256 } of manifest.files) {
    const [source, target] = [join(from, path), join(folder, path)];
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target).catch((error: unknown) => {
      throw damagedCopy(from, path, error);
    });
    if ((await fileSha256(target)) !== sha256) throw damagedCopy(from, path);
  }
  return manifest.files;
}

function damagedCopy(from: string, path: string, cause?: unknown): AgentRefineError {
  return new AgentRefineError(`${join(from, path)} is damaged: it is not what ${MANIFEST_FILE} says`, {
    fix: "Copy the folder again.",
    cause,
  });
}
