import { closeSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { storageError } from "../errors.ts";
import { fileSha256 } from "./cache.ts";
import {
  type Address,
  drop,
  RESUMES,
  TransferError,
  transferError,
  type Web,
  type WebAnswer,
} from "./web.ts";

export interface Wanted {
  readonly size?: number | undefined;
  readonly sha256?: string | undefined;
}

interface Driving {
  readonly web: Web;
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of the file are there, and how many it has where that is known. */
  readonly onBytes?: (bytes: number, total: number | undefined) => void;
  /** Milliseconds before the second attempt; twice as many before each further one. */
  readonly firstWait?: number | undefined;
  /** Milliseconds without a byte after which an attempt ends. */
  readonly silence?: number;
}

const ATTEMPTS = 5;
const FIRST_WAIT = 500;
const SILENCE = 30_000;
/** What nobody would publish for a benchmark, in bytes. */
const LARGEST = 16 * 2 ** 30;
const DAMAGED =
  "Run the command again; if it is the same then, the publisher has changed it: use 'from' FILE or DIR.";

interface Transfer {
  readonly address: Address;
  readonly wanted: Wanted;
  readonly host: string;
  /** What is there of it. */
  readonly part: string;
  /** The mark that its server gave it, without which a file that is not checked in the end is not resumed. */
  readonly mark: string;
  readonly driving: Driving;
  /** The sha256 that the hub names for it. */
  told: string | undefined;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function forget({ part, mark }: Transfer): Promise<void> {
  await rm(part, { force: true });
  await rm(mark, { force: true });
}

/** A mark by which a server knows this very content; those that begin with W/ stand for what is about the same. */
function strongMark({ headers }: WebAnswer): string | undefined {
  const mark = String(headers.etag ?? "");
  return /^"[^"\r\n]{1,200}"$/.test(mark) ? mark : undefined;
}

/** The headers that ask for the rest of a file; none to begin anew. */
async function resuming(transfer: Transfer): Promise<Readonly<Record<string, string>>> {
  const { part, mark, wanted } = transfer;
  const offset = await sizeOf(part);
  const known = await readFile(mark, "utf8").catch(() => undefined);
  // What is checked in the end may be taken from wherever its bytes come.
  const isSafe = wanted.sha256 !== undefined || known !== undefined;
  const isTooLong = wanted.size !== undefined && offset > wanted.size;
  if (offset === 0 || !isSafe || isTooLong) {
    await forget(transfer);
    return {};
  }
  const range = { range: `bytes=${offset}-` };
  return wanted.sha256 === undefined && known !== undefined ? { ...range, "if-range": known } : range;
}

interface Beginning {
  readonly offset: number;
  readonly total: number | undefined;
}

/** Where an answer's bytes belong; refuses one that cannot be what is wanted before it is read. */
function beginningOf({ status, headers }: WebAnswer, { host, wanted }: Transfer): Beginning {
  const encoding = String(headers["content-encoding"] ?? "identity").toLowerCase();
  if (encoding !== "identity") {
    throw new TransferError(`${host} sent the file compressed as ${encoding}, unasked`, DAMAGED);
  }
  const [, from, , of] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(String(headers["content-range"] ?? "")) ?? [];
  const length = Number(headers["content-length"] ?? Number.NaN);
  const offset = status === 206 ? Number(from) : 0;
  const whole = status === 206 ? Number(of) : length;
  const total = Number.isFinite(whole) ? whole : wanted.size;
  if (wanted.size !== undefined && total !== wanted.size) {
    throw new TransferError(
      `${host} has a file of ${total} bytes where ${wanted.size} were published`,
      DAMAGED,
    );
  }
  if (total !== undefined && total > LARGEST) {
    throw new TransferError(`${host} offers a file of ${total} bytes, which is not believed`, DAMAGED);
  }
  return { offset, total };
}

/**
 * Writes what a body brings behind what is there. Rejects when it ends early, or with more than it said. It listens from
 * the first and writes in step with what comes, so that nothing is lost of what came before a connection broke.
 */
async function keep(body: Readable, { offset, total }: Beginning, transfer: Transfer): Promise<void> {
  const { part, host, driving } = transfer;
  const limit = total ?? LARGEST;
  const silence = driving.silence ?? SILENCE;
  const silent = new TransferError(`${host} sent nothing for ${silence / 1000} s`, RESUMES, {
    again: "always",
  });
  let bytes = offset;
  const file = openSync(part, offset === 0 ? "w" : "r+");
  const timer = setTimeout(() => body.destroy(silent), silence);
  const take = (chunk: Uint8Array): void => {
    timer.refresh();
    if (bytes + chunk.length > limit)
      throw new TransferError(`${host} sent more than ${limit} bytes`, DAMAGED);
    // Written where it belongs, whatever else is in the file.
    for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at, chunk.length - at, bytes + at);
    bytes += chunk.length;
    driving.onBytes?.(bytes, total);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      body.on("data", (chunk: Uint8Array) => {
        try {
          take(chunk);
        } catch (error) {
          reject(error instanceof TransferError ? error : storageError(error, "write", part));
          body.destroy();
        }
      });
      body.on("end", resolve).on("error", reject);
      body.on("close", () => reject(new Error("the body was closed")));
    });
  } finally {
    clearTimeout(timer);
    drop(body);
    closeSync(file);
  }
  if (total === undefined || bytes === total) return;
  throw new TransferError(`${host} ended at ${bytes} of ${total} bytes`, RESUMES, { again: "always" });
}

