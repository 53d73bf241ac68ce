import { createReadStream } from "node:fs";
import { AgentRefineError } from "../../errors.ts";
import { readingError } from "../../persona/reading-error.ts";
import { unzipped } from "../../persona/unzipped.ts";
import { mixWords } from "../export-words.ts";

const PARQUET_MAGIC = "PAR1";

/** The text of a file in pieces, unpacked when it is packed. Throws AgentRefineError when it cannot be read. */
export async function* dataText(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let isFirst = true;
  try {
    for await (const bytes of unzipped(createReadStream(path))) {
      if (isFirst && bytes.toString("latin1", 0, PARQUET_MAGIC.length) === PARQUET_MAGIC) {
        throw new AgentRefineError(mixWords.parquet(path), { fix: mixWords.parquetFix });
      }
      isFirst = false;
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw readingError(error, path);
  }
}
