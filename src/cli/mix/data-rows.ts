import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { type JsonRow, readJsonRows } from "../../dataset/read-json-rows.ts";
import { decompressed, readingError } from "../../lines.ts";

import { parquetRows } from "./parquet-rows.ts";

const PARQUET_MAGIC = "PAR1";

async function isParquet(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PARQUET_MAGIC.length));
  return buffer.toString("latin1", 0, bytesRead) === PARQUET_MAGIC;
}

/** The text of a file in pieces, unpacked when it is packed. */
async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of decompressed(createReadStream(path)))
    yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/**
 * The rows of a file: Parquet, or JSON Lines or one JSON array, packed with gzip or not. The content tells which, not the
 * name. Throws AgentRefineError when it cannot be read.
 *
 * @param shown the file as the user is told of it
 */
export async function* dataRows(path: string, shown: string): AsyncGenerator<JsonRow> {
  try {
    yield* (await isParquet(path)) ? parquetRows(path, shown) : readJsonRows(textOf(path), shown);
  } catch (error) {
    throw readingError(error, shown);
  }
}
