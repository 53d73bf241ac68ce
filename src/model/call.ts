import { ChatError, withUsage } from "./chat-error.ts";
import type { ChatOptions, ChatReply, ChatRequest, FinishReason } from "./chat-model.ts";
import type { ReplyPart } from "./chat-wire.ts";
import type { ReadOn } from "./read-events.ts";
import {
  addPart,
  draftLength,
  emptyDraft,
  estimatedUsage,
  finishReply,
  type ReplyDraft,
} from "./reply-draft.ts";

/** A call under way, whatever carries it. */
export interface Call {
  readonly request: ChatRequest;
  readonly draft: ReplyDraft;
  readonly watch: ((text: string) => boolean) | undefined;
  /** Told how many characters have come. */
  readonly progress: ((characters: number) => void) | undefined;
  /** Whether the provider has taken the request. */
  answered: boolean;
  /** Whether the provider's own end was read, so that its usage is the whole call's. */
  ended: boolean;
  /** Why we stopped reading, when we did. */
  cut: FinishReason | undefined;
  /** What `watch` threw, when it did: a defect of the caller, not a failure of the provider. */
  defect: { readonly error: unknown } | undefined;
}

/**
 * Makes one call: `read` fills it, and this turns it into the reply, or into the error that `chat` promises.
 * What a broken call bought is told with its error: all that came, and the prompt alone when the provider went
 * silent.
 */
export async function makeCall(
  request: ChatRequest,
  options: ChatOptions,
  read: (call: Call) => Promise<void>,
): Promise<ChatReply> {
  options.signal?.throwIfAborted();
  const call: Call = {
    request,
    draft: emptyDraft(),
    watch: options.watch?.(),
    progress: options.progress,
    answered: false,
    ended: false,
    cut: undefined,
    defect: undefined,
  };
  try {
    await read(call);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof ChatError) || !(call.answered || error.code === "timeout")) throw error;
    throw withUsage(error, estimatedUsage(request, call.draft));
  }
  if (call.defect !== undefined) throw call.defect.error;
  return finishReply(request, call.draft, call.ended, call.cut);
}

/** Adds what came, bounds the reply, shows new text to `watch`, and says whether to read on. */
export function takePart(call: Call, part: ReplyPart, maxReplyLength: number): ReadOn {
  addPart(call.draft, part);
  const characters = (part.text?.length ?? 0) + (part.reasoning?.length ?? 0);
  if (characters > 0) call.progress?.(characters);
  if (part.done === true) call.ended = true;
  if (draftLength(call.draft) > maxReplyLength) {
    call.draft.text = call.draft.text.slice(0, maxReplyLength);
    call.cut = "length";
  }
  if (call.watch !== undefined && part.text !== undefined && part.text !== "") {
    try {
      if (call.watch(part.text)) call.cut = "aborted";
    } catch (error) {
      call.defect = { error };
    }
  }
  if (call.cut !== undefined || call.defect !== undefined) return "stop";
  return part.done === true ? "finished" : "on";
}

/** Runs `work` with a signal that also fires, with the given error, when `stop` is called. */
export async function withOwnSignal(
  signal: AbortSignal | undefined,
  work: (own: AbortSignal, stop: (reason: ChatError) => void) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const pass = (): void => controller.abort(signal?.reason);
  signal?.addEventListener("abort", pass, { once: true });
  try {
    await work(controller.signal, (reason) => controller.abort(reason));
  } finally {
    signal?.removeEventListener("abort", pass);
  }
}