/** One attempt to fetch the rest of a file. Until its body is listened to, nothing is waited for. */
async function attempt(transfer: Transfer): Promise<void> {
  const { address, host, mark, part, driving, wanted } = transfer;
  const headers = await resuming(transfer);
  const had = await sizeOf(part);
  if (wanted.size !== undefined && had === wanted.size) return;
  const answer = await driving.web.get(address, headers);
  try {
    transfer.told = /^"?([0-9a-f]{64})"?$/.exec(String(answer.first["x-linked-etag"] ?? ""))?.[1];
    if (answer.status === 416) {
      // Nothing is missing when all was there before a kill; else what is there is of another file.
      if (/\/(\d+)$/.exec(String(answer.headers["content-range"] ?? ""))?.[1] === String(had)) return;
      await forget(transfer);
      throw new TransferError(`${host} has another file than before`, DAMAGED, { again: "always" });
    }
    const beginning = beginningOf(answer, transfer);
    if (beginning.offset !== 0 && beginning.offset !== had) {
      throw new TransferError(`${host} sent another part than was asked for`, DAMAGED);
    }
    if (beginning.offset === 0) {
      const given = strongMark(answer);
      if (given === undefined) rmSync(mark, { force: true });
      else writeFileSync(mark, given);
    }
    await keep(answer.body, beginning, transfer);
  } catch (error) {
    driving.signal?.throwIfAborted();
    throw transferError(error, host);
  } finally {
    drop(answer.body);
  }
}

/** Attempts until all is there; those that brought something do not count. */
async function persist(transfer: Transfer): Promise<void> {
  const { part, driving } = transfer;
  let [failed, isKnown] = [0, false];
  for (;;) {
    const had = await sizeOf(part);
    const error = await attempt(transfer).catch((thrown: unknown) => {
      if (thrown instanceof TransferError) return thrown;
      throw thrown;
    });
    if (error === undefined) return;
    if ((await sizeOf(part)) > had) [failed, isKnown] = [0, true];
    failed += 1;
    const isWorthIt = error.again === "always" || (error.again === "later" && isKnown);
    if (!isWorthIt || failed >= ATTEMPTS) throw error;
    const pause = Math.max(error.wait, (driving.firstWait ?? FIRST_WAIT) * 2 ** (failed - 1));
    await wait(pause, undefined, { signal: driving.signal });
  }
}

/** Fetches what is missing of a file and checks it; gives its sha256. */
async function fetchWhole(transfer: Transfer, path: string): Promise<string> {
  for (;;) {
    const wasThere = (await sizeOf(transfer.part)) > 0;
    await persist(transfer);
    const sha256 = await fileSha256(transfer.part);
    const { sha256: published = transfer.told } = transfer.wanted;
    if (published === undefined || published === sha256) {
      await rename(transfer.part, path);
      await rm(transfer.mark, { force: true });
      return sha256;
    }
    await forget(transfer);
    // What was there may have been of another file.
    if (wasThere) continue;
    const file = decodeURIComponent(new URL(transfer.address.url).pathname.split("/").at(-1) ?? "");
    const words = `${file} from ${transfer.host} is damaged or another file: its sha256 is not the published one`;
    throw new TransferError(words, DAMAGED);
  }
}

/**
 * Fetches a file to a path, where it appears when it is whole and has the checksum that is wanted. What a kill, a cut
 * connection or a full disk leaves of it is resumed by the next call.
 *
 * @returns its sha256
 * @throws AgentRefineError that names the host
 */
export async function download(
  address: Address,
  path: string,
  wanted: Wanted,
  driving: Driving,
): Promise<string> {
  const { host } = new URL(address.url);
  try {
    await mkdir(dirname(path), { recursive: true });
    if ((await sizeOf(path)) > 0) {
      const sha256 = await fileSha256(path);
      if (wanted.sha256 === undefined || wanted.sha256 === sha256) return sha256;
      await rm(path);
    }
    return await fetchWhole(
      { address, wanted, host, part: `${path}.part`, mark: `${path}.mark`, driving, told: undefined },
      path,
    );
  } catch (error) {
    driving.signal?.throwIfAborted();
    throw storageError(error, "write", path);
  }
}
