import { basename, join } from "node:path";
import { writeFileAtomically } from "../../runs/atomic-file.ts";
import { exportTokenized, tallyFacts } from "../../tuning/export-tokenized.ts";
import { tokenizerHash } from "../../tuning/tokenizer-folder.ts";
import type { TokenizedTarget } from "./target.ts";
import { guideText, type WriteOptions, type Written } from "./written.ts";

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
    replace,
    onRow: ({ rows, tokens }) => tell(rows, tokens),
  });
  // The library's README knows nothing of where the rows come from; this one says that as well.
  const readme = format === "hf-disk" ? join(out, "README.md") : `${out}.README.md`;
  const file = format === "hf-disk" ? "train/" : basename(out);
  const facts = tallyFacts(tally, job, await tokenizerHash(job.tokenizer));
  await writeFileAtomically(readme, guideText(notes, { format, files: [file], facts }));
  return { kind: "tokenized", tally, maxTokens: job.maxTokens, readme };
}
