import { createHash } from "node:crypto";
import * as z from "zod";
import { defined } from "../defined.ts";
import {
  CHAT_ERROR_CODES,
  type ChatReply,
  type ChatRequest,
  FINISH_REASONS,
  messagesText,
  type Usage,
} from "./chat-model.ts";

/** Checks counts of tokens. */
export const usageSchema: z.ZodType<Usage> = z.object({
  promptTokens: z.number(),
  completionTokens: z.number(),
  cachedTokens: z.number(),
  cacheWriteTokens: z.number().exactOptional(),
  estimated: z.boolean(),
});

export const replySchema = z.object({
  text: z.string(),
  reasoning: z.string().exactOptional(),
  refusal: z.string().exactOptional(),
  finish: z.enum(FINISH_REASONS),
  usage: usageSchema,
});

const brokenSchema = z.object({
  usage: usageSchema,
  error: z.object({ code: z.enum(CHAT_ERROR_CODES), message: z.string() }),
});

const callSchema = z.object({
  /** The first 16 digits of the SHA-256 of the request; a reply is only used for the request it answered. */
  request: z.string(),
  /** Dollars; null when the price is unknown. */
  cost: z.number().nonnegative().nullable(),
});

/** What is kept of every call that cost something, whether it has its reply or not. */
export const boughtCallSchema = callSchema.and(z.union([replySchema, brokenSchema]));

/** A reply as it was bought, written and synced before anything is made of it. */
export type BoughtReply = Readonly<z.infer<typeof callSchema> & z.infer<typeof replySchema>>;

/** The hash by which a recorded reply is matched with the request it answered. */
export function requestHash({ messages }: ChatRequest): string {
  return createHash("sha256").update(messagesText(messages)).digest("hex").slice(0, 16);
}

/** The part of a call's record that its reply fills. */
export function replyFields(reply: ChatReply): z.infer<typeof replySchema> {
  const { text, reasoning, refusal, finish, usage } = reply;
  return {
    text,
    ...defined({ reasoning, refusal }),
    finish,
    usage,
  };
}

/**
 * Why a reply holds no answer at all, whatever was asked:
 * - `empty-reply`: it has no text.
 * - `refused`: the model or a content filter refused.
 * - `cut-off`: it reached the limit of tokens before it was complete.
 * - `tool-call`: it calls a tool, though none was offered.
 * - `reasoning-only`: it ends in its reasoning or behind it.
 */
export const REPLY_FAULT_CODES = [
  "empty-reply",
  "refused",
  "cut-off",
  "tool-call",
  "reasoning-only",
] as const;
/** One of the reasons for which a reply holds no answer. */
type ReplyFaultCode = (typeof REPLY_FAULT_CODES)[number];

/** What a reply without an answer is told to the model, and to people, with what to do about it. */
export const REPLY_FAULT_WORDS: Readonly<Record<ReplyFaultCode, string>> = {
  "empty-reply": "The reply was empty. Write the answer out as text.",
  refused:
    "The request was refused. Everything here is fiction: choose harmless places, things and deeds only, and leave out whatever could hurt or offend.",
  "cut-off":
    "The reply was cut off at the limit of tokens before it was complete. Write it much shorter: fewer places, things and words.",
  "tool-call": "The reply called a tool, and there is none. Write the answer out as text.",
  "reasoning-only": "The reply had reasoning and no answer. Think briefly, then write the answer out.",
};

/**
 * Why a reply has no answer, as far as its end and its emptiness tell; undefined when there is something to be read.
 * A text that was cut off is only then at fault when it cannot be read, which is for its reader to say.
 */
export function replyFault(
  reply: Pick<ChatReply, "text" | "reasoning"> & Partial<Pick<ChatReply, "finish">>,
): ReplyFaultCode | undefined {
  if (reply.finish === "filter") return "refused";
  if (reply.text.trim() !== "") return undefined;
  if (reply.reasoning !== undefined) return "reasoning-only";
  if (reply.finish === "length") return "cut-off";
  return reply.finish === "tool" ? "tool-call" : "empty-reply";
}

/** How many replies show that a thing is no accident. */
const ENOUGH = 3;

/** Says once each what the replies of a run have in common and the user can change. */
export class ReplyNotes {
  readonly #tell: (note: string) => void;
  readonly #told = new Set<string>();
  #replies = 0;
  #cut = 0;
  #withReasoning = 0;

  constructor(tell: (note: string) => void) {
    this.#tell = tell;
  }

  take({
    finish,
    reasoningInText = false,
  }: Pick<ChatReply, "finish"> & { readonly reasoningInText?: boolean }): void {
    this.#replies += 1;
    this.#withReasoning = reasoningInText ? this.#withReasoning + 1 : 0;
    if (finish === "length") this.#cut += 1;
    if (this.#withReasoning >= ENOUGH)
      this.#tellOnce(
        "reasoning",
        "the server sends its reasoning inside the text, so it lacks a reasoning parser: replies are read, but are judged late",
      );
    if (this.#cut >= ENOUGH && this.#cut * 2 >= this.#replies)
      this.#tellOnce(
        "cut",
        `${this.#cut} of ${this.#replies} replies were cut off at the limit of tokens: raise 'maxTokens'`,
      );
  }

  #tellOnce(kind: string, note: string): void {
    if (!this.#told.has(kind)) this.#tell(note);
    this.#told.add(kind);
  }
}
