import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import { openTemplate, type TemplateName } from "./template.ts";
import { openTokenizer } from "./text-tokenizer.ts";
import { type TokenizeSettings, tokenizeExample } from "./tokenize-example.ts";
import type { Tokenized } from "./tokenized-row.ts";
import { readTokenizerFolder } from "./tokenizer-folder.ts";

/** What is tokenised with, as the user gives it; it can be sent to a worker. */
export interface TokenizeJob {
  /** The path of a Hugging Face tokenizer folder. */
  readonly tokenizer: string;
  readonly template: TemplateName;
  /** The most tokens of a row (App. D: 8192, 4096 for 70B models). */
  readonly maxTokens: number;
}

/**
 * Opens what a job names.
 *
 * @throws AgentRefineError when the tokenizer cannot be read or does not fit the template
 */
export async function openJob({ tokenizer, template, maxTokens }: TokenizeJob): Promise<TokenizeSettings> {
  const folder = await readTokenizerFolder(tokenizer);
  const opened = openTokenizer(folder);
  return { tokenizer: opened, render: openTemplate(template, folder, opened), maxTokens };
}

/**
 * Tokenises examples one after the other.
 *
 * @throws AgentRefineError when the tokens of an example's parts are not those of its whole text
 */
export function tokenizeBatch(
  examples: readonly TrainingExample[],
  settings: TokenizeSettings,
): readonly Tokenized[] {
  return examples.map((example) => {
    const tokenized = tokenizeExample(example, settings);
    if (tokenized.code !== "mismatch") return tokenized;
    throw new AgentRefineError(
      `in row ${example.id}, context and answer share a token near ${JSON.stringify(tokenized.near)}`,
      { fix: "Use the template that belongs to this tokenizer, or another tokenizer." },
    );
  });
}
