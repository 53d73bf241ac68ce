import * as z from "zod";
import { CHAT_ERROR_CODES } from "./chat-error.ts";
import type { Usage } from "./chat-model.ts";
import type { BoughtReply, BrokenCall } from "./reply-record.ts";

/** Checks counts of tokens. */
export const usageSchema: z.ZodType<Usage> = z.object({
  promptTokens: z.number(),
  completionTokens: z.number(),
  cachedTokens: z.number(),
  estimated: z.boolean(),
});

/** Checks a reply as it is kept. */
export const replySchema: z.ZodType<Omit<BoughtReply, "request" | "cost">> = z.object({
  text: z.string(),
  reasoning: z.string().exactOptional(),
  finish: z.enum(["stop", "length", "filter", "tool", "aborted"]),
  usage: usageSchema,
});

const brokenSchema = z.object({
  usage: usageSchema,
  error: z.object({ code: z.enum(CHAT_ERROR_CODES), message: z.string() }),
});

const requestSchema = z.object({ request: z.string(), cost: z.number().nonnegative().nullable() });

/** Checks what is kept of a call, whether it has its reply or not. */
export const boughtCallSchema: z.ZodType<BoughtReply | BrokenCall> = requestSchema.and(
  z.union([replySchema, brokenSchema]),
);
