import { type Render, renderPairs } from "../render.ts";

/** The special tokens of the Qwen template. */
export const QWEN_TOKENS: readonly string[] = ["<|im_start|>", "<|im_end|>"];

/**
 * The template of Qwen (ChatML) without a system message and without blocks of reasoning, which is LLaMA-Factory's
 * `qwen3_nothink`. The line break after the end-of-turn token is not trained: no engine that generates ever asks for
 * it. Qwen 2.5's own template adds a system message; the folder's own template (`tokenizer`) gives that.
 */
export function renderQwen(): Render {
  return renderPairs((question, answer) => ({
    source: `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`,
    target: `${answer}<|im_end|>`,
    tail: "\n",
  }));
}
