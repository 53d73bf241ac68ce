import * as z from "zod";
import { replySchema, usageSchema } from "../model/reply-schema.ts";
import type { Episode, EpisodeTurn, Trial } from "./episode.ts";

const messages = z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }));

const turn: z.ZodType<EpisodeTurn> = z.object({
  reply: replySchema.exactOptional(),
  forgotten: z.int().positive().exactOptional(),
  thought: z.string().exactOptional(),
  action: z.string().nullable(),
  malformed: z.enum(["missing-action", "missing-thought", "several-actions"]).exactOptional(),
  observation: z.string(),
  progress: z.number(),
  actionIsValid: z.boolean(),
});

const ending = z.enum(["success", "failure", "turn-limit", "stopped", "model-failed"]);

const trial: z.ZodType<Trial> = z.object({
  turns: z.array(turn),
  messages,
  ending,
  reason: z.string().nullable(),
  success: z.boolean(),
  progress: z.number(),
  reflection: z.object({ messages, reply: replySchema }).exactOptional(),
});

/** Checks a line of `episodes.jsonl`. */
export const episodeSchema: z.ZodType<Episode> = z.object({
  suite: z.string(),
  task: z.string(),
  attempt: z.int().nonnegative(),
  variant: z.string(),
  group: z.string(),
  difficulty: z.enum(["easy", "hard"]).nullable(),
  agent: z.string(),
  ending,
  reason: z.string().nullable(),
  success: z.boolean(),
  progress: z.number(),
  trials: z.array(trial),
  usage: usageSchema,
  cost: z.number().nullable(),
});
