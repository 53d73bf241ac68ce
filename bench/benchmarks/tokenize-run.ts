import { createReadStream } from "node:fs";
import { readJsonRows } from "../../src/dataset/read-data-file.ts";
import { readExamples } from "../../src/dataset/read-examples.ts";
import { exportTokenized } from "../../src/tokens/export-tokenized.ts";
import { answerWith } from "../support/child.ts";

/** What a tokenised export in a process of its own came to. */
export interface TokenizeRun {
  readonly rows: number;
  readonly tokens: number;
  /** From the file of text to the folder on the disk, without the start of the process. */
  readonly seconds: number;
  /** The part of it that tokenises alone; null where the two cannot be told apart. */
  readonly mapSeconds: number | null;
  /** The most memory ever held, in MiB. */
  readonly peak: number;
}

async function run(
  input: string,
  out: string,
  tokenizer: string,
  template: "llama3" | "mistral",
): Promise<TokenizeRun> {
  const began = performance.now();
  const bytes: AsyncIterable<Buffer> = createReadStream(input);
  const { rows, tokens } = await exportTokenized({
    examples: readExamples(readJsonRows(bytes, "bench"), { name: "bench" }),
    format: "hf-disk",
    out,
    job: { tokenizer, template, maxTokens: 1_000_000 },
  });
  const seconds = (performance.now() - began) / 1000;
  return { rows, tokens, seconds, mapSeconds: null, peak: process.resourceUsage().maxRSS / 1024 };
}

const [input = "", out = "", tokenizer = "", template] = process.argv.slice(2);
await answerWith(() => run(input, out, tokenizer, template === "mistral" ? "mistral" : "llama3"));
