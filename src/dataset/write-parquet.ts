import { ByteWriter, parquetWriteRows, type SchemaElement } from "hyparquet-writer";
import type { Sink } from "./write-jsonl.ts";

/** The shape of a Parquet file: its top-level columns and its whole schema, the root first, depth first. */
export interface ParquetTable {
  readonly columns: readonly string[];
  readonly schema: readonly SchemaElement[];
  /** How many rows are held in memory and written together; 1000 unless the rows are long. */
  readonly rowsPerGroup?: number;
}

/** The size that Hugging Face's viewer reads at once. */
const ROWS_PER_GROUP = 1000;

/**
 * The library's buffer, emptied into the sink after each row group. What is handed over is not used again, so the
 * sink may keep it.
 */
class SinkWriter extends ByteWriter {
  readonly #sink: Sink;

  constructor(sink: Sink) {
    super();
    this.#sink = sink;
  }

  async flush(): Promise<void> {
    const chunk = this.getBytes();
    this.buffer = new ArrayBuffer(1024);
    this.view = new DataView(this.buffer);
    this.index = 0;
    if (chunk.length > 0) await this.#sink.write(chunk);
  }

  override finish(): Promise<void> {
    return this.flush();
  }
}

/**
 * Writes rows as a Parquet file (Snappy), one row group after another, so that memory does not grow with their
 * number. Gives the number of rows. Statistics are left out: the least and greatest text of a group help no reader.
 */
export async function writeParquet(
  rows: AsyncIterable<object> | Iterable<object>,
  table: ParquetTable,
  sink: Sink,
): Promise<number> {
  let count = 0;
  async function* counted(): AsyncGenerator<object> {
    for await (const row of rows) {
      count += 1;
      yield row;
    }
  }
  await parquetWriteRows({
    writer: new SinkWriter(sink),
    rows: counted(),
    columns: table.columns.map((name) => ({ name })),
    schema: [...table.schema],
    statistics: false,
    rowGroupSize: table.rowsPerGroup ?? ROWS_PER_GROUP,
  });
  return count;
}
