import type { ChatError } from "./chat-error.ts";

/**
 * How servers say that a request is longer than the model's context: OpenAI, vLLM and DeepSeek ("maximum context
 * length"), Anthropic ("prompt is too long", "exceed context limit"), SGLang ("longer than the model's context
 * length"), llama.cpp ("exceeds the available context size"), TGI ("`inputs` tokens + `max_new_tokens` must be"),
 * Gemini ("exceeds the maximum number of tokens"), Mistral ("too large for model with").
 */
const TOO_LONG =
  /context[ _-]?(?:length|size|window|limit)|prompt is too long|input is too long|max_new_tokens. must be|exceeds the maximum number of tokens|too large for model with|reduce the length of/i;

/** Whether a request was refused because it and the reply do not fit into the model's context. */
export function exceedsContext({ code, message }: ChatError): boolean {
  return code === "rejected-request" && TOO_LONG.test(message);
}
