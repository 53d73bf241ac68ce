import * as z from "zod";
import { CHAT_ERROR_CODES } from "../model/chat-error.ts";
import type { BoughtReply, BrokenCall } from "../model/reply-record.ts";
import type { EpisodeKey } from "./episode.ts";
import { replySchema, usageSchema } from "./episode-schema.ts";

/** Which call of which episode. */
interface EpisodeCallKey extends EpisodeKey {
  /** The number of the reply within the episode, from 1, over all its trials; a call that broke has that of the reply it lacks. */
  readonly call: number;
}

/** One line of an evaluation's `calls.jsonl`: what was bought for an episode. */
export type EpisodeCall = EpisodeCallKey & (BoughtReply | BrokenCall);

const keySchema = z.object({
  suite: z.string(),
  task: z.string(),
  attempt: z.int().nonnegative(),
  call: z.int().positive(),
  request: z.string(),
  cost: z.number().nonnegative().nullable(),
});

const brokenSchema = z.object({
  usage: usageSchema,
  error: z.object({ code: z.enum(CHAT_ERROR_CODES), message: z.string() }),
});

/** Checks a line of `calls.jsonl`. */
export const episodeCallSchema: z.ZodType<EpisodeCall> = keySchema.and(z.union([replySchema, brokenSchema]));
