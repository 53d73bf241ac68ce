import { basename } from "node:path";
import { EXAMPLE_FORMATS } from "../../dataset/formats/example-format.ts";
import { type ExampleCounts, exampleRows } from "../../dataset/formats/example-rows.ts";
import { exportGuide } from "../../dataset/formats/export-guide.ts";
import { writeJsonl } from "../../dataset/write-jsonl.ts";
import { writeParquet } from "../../dataset/write-parquet.ts";
import { AgentRefineError } from "../../errors.ts";
import { writeAtomically, writeFileAtomically } from "../../runs/atomic-file.ts";
import { targetWords } from "../export-words.ts";
import type { TextTarget } from "./target.ts";
import type { WriteOptions, Written } from "./written.ts";

/** Writes examples as text and a README beside them. */
export async function writeText(
  { format, out, ending }: TextTarget,
  { examples, notes, tell }: WriteOptions,
): Promise<Written> {
  const { table } = EXAMPLE_FORMATS[format];
  let counts: ExampleCounts = { examples: 0, untrainable: 0, rows: 0 };
  const rows = exampleRows(examples, EXAMPLE_FORMATS[format], (now) => {
    counts = now;
    tell(now.rows);
  });
  await writeAtomically(out, async (file) => {
    if (ending === ".parquet" && table !== undefined) await writeParquet(rows, table, file);
    else await writeJsonl(rows, file);
    if (counts.rows > 0) return;
    throw new AgentRefineError(targetWords.noTrainedRow, { fix: targetWords.noTrainedRowFix });
  });
  const readme = `${out}.README.md`;
  const { facts, ...warning } = await notes();
  const guide = exportGuide({
    format,
    files: [basename(out)],
    facts: [
      ...facts,
      ["rows", `${counts.rows}`],
      ["conversations left out because no turn is trained", `${counts.untrainable}`],
    ],
    ...warning,
  });
  await writeFileAtomically(readme, guide);
  return { kind: "text", counts, readme };
}
