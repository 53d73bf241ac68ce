import { join } from "node:path";
import { exportGuide, type GuideNotes } from "../dataset/export-guide.ts";
import type { TokenizedFormatName } from "../dataset/formats.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { writeJsonl } from "../dataset/write-jsonl.ts";
import { writeParquet } from "../dataset/write-parquet.ts";
import { AgentRefineError } from "../errors.ts";
import { writeAtomically, writeFileAtomically, writeFolderAtomically } from "../runs/atomic-file.ts";
import { writeHfDisk } from "./hf-disk.ts";
import { type OpenJob, openJob, type TokenizeJob, tokenizeExamples } from "./tokenize-example.ts";
import {
  addTokenized,
  NOTHING_TOKENIZED,
  TOKENIZED_TABLE,
  type TokenizedRow,
  type TokenizedTally,
  tokenizedColumns,
} from "./tokenized-row.ts";
import { tokenizerHash } from "./tokenizer-folder.ts";

export interface ExportTokenizedOptions {
  readonly examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>;
  readonly format: TokenizedFormatName;
  /** The path of the folder (`hf-disk`) or of the file. */
  readonly out: string;
  readonly job: TokenizeJob;
  /** The same, where it has been opened already. */
  readonly opened?: OpenJob | undefined;
  /** What the README says of where the rows come from; asked for when all have been read. */
  readonly notes?: (() => GuideNotes) | undefined;
  /** Whether an `hf-disk` folder of that name may be replaced. A file always is. */
  readonly replace?: boolean;
  /** Called after each row, for a progress line. */
  readonly onRow?: ((tally: TokenizedTally) => void) | undefined;
}

export interface TokenizedExport extends TokenizedTally {
  /** What a person should know of the template before training, in whole sentences. */
  readonly warnings: readonly string[];
}

/** What a tally says, as names and values for a person. `hash` is the tokenizer's. */
function tallyFacts(
  { rows, cut, dropped, tokens, supervised, longest }: TokenizedTally,
  job: TokenizeJob,
  hash: string,
): readonly (readonly [string, string])[] {
  return [
    ["tokenizer", `${job.tokenizer} (SHA-256 of tokenizer.json begins with ${hash})`],
    ["template", job.template],
    ["rows", `${rows}`],
    ["rows cut to the limit of tokens", `${cut} (limit ${job.maxTokens})`],
    ["rows left out because their first trained turn does not fit", `${dropped["too-long"]}`],
    ["rows left out because no turn is trained", `${dropped["no-supervised-turn"]}`],
    ["rows left out because a text holds a special token", `${dropped["special-token"]}`],
    ["tokens", `${tokens}`],
    ["tokens in the loss", `${supervised}`],
    ["tokens of the longest row", `${longest}`],
  ];
}

/** Fails when there is no row, so that no export without rows ever gets its name. */
function requireRows(tally: TokenizedTally): TokenizedTally {
  if (tally.rows > 0) return tally;
  throw new AgentRefineError("there is no row with a turn to train", {
    fix:
      tally.dropped["too-long"] > 0
        ? "Raise 'maxTokens': the first trained turn of no row fits."
        : "Every answer is masked: look at the masks of the data, or take another ablation where one was asked for.",
  });
}

/**
 * Tokenises examples and writes them with the labels of Eq. 1, and beside them a README that says which engine reads
 * them with which settings: in the folder, or as `FILE.README.md`. Folder and file appear under their names only when
 * they are complete. Memory does not grow with the number of rows.
 *
 * @throws AgentRefineError when the tokenizer, an example, the target or the disk do not allow it, or no row is left
 */
export async function exportTokenized(options: ExportTokenizedOptions): Promise<TokenizedExport> {
  const { examples, format, out, job, notes, replace = false, onRow } = options;
  const opened = options.opened ?? (await openJob(job));
  const { warnings } = opened.template;
  let tally = NOTHING_TOKENIZED;
  async function* rows(): AsyncGenerator<TokenizedRow> {
    for await (const tokenized of tokenizeExamples(examples, opened)) {
      tally = addTokenized(tally, tokenized);
      onRow?.(tally);
      if (tokenized.code === "row") yield tokenized.row;
    }
    requireRows(tally);
  }
  async function* columns(): AsyncGenerator<object> {
    for await (const row of rows()) yield tokenizedColumns(row);
  }
  const guide = async (file: string): Promise<string> => {
    const { facts = [], ...warning } = notes?.() ?? {};
    const counts = tallyFacts(tally, job, await tokenizerHash(job.tokenizer));
    const cautions = warnings.map((each) => ["about the template", each] as const);
    return exportGuide({ format, files: [file], facts: [...facts, ...counts, ...cautions], ...warning });
  };
  if (format === "hf-disk") {
    const fill = async (folder: string): Promise<void> => {
      await writeHfDisk(folder, rows());
      await writeFileAtomically(join(folder, "README.md"), await guide("train/"));
    };
    await writeFolderAtomically(out, fill, { replace });
    return { ...tally, warnings };
  }
  await writeAtomically(out, (file) =>
    format === "tokenized-jsonl"
      ? writeJsonl(columns(), file)
      : writeParquet(columns(), TOKENIZED_TABLE, file),
  );
  await writeFileAtomically(`${out}.README.md`, await guide(out.split(/[\\/]/).at(-1) ?? out));
  return { ...tally, warnings };
}
