import type { ChatMessage } from "./chat-model.ts";

/** Tokens that chat templates add around one message, about. */
const MESSAGE_OVERHEAD = 4;

/**
 * About how many tokens a text has: a quarter of a token for each ASCII character, one for each UTF-16 unit
 * beyond (close for Chinese, high for accented Latin letters). For replies whose usage the provider did not
 * send; never for a price that is known.
 */
export function estimateTokens(text: string): number {
  let beyond = 0;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) beyond += 1;
  return Math.ceil((text.length - beyond) / 4) + beyond;
}

/** About how many tokens a prompt has: {@link estimateTokens} of each message, and four more for each. */
export function estimatePromptTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(message.content) + MESSAGE_OVERHEAD, 0);
}
