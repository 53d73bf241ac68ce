import { join } from "node:path";
import { exportTokenized } from "../../tokens/export-tokenized.ts";
import type { TokenizedTarget } from "./target.ts";
import type { WriteOptions, Written } from "./written.ts";

/** Tokenises examples and writes them with the labels of Eq. 1, and a README with or beside them. */
export async function writeTokens(
  { format, out, job }: TokenizedTarget,
  { examples, notes, replace, tell }: WriteOptions,
): Promise<Written> {
  const tally = await exportTokenized({
    examples,
    format,
    out,
    job,
    notes,
    replace,
    onRow: ({ rows, tokens }) => tell(rows, tokens),
  });
  const readme = format === "hf-disk" ? join(out, "README.md") : `${out}.README.md`;
  return { kind: "tokenized", tally, maxTokens: job.maxTokens, readme };
}
