import type { TokenizedFormatName } from "./engine.ts";
import type { FileEnding } from "./file-ending.ts";

/** A form in which training examples can be exported as tokens. */
export interface TokenizedFormat {
  /** What a row is, in words for the command line's help. */
  readonly makes: string;
  /** The ending of its file; undefined for a folder. */
  readonly ending: FileEnding | undefined;
}

/** Every tokenised format. What writes them is apart, in `tokens`, since it takes a while to load. */
export const TOKENIZED_FORMATS: Readonly<Record<TokenizedFormatName, TokenizedFormat>> = {
  "hf-disk": {
    makes: "a folder for load_from_disk, with labels: LLaMA-Factory, TRL, Unsloth",
    ending: undefined,
  },
  "tokenized-jsonl": {
    makes: "{input_ids, attention_mask, labels}: axolotl, TRL, Unsloth",
    ending: ".jsonl",
  },
  "tokenized-parquet": {
    makes: "input_ids, attention_mask, labels: axolotl, TRL, Unsloth, Together",
    ending: ".parquet",
  },
};

/** Whether a format is one of them. */
export function isTokenized(format: string): format is TokenizedFormatName {
  return Object.hasOwn(TOKENIZED_FORMATS, format);
}
