import { basename, join } from "node:path";
import { exportGuide, type GuideNotes } from "../dataset/export-guide.ts";
import { FORMATS, type TextFormat } from "../dataset/formats.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { writeJsonl } from "../dataset/write-jsonl.ts";
import { AgentRefineError } from "../errors.ts";
import { writeAtomically, writeFileAtomically } from "../runs/atomic-file.ts";
import type { TokenizedExport } from "../tokens/export-tokenized.ts";
import type { TextTarget, TokenizedTarget } from "./target.ts";

/** Told how far a work is: rows that were written and, where they are counted, their tokens. */
export type OnProgress = (rows: number, tokens?: number) => void;

export type Written =
  | {
      readonly kind: "text";
      readonly rows: number;
      /** Examples that were left out because none of their turns is trained. */
      readonly untrainable: number;
      readonly readme: string;
    }
  | {
      readonly kind: "tokenized";
      readonly rows: number;
      readonly tally: TokenizedExport;
      readonly maxTokens: number;
      readonly readme: string;
    };

interface WriteOptions {
  readonly examples: AsyncIterable<TrainingExample>;
  /** What the README says of where the rows come from; asked for when all have been read. */
  readonly notes: () => GuideNotes;
  readonly replace: boolean;
  readonly onProgress?: OnProgress | undefined;
}

async function writeText(
  { format, out, ending }: TextTarget,
  { examples, notes, onProgress }: WriteOptions,
): Promise<Written> {
  const form: TextFormat = FORMATS[format];
  let [rows, untrainable] = [0, 0];
  async function* allRows(): AsyncGenerator<object> {
    for await (const example of examples) {
      const own = form.rows(example);
      if (own.length === 0) untrainable += 1;
      rows += own.length;
      onProgress?.(rows);
      yield* own;
    }
    if (rows > 0) return;
    throw new AgentRefineError("there is no row with a turn to train", {
      fix: "Every answer is masked: look at the masks of the data, or take another ablation where one was asked for.",
    });
  }
  await writeAtomically(out, async (file) => {
    if (ending === ".jsonl" || form.table === undefined) return writeJsonl(allRows(), file);
    // What writes Parquet takes a while to load.
    const { writeParquet } = await import("../dataset/write-parquet.ts");
    return writeParquet(allRows(), form.table, file);
  });
  const readme = `${out}.README.md`;
  const { facts, ...warning } = notes();
  const counts = [
    ["rows", `${rows}`],
    ["conversations left out because no turn is trained", `${untrainable}`],
  ] as const;
  await writeFileAtomically(
    readme,
    exportGuide({ format, files: [basename(out)], facts: [...facts, ...counts], ...warning }),
  );
  return { kind: "text", rows, untrainable, readme };
}

/**
 * Writes examples to a target and a README beside them: as text, or tokenised with the labels of Eq. 1. Everything
 * appears under its name when it is complete, and memory does not grow with the number of rows.
 *
 * @throws AgentRefineError when the disk or the tokenizer do not allow it, or no row is left
 */
export async function writeExamples(
  target: TextTarget | TokenizedTarget,
  options: WriteOptions,
): Promise<Written> {
  if (target.kind === "text") return writeText(target, options);
  const { format, out, job } = target;
  const { examples, notes, replace, onProgress } = options;
  // What tokenises takes a while to load, and most exports have no need of it.
  const { exportTokenized } = await import("../tokens/export-tokenized.ts");
  const tally = await exportTokenized({
    examples,
    format,
    out,
    job,
    notes,
    replace,
    onRow: ({ rows, tokens }) => onProgress?.(rows, tokens),
  });
  const readme = format === "hf-disk" ? join(out, "README.md") : `${out}.README.md`;
  return { kind: "tokenized", rows: tally.rows, tally, maxTokens: job.maxTokens, readme };
}
