import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { AgentRefineError, storageError } from "../../errors.ts";
import type { EmbeddingModel } from "../../model/embeddings.ts";
import { type Journal, openJournal, readRecords } from "../../runs/journal.ts";
import { lockFolder } from "../../runs/lock.ts";
import { type Matrix, rowOf, zeros } from "./matrix.ts";

/** How vectors are bought. */
export interface EmbedOptions {
  readonly model: EmbeddingModel;
  /** The folder in which vectors are kept for the next time, of this model and of others. */
  readonly folder: string;
  readonly stop?: AbortSignal | undefined;
  /** Called whenever more are there, with how many of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Texts of one request, and requests at once. */
const BATCH = 64;
const AT_ONCE = 4;

/** Checks a line of `vectors.jsonl`: the vector of a text, by the text's hash, as 32-bit floats. */
const keptSchema = z.object({ text: z.string().regex(/^[0-9a-f]{64}$/), vector: z.base64() });

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function encoded(vector: Float32Array): string {
  const bytes = Buffer.alloc(4 * vector.length);
  vector.forEach((value, place) => {
    bytes.writeFloatLE(value, 4 * place);
  });
  return bytes.toString("base64");
}

function decoded(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_value, place) =>
    bytes.readFloatLE(4 * place),
  );
}

/** The vectors of a file for some texts, by their hashes. */
async function readKept(path: string, wanted: ReadonlySet<string>): Promise<Map<string, Float32Array>> {
  const kept = new Map<string, Float32Array>();
  const kind = { schema: keptSchema, name: "a vector", removal: "it is then bought again" };
  for await (const { text, vector } of readRecords(path, kind))
    if (wanted.has(text)) kept.set(text, decoded(vector));
  return kept;
}

/** Buys what is missing, some requests at once; what has come is on the disk before it is used. */
async function buy(
  missing: readonly (readonly [string, string])[],
  vectors: Map<string, Float32Array>,
  journal: Journal,
  { model, stop, onProgress }: EmbedOptions,
): Promise<void> {
  const total = vectors.size + missing.length;
  const failed = new AbortController();
  const signal = stop === undefined ? failed.signal : AbortSignal.any([stop, failed.signal]);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < missing.length) {
      signal.throwIfAborted();
      const batch = missing.slice(next, next + BATCH);
      next += BATCH;
      const bought = await model.embed(
        batch.map(([, text]) => text),
        signal,
      );
      await Promise.all(
        batch.map(([hash], place) =>
          journal.append({ text: hash, vector: encoded(bought[place] ?? new Float32Array()) }),
        ),
      );
      batch.forEach(([hash], place) => {
        vectors.set(hash, bought[place] ?? new Float32Array());
      });
      onProgress?.(vectors.size, total);
    }
  };
  const stopAll = (error: unknown): never => {
    failed.abort(error);
    throw error;
  };
  // After a failure nothing more is asked for; what is on the wire is paid for, and kept before the file is closed.
  await Promise.allSettled(Array.from({ length: AT_ONCE }, () => work().catch(stopAll)));
  if (failed.signal.aborted) throw failed.signal.reason;
  stop?.throwIfAborted();
}

/** One row for each text, of length as it came. */
function matrixOf(
  hashes: readonly string[],
  vectors: ReadonlyMap<string, Float32Array>,
  path: string,
): Matrix {
  const columns = vectors.get(hashes[0] ?? "")?.length ?? 0;
  const matrix = zeros(hashes.length, columns);
  hashes.forEach((hash, row) => {
    const vector = vectors.get(hash);
    if (vector?.length !== columns) {
      throw new AgentRefineError(
        `the vectors in ${path} are not all of one length: the server changed its model`,
        {
          fix: "Remove that file; its vectors are then bought again.",
        },
      );
    }
    rowOf(matrix, row).set(vector);
  });
  return matrix;
}

/**
 * The vectors of texts: those that were bought before from the folder, the others from the model. What came is kept
 * before it is used, so that who is killed buys nothing twice.
 *
 * @throws AgentRefineError when the server's answer is none or the disk refuses, ChatError when there is no answer, and
 *   the reason of `stop`
 */
export async function embedTexts(texts: readonly string[], options: EmbedOptions): Promise<Matrix> {
  const { model, stop } = options;
  const folder = join(options.folder, hashOf(`${model.baseUrl}\n${model.name}`).slice(0, 16));
  const path = join(folder, "vectors.jsonl");
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw storageError(error, "write", folder);
  });
  const hashes = texts.map(hashOf);
  const lock = await lockFolder(folder);
  try {
    stop?.throwIfAborted();
    const vectors = await readKept(path, new Set(hashes));
    const missing = new Map(texts.map((text, place) => [hashes[place] ?? "", text] as const));
    for (const hash of vectors.keys()) missing.delete(hash);
    if (missing.size > 0) {
      const journal = await openJournal(path, { sync: true, lost: lock.lost });
      try {
        await buy([...missing], vectors, journal, options);
      } finally {
        await journal.close();
      }
    }
    return matrixOf(hashes, vectors, path);
  } finally {
    await lock.release();
  }
}
