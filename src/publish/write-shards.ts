import { rename } from "node:fs/promises";
import { join } from "node:path";
import { type ParquetTable, writeParquet } from "../dataset/write-parquet.ts";
import { storageError } from "../errors.ts";
import { writeAtomically } from "../runs/atomic-file.ts";

/** How many bytes of text a file holds at the most, before it is compressed; the limit of Hugging Face's `datasets`. */
const SHARD_BYTES = 500_000_000;

const padded = (number: number): string => String(number).padStart(5, "0");

/** The name of one of so many files of the split `train`, numbered from 0; the hub's viewer finds them by it. */
function shardName(number: number, count: number): string {
  return `train-${padded(number)}-of-${padded(count)}.parquet`;
}

/** A row with the bytes of text that it adds to its file. */
export interface SizedRow {
  readonly row: object;
  readonly bytes: number;
}

/**
 * Writes rows into a folder as `train-00000-of-0000N.parquet` and so on, each file with at most so many bytes of text
 * but at least one row. Memory does not grow with the number of rows. How many files there are is known at the end
 * only, so they get their names then: the folder should not be seen by anybody before. Gives the number of rows.
 */
export async function writeShards(
  rows: AsyncIterable<SizedRow>,
  table: ParquetTable,
  folder: string,
  shardBytes: number = SHARD_BYTES,
): Promise<number> {
  const source = rows[Symbol.asyncIterator]();
  let next = await source.next();
  async function* shard(): AsyncGenerator<object> {
    for (let bytes = 0; next.done !== true; next = await source.next()) {
      if (bytes > 0 && bytes + next.value.bytes > shardBytes) return;
      bytes += next.value.bytes;
      yield next.value.row;
    }
  }
  const part = (number: number): string => join(folder, `train-${padded(number)}.part`);
  let [count, rowCount] = [0, 0];
  try {
    for (; next.done !== true; count += 1) {
      rowCount += await writeAtomically(part(count), (file) => writeParquet(shard(), table, file));
    }
  } finally {
    await source.return?.();
  }
  for (let number = 0; number < count; number += 1) {
    const path = join(folder, shardName(number, count));
    await rename(part(number), path).catch((error: unknown) => {
      throw storageError(error, "write", path);
    });
  }
  return rowCount;
}
