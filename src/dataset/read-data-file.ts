import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { byteLines, decompressed, readingError } from "../lines.ts";
import { arrayObjects } from "./array-objects.ts";

/** A row of a file as a JSON value, or why there is none. */
export type JsonRow =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

/** How long one row may be: in bytes, and in an array in characters. */
const MAXIMUM_ROW = 16_000_000;

function parsed(text: string): JsonRow {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: "is not JSON" };
  }
}

const PARQUET_MAGIC = "PAR1";

async function isParquet(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PARQUET_MAGIC.length));
  return buffer.toString("latin1", 0, bytesRead) === PARQUET_MAGIC;
}

async function* decoded(blocks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const block of blocks) yield decoder.decode(block, { stream: true });
  yield decoder.decode();
}

/**
 * The objects of a file of JSON Lines or of one JSON array, as other projects publish them, one after the other from
 * bytes that arrive in pieces; a file that begins with `[` is an array. Holds one row at a time. A bad line costs
 * itself only.
 *
 * @param name the file as the user is told of it
 * @throws AgentRefineError where an array cannot be read on
 */
export async function* readJsonRows(
  blocks: AsyncIterable<Buffer> | Iterable<Buffer>,
  name: string,
): AsyncGenerator<JsonRow> {
  const rest = (async function* () {
    yield* blocks;
  })();
  const held: Buffer[] = [];
  /** Whether the file is an array; known at its first character that is neither space nor a byte order mark. */
  let isArray: boolean | undefined;
  while (isArray === undefined) {
    const next = await rest.next();
    if (next.done === true) break;
    held.push(next.value);
    // A character that was cut in two is no space, and no bracket either.
    const [first] = Buffer.concat(held).toString("utf8").trimStart();
    if (first !== undefined) isArray = first === "[";
  }
  const whole = (async function* () {
    yield* held;
    yield* rest;
  })();
  if (isArray === true) {
    for await (const object of arrayObjects(decoded(whole), MAXIMUM_ROW, name)) yield parsed(object);
    return;
  }
  for await (const { bytes } of byteLines(whole, MAXIMUM_ROW)) {
    const text = bytes?.toString("utf8").trim();
    if (text === undefined) yield { problem: `has more than ${MAXIMUM_ROW} bytes` };
    else if (text !== "") yield parsed(text);
  }
}

/**
 * The rows of a file of somebody else's data: Parquet, or JSON Lines or one JSON array, compressed with gzip or not.
 * The content tells which, not the name.
 *
 * @param name the file as the user is told of it
 * @throws AgentRefineError when it cannot be read
 */
export async function* readDataFile(path: string, name: string): AsyncGenerator<JsonRow> {
  try {
    if (!(await isParquet(path))) {
      yield* readJsonRows(decompressed(createReadStream(path)), name);
      return;
    }
    // What reads Parquet takes a while to load, and few mixtures have a need of it.
    const [{ asyncBufferFromFile }, { readParquetRows }] = await Promise.all([
      import("hyparquet"),
      import("./read-parquet-rows.ts"),
    ]);
    for await (const value of readParquetRows(await asyncBufferFromFile(path), name)) yield { value };
  } catch (error) {
    throw readingError(error, name);
  }
}
