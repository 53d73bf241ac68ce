import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Sink } from "../dataset/sink.ts";
import { writeAtomically, writeFileAtomically } from "../runs/atomic-file.ts";
import type { TokenizedRow } from "./tokenized-row.ts";
import { writeArrow } from "./write-arrow.ts";

const DATA_FILE = "data-00000-of-00001.arrow";

function stateJson(fingerprint: string): string {
  return JSON.stringify({
    _data_files: [{ filename: DATA_FILE }],
    _fingerprint: fingerprint,
    _format_columns: null,
    _format_kwargs: {},
    _format_type: null,
    _output_all_columns: false,
    _split: "train",
  });
}

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
  await writeFileAtomically(join(train, "state.json"), stateJson(hash.digest("hex").slice(0, 16)));
  await writeFileAtomically(join(train, "dataset_info.json"), "{}");
  await writeFileAtomically(join(folder, "dataset_dict.json"), '{"splits": ["train"]}');
  return count;
}
