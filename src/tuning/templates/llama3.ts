import { type Render, renderPairs } from "../render.ts";

/** The special tokens of the Llama-3 template beside the first one. */
export const LLAMA3_TOKENS: readonly string[] = ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"];

const QUESTION = "<|start_header_id|>user<|end_header_id|>\n\n";
const ANSWER = "<|start_header_id|>assistant<|end_header_id|>\n\n";

/** The template of Llama 3, which is also LLaMA-Factory's `llama3`. `bos` is its first token. */
export function renderLlama3(bos: string): Render {
  return renderPairs((question, answer, number) => ({
    source: `${number === 0 ? bos : ""}${QUESTION}${question}<|eot_id|>${ANSWER}`,
    target: `${answer}<|eot_id|>`,
    tail: "",
  }));
}
