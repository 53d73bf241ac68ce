import * as z from "zod";
import type { BoughtReply, BrokenCall } from "../model/reply-record.ts";
import { boughtCallSchema } from "../model/reply-schema.ts";
import type { EpisodeKey } from "./episode.ts";

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
});

/** Checks a line of `calls.jsonl`. */
export const episodeCallSchema: z.ZodType<EpisodeCall> = keySchema.and(boughtCallSchema);
