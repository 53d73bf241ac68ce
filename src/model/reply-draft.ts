import type { ChatReply, ChatRequest, FinishReason, Usage } from "./chat-model.ts";
import type { ReplyPart, ReportedUsage } from "./chat-wire.ts";
import { estimatePromptTokens, estimateTokens } from "./estimate-tokens.ts";

/** A reply that is being received. It only grows. */
export interface ReplyDraft {
  text: string;
  reasoning: string;
  finish: FinishReason | undefined;
  usage: ReportedUsage;
}

/** A reply of which nothing has come yet. */
export function emptyDraft(): ReplyDraft {
  return { text: "", reasoning: "", finish: undefined, usage: {} };
}

/** Adds what came. A refusal stays one: some providers still say "stop" after it. */
export function addPart(draft: ReplyDraft, part: ReplyPart): void {
  if (part.text !== undefined) draft.text += part.text;
  if (part.reasoning !== undefined) draft.reasoning += part.reasoning;
  if (part.usage !== undefined) draft.usage = { ...draft.usage, ...part.usage };
  if (part.finish !== undefined && draft.finish !== "filter") draft.finish = part.finish;
}

/** Characters received so far, reasoning included. */
export function draftLength(draft: ReplyDraft): number {
  return draft.text.length + draft.reasoning.length;
}

/** Tokens bought with a draft that broke or was stopped: what the provider stated, else our estimate. */
export function estimatedUsage(request: ChatRequest, draft: ReplyDraft): Usage {
  const { promptTokens, cachedTokens, completionTokens } = draft.usage;
  const received = estimateTokens(draft.text) + estimateTokens(draft.reasoning);
  return {
    promptTokens: promptTokens ?? estimatePromptTokens(request.messages),
    // A count that came with a stream that did not end is a count of its beginning.
    completionTokens: Math.max(received, completionTokens ?? 0),
    cachedTokens: cachedTokens ?? 0,
    estimated: true,
  };
}

function finalUsage(request: ChatRequest, draft: ReplyDraft): Usage {
  const { promptTokens, cachedTokens, completionTokens } = draft.usage;
  if (promptTokens === undefined || completionTokens === undefined) return estimatedUsage(request, draft);
  return { promptTokens, completionTokens, cachedTokens: cachedTokens ?? 0, estimated: false };
}

/**
 * The reply made of a draft. `ended` says whether the provider's own end was read, so that its usage is the
 * whole call's; `cut` is why we stopped reading, when we did.
 */
export function finishReply(
  request: ChatRequest,
  draft: ReplyDraft,
  ended: boolean,
  cut: FinishReason | undefined,
): ChatReply {
  return {
    text: draft.text,
    ...(draft.reasoning === "" ? {} : { reasoning: draft.reasoning }),
    finish: cut ?? draft.finish ?? "stop",
    usage: ended ? finalUsage(request, draft) : estimatedUsage(request, draft),
  };
}
