import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AgentRefineError, storageError, systemErrorCode } from "../errors.ts";
import { byteLines } from "../lines.ts";
import { LONGEST_LINE } from "../model/batch/batch-service.ts";
import { writeAtomically } from "../runs/atomic-file.ts";
import type { Standing } from "./standing.ts";

export interface KeptFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The files of a run's batches: what was asked, and what was answered. They appear when they are whole. */
export class BatchFolder {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  path(file: string): string {
    return join(this.#directory, file);
  }

  /** Keeps what comes, up to so many bytes. */
  async keep(
    file: string,
    content: AsyncIterable<Buffer | string> | Iterable<Buffer | string>,
    most: number = Number.POSITIVE_INFINITY,
  ): Promise<KeptFile> {
    const hash = createHash("sha256");
    let bytes = 0;
    await writeAtomically(this.path(file), async (target) => {
      for await (const piece of content) {
        hash.update(piece);
        bytes += Buffer.byteLength(piece);
        if (bytes > most) {
          throw new AgentRefineError(`a batch's answers are longer than ${most} bytes, which cannot be`, {
            fix: "Look at the batch on the provider's page.",
          });
        }
        await target.write(piece);
      }
    });
    return { file, bytes, sha256: hash.digest("hex") };
  }

  /** Whether a file is there and is still what was kept. */
  async holds({ file, sha256 }: KeptFile): Promise<boolean> {
    const hash = createHash("sha256");
    try {
      for await (const piece of createReadStream(this.path(file))) hash.update(piece);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return false;
      throw storageError(error, "read", this.path(file));
    }
    return hash.digest("hex") === sha256;
  }

  /** The lines of a file; a last one that is torn too. A file that is not there has none. */
  async *lines(file: string): AsyncGenerator<string, void, undefined> {
    try {
      for await (const { bytes } of byteLines(createReadStream(this.path(file)), LONGEST_LINE))
        if (bytes !== undefined) yield bytes.toString("utf8");
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") throw storageError(error, "read", this.path(file));
    }
  }

  async remove(file: string): Promise<void> {
    await rm(this.path(file), { force: true }).catch(() => undefined);
  }

  /** Removes files of requests that no batch was planned for: a kill came between. */
  async sweep({ batches }: Standing): Promise<void> {
    const planned = new Set(Array.from(batches.values(), ({ file }) => file));
    const names = await readdir(this.#directory).catch(() => []);
    for (const name of names) {
      if (/^[0-9a-z]+\.requests\.jsonl$/.test(name) && !planned.has(name)) await this.remove(name);
    }
  }
}

/** What a request of a batch is for. */
export interface BatchedCall {
  /** Who asks: a persona's place in its run, or a number made of an episode's name. */
  readonly index: number;
  /** The call's number within the persona or the episode, from 1. */
  readonly call: number;
  /** The hash of the request: see `requestHash`. */
  readonly request: string;
}

/** Names a call within a run: `12-2` is call 2 of persona 12. */
export function callName({ index, call }: Omit<BatchedCall, "request">): string {
  return `${index}-${call}`;
}

/** Names a call with its request. */
export function exactName(call: BatchedCall): string {
  return `${callName(call)}-${call.request}`;
}

/**
 * The id of a request in a batch. It holds all that its answer is matched by, so that no table of ids is needed, and
 * the batch's own id, by which a batch without a name is recognised. It fits what every service takes.
 */
export function customId({ index, call, request }: BatchedCall, batch: string): string {
  return `p${index}-c${call}-${request}-${batch}`;
}

const CUSTOM_ID = /^p(\d{1,15})-c(\d{1,6})-([0-9a-f]{16})-([0-9a-z]{1,16})$/;

/** What an id says; undefined for one that is not ours. */
export function readCustomId(id: string): (BatchedCall & { readonly batch: string }) | undefined {
  const [, index, call, request, batch] = CUSTOM_ID.exec(id) ?? [];
  if (request === undefined || batch === undefined) return undefined;
  return { index: Number(index), call: Number(call), request, batch };
}

const AT_START = /^\{"custom_id":"([a-zA-Z0-9_-]{1,64})"/;

/**
 * The requests in a batch file, each read from the beginning of its line alone: the prompt behind it is long. None when
 * the file is no longer there.
 */
export async function requestsOf(folder: BatchFolder, file: string): Promise<readonly BatchedCall[]> {
  const calls: BatchedCall[] = [];
  for await (const line of folder.lines(file)) {
    const call = readCustomId(AT_START.exec(line)?.[1] ?? "");
    if (call !== undefined) calls.push(call);
  }
  return calls;
}
