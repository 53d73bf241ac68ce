import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { decompress } from "fzstd";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";
import { AgentRefineError, errorMessage, systemErrorCode } from "../errors.ts";
import { CHAT_COLUMNS } from "./read-chat-row.ts";

/** What the library does not decompress by itself, beside Snappy. */
const COMPRESSORS: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
};

/** How large a group of rows may be, decompressed, in bytes: it is held as a whole. */
const MAXIMUM_GROUP = 1_073_741_824;

/** What the format's reader says of a file that it cannot read, in one error of one line. */
function damaged(error: unknown, name: string): unknown {
  const code = systemErrorCode(error);
  // Node's own codes come from what a damaged file made the reader ask of it.
  const isFromSystem = code !== undefined && !code.startsWith("ERR_");
  if (isFromSystem || error instanceof AgentRefineError) return error;
  const [detail = ""] = errorMessage(error).split("\n");
  return new AgentRefineError(`cannot read ${name}: it is a damaged or unknown Parquet file (${detail})`, {
    fix: "Download or write the file again.",
    cause: error,
  });
}

function requireSmallGroups({ row_groups: groups }: FileMetaData, name: string, most: number): void {
  if (groups.every(({ total_byte_size: bytes }) => bytes <= most)) return;
  throw new AgentRefineError(`cannot read ${name}: a row group of it has more than ${most} bytes`, {
    fix: "Write it again with smaller row groups.",
  });
}

/** The columns of a file that a row of chat may have; no other is read. */
function chatColumns({ schema }: FileMetaData): string[] {
  const names = new Set(schema.map(({ name }) => name));
  return CHAT_COLUMNS.filter((name) => names.has(name));
}

/**
 * The rows of a Parquet file of somebody else's data, one group of rows after the other, so that memory holds one
 * group. Of the columns only those are read that {@link readChatRow} knows; a file that has none of them has no rows.
 *
 * @param name the file as the user is told of it
 * @param groupBytes how large a group may be, decompressed
 * @throws AgentRefineError when it is damaged, compressed in a way that is not known, or its groups are too large
 */
export async function* readParquetRows(
  file: AsyncBuffer,
  name: string,
  groupBytes: number = MAXIMUM_GROUP,
): AsyncGenerator<object> {
  try {
    const metadata = await parquetMetadataAsync(file);
    requireSmallGroups(metadata, name, groupBytes);
    const columns = chatColumns(metadata);
    let rowStart = 0;
    if (columns.length === 0) return;
    for (const { num_rows: rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(rows);
      yield* await parquetReadObjects({
        file,
        metadata,
        columns,
        rowStart,
        rowEnd,
        compressors: COMPRESSORS,
      });
      rowStart = rowEnd;
    }
  } catch (error) {
    throw damaged(error, name);
  }
}
