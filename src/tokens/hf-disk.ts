import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  AsyncByteQueue,
  Field,
  Int8,
  Int32,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from "apache-arrow";
import type { Sink } from "../dataset/write-jsonl.ts";
import { writeAtomically, writeFileAtomically } from "../runs/atomic-file.ts";
import type { TokenizedRow } from "./tokenized-row.ts";

/** A batch is written once it has so many rows or tokens. */
const BATCH_ROWS = 1000;
const BATCH_TOKENS = 1_000_000;

// A type and not an interface: the library asks for one with an index.
type Columns = { input_ids: List<Int32>; attention_mask: List<Int8>; labels: List<Int32> };

const IDS = new List(new Field("item", new Int32(), true));
const MASK = new List(new Field("item", new Int8(), true));
const SCHEMA = new Schema<Columns>([
  new Field("input_ids", IDS, true),
  new Field("attention_mask", MASK, true),
  new Field("labels", IDS, true),
]);

/** Keeps what the library writes until it is taken. */
class TakenQueue extends AsyncByteQueue<Uint8Array> {
  #pieces: Uint8Array[] = [];

  override write(value: Parameters<AsyncByteQueue<Uint8Array>["write"]>[0]): void {
    if (!(value instanceof Uint8Array)) throw new TypeError("an Arrow writer writes bytes");
    this.#pieces.push(value);
  }

  take(): Uint8Array {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    return bytes;
  }
}

/** One typed array of the values of all rows, in order. */
function joined(rows: readonly TokenizedRow[], column: "ids" | "labels", length: number): Int32Array {
  const values = new Int32Array(length);
  let at = 0;
  for (const row of rows) {
    values.set(row[column], at);
    at += row[column].length;
  }
  return values;
}

function batchOf(rows: readonly TokenizedRow[]): RecordBatch<Columns> {
  const valueOffsets = new Int32Array(rows.length + 1);
  rows.forEach(({ ids }, place) => {
    valueOffsets[place + 1] = (valueOffsets[place] ?? 0) + ids.length;
  });
  const length = valueOffsets.at(-1) ?? 0;
  const column = { length: rows.length, nullCount: 0, valueOffsets };
  const values = { length, nullCount: 0 };
  const numbers = (name: "ids" | "labels") =>
    makeData({
      ...column,
      type: IDS,
      child: makeData({ ...values, type: new Int32(), data: joined(rows, name, length) }),
    });
  const mask = makeData({
    ...column,
    type: MASK,
    child: makeData({ ...values, type: new Int8(), data: new Int8Array(length).fill(1) }),
  });
  const children = [numbers("ids"), mask, numbers("labels")];
  return new RecordBatch(
    SCHEMA,
    makeData({ type: new Struct<Columns>(SCHEMA.fields), length: rows.length, nullCount: 0, children }),
  );
}

/**
 * Writes rows as an Arrow IPC stream with the columns `input_ids`, `attention_mask` and `labels`, in memory that does
 * not grow with their number. Gives the number of rows.
 */
async function writeArrow(
  rows: AsyncIterable<TokenizedRow> | Iterable<TokenizedRow>,
  sink: Sink,
): Promise<number> {
  const queue = new TakenQueue();
  const writer = new RecordBatchStreamWriter<Columns>({ autoDestroy: false });
  writer.reset(queue, SCHEMA);
  let count = 0;
  let held: TokenizedRow[] = [];
  let tokens = 0;
  const flush = async (): Promise<void> => {
    if (held.length > 0) writer.write(batchOf(held));
    held = [];
    tokens = 0;
    await sink.write(queue.take());
  };
  for await (const row of rows) {
    count += 1;
    held.push(row);
    tokens += row.ids.length;
    if (held.length >= BATCH_ROWS || tokens >= BATCH_TOKENS) await flush();
  }
  await flush();
  writer.finish();
  await sink.write(queue.take());
  return count;
}

const DATA_FILE = "data-00000-of-00001.arrow";

/**
 * Writes rows into a folder in the layout of Hugging Face's `save_to_disk`, as a DatasetDict with the split `train`.
 * The features are left for the reader to take from the Arrow schema, since older versions of `datasets` fail on the
 * newer names of types. The fingerprint is one of the content: `datasets` keeps results of earlier work under it.
 * Gives the number of rows.
 */
export async function writeHfDisk(
  folder: string,
  rows: AsyncIterable<TokenizedRow> | Iterable<TokenizedRow>,
): Promise<number> {
  const train = join(folder, "train");
  const hash = createHash("sha256");
  const count = await writeAtomically(join(train, DATA_FILE), (file) => {
    const sink: Sink = {
      write: (chunk) => {
        hash.update(chunk);
        return file.write(chunk);
      },
    };
    return writeArrow(rows, sink);
  });
  const state = {
    _data_files: [{ filename: DATA_FILE }],
    _fingerprint: hash.digest("hex").slice(0, 16),
    _format_columns: null,
    _format_kwargs: {},
    _format_type: null,
    _output_all_columns: false,
    _split: "train",
  };
  await writeFileAtomically(join(train, "state.json"), JSON.stringify(state));
  await writeFileAtomically(join(train, "dataset_info.json"), "{}");
  await writeFileAtomically(join(folder, "dataset_dict.json"), '{"splits": ["train"]}');
  return count;
}
