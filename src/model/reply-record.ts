import { createHash } from "node:crypto";
import * as z from "zod";
import { CHAT_ERROR_CODES } from "./chat-error.ts";
import { type ChatReply, type ChatRequest, FINISH_REASONS, type Usage } from "./chat-model.ts";

/** Checks counts of tokens. */
export const usageSchema: z.ZodType<Usage> = z.object({
  promptTokens: z.number(),
  completionTokens: z.number(),
  cachedTokens: z.number(),
  cacheWriteTokens: z.number().exactOptional(),
  estimated: z.boolean(),
});

/** A reply as it is kept. */
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

/** A call that was given up without a reply; kept for what it cost. */
export type BrokenCall = Readonly<z.infer<typeof callSchema> & z.infer<typeof brokenSchema>>;

/** The hash by which a recorded reply is matched with the request it answered. */
export function requestHash({ messages }: ChatRequest): string {
  return createHash("sha256").update(JSON.stringify(messages)).digest("hex").slice(0, 16);
}

/** The part of a call's record that its reply fills. */
export function replyFields(reply: ChatReply): z.infer<typeof replySchema> {
  const { text, reasoning, refusal, finish, usage } = reply;
  return {
    text,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(refusal === undefined ? {} : { refusal }),
    finish,
    usage,
  };
}
