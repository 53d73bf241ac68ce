import type { Render } from "./render.ts";
import { TemplateError } from "./template-error.ts";
import { renderChatTemplate } from "./templates/chat-template.ts";
import { LLAMA3_TOKENS, renderLlama3 } from "./templates/llama3.ts";
import { MISTRAL_TOKENS, renderMistral } from "./templates/mistral.ts";
import { QWEN_TOKENS, renderQwen } from "./templates/qwen.ts";
import type { TextTokenizer } from "./text-tokenizer.ts";
import type { TokenizerFolder } from "./tokenizer-folder.ts";

/** The name of a template, as the user gives it; `tokenizer` is the folder's own. */
export type TemplateName = "llama3" | "mistral" | "qwen" | "tokenizer";

/** Makes sure that a template's special tokens are tokens of their own; else an answer would have no certain end. */
function requireTokens(
  template: TemplateName,
  tokens: readonly string[],
  folder: TokenizerFolder,
  tokenizer: TextTokenizer,
): void {
  const missing = tokens.filter((token) => !tokenizer.isSpecial(token));
  if (missing.length === 0) return;
  throw new TemplateError(
    `the tokenizer in ${folder.path} does not have the special tokens of the template ${template}: ${missing.join(", ")}`,
    { fix: "Give the tokenizer of the model that you train, or use --template tokenizer." },
  );
}

/**
 * The template of a name for a tokenizer.
 *
 * @throws TemplateError when the tokenizer does not have the template's special tokens, or no template of its own
 */
export function openTemplate(name: TemplateName, folder: TokenizerFolder, tokenizer: TextTokenizer): Render {
  switch (name) {
    case "llama3": {
      const bos = "<|begin_of_text|>";
      requireTokens(name, [bos, ...LLAMA3_TOKENS], folder, tokenizer);
      return renderLlama3(bos);
    }
    case "mistral":
      requireTokens(name, ["<s>", "</s>", ...MISTRAL_TOKENS], folder, tokenizer);
      return renderMistral("<s>", "</s>");
    case "qwen":
      requireTokens(name, QWEN_TOKENS, folder, tokenizer);
      return renderQwen();
    case "tokenizer":
      return renderChatTemplate(folder, tokenizer);
  }
}
