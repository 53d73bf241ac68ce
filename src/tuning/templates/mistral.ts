import { type Render, renderPairs } from "../render.ts";

/** The special tokens of the Mistral template beside the first and the last one. */
export const MISTRAL_TOKENS: readonly string[] = ["[INST]", "[/INST]"];

/**
 * The template of Mistral 7B v0.3 (tokenizer version 3), which is also LLaMA-Factory's `mistral`. The space before
 * an answer belongs to it.
 */
export function renderMistral(bos: string, eos: string): Render {
  return renderPairs((question, answer, number) => ({
    source: `${number === 0 ? bos : ""}[INST] ${question}[/INST]`,
    target: ` ${answer}${eos}`,
    tail: "",
  }));
}
