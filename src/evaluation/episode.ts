import { join } from "node:path";
import * as z from "zod";
import { ENDINGS } from "../agent/agent.ts";
import { MALFORMATIONS } from "../agent/read-reply.ts";
import { difficultySchema, type Variant } from "../environment/suite.ts";
import { isFields } from "../model/call.ts";
import { replySchema, usageSchema } from "../model/reply.ts";
import { REACT_IRREGULARITIES } from "../react.ts";
import { readRecords } from "../runs/journal.ts";

const messages = z
  .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
  .readonly();

/** What the suite's measures stand at, by their names: of each the value that counts so far. */
const scores = z.object({}).catchall(z.number()).readonly();

/**
 * The first versions wrote `success` and `progress`, which were all that was measured, beside the rest of episodes,
 * trials and turns. An episode that has scores is of a later one, so that nothing in it is looked through.
 */
function withScores(record: unknown): unknown {
  if (!isFields(record) || "scores" in record || !("progress" in record)) return record;
  const { progress } = record;
  const success = "success" in record ? { success: Number(record.success) } : {};
  const inner = ["trials", "turns"].flatMap((name) => {
    const parts = record[name];
    return Array.isArray(parts) ? [[name, parts.map(withScores)]] : [];
  });
  return { ...record, ...Object.fromEntries(inner), scores: { ...success, progress } };
}

/** One turn of an agent and what the world made of it. */
const turn = z.object({
  /** The model's reply as it came, reasoning included; none for agents without a model. */
  reply: replySchema.exactOptional(),
  /**
   * How many of the oldest turns were left out of what the model was sent, as its context was full: it was sent
   * the trial's first message and those after `2 * forgotten` more. 0 when not given.
   */
  forgotten: z.int().positive().exactOptional(),
  thought: z.string().exactOptional(),
  /** Null when the reply was malformed; the world then did not move. */
  action: z.string().nullable(),
  /** Why nothing was done. The last two are of the first version, which executed no such reply. */
  malformed: z.enum([...MALFORMATIONS, "missing-thought", "several-actions"]).exactOptional(),
  /** What the reply had beside one thought and one action, or lacked, although its action was done. */
  irregular: z.array(z.enum(REACT_IRREGULARITIES)).readonly().exactOptional(),
  /** What the agent was shown after it. */
  observation: z.string(),
  scores,
  /** The action was understood and possible: what grounding accuracy counts. */
  actionIsValid: z.boolean(),
});

const ending = z.enum(ENDINGS);

/** One way through a task, from the reset to an end. */
const trial = z.object({
  turns: z.array(turn).readonly(),
  /**
   * The conversation exactly as the model was sent it (but for the turns that are `forgotten`), its last reply
   * included; empty without a model.
   */
  messages,
  /** What was to be achieved and what was shown first, where no conversation has it. */
  start: z.object({ goal: z.string(), observation: z.string() }).exactOptional(),
  ending,
  /** What the ending leaves open, such as why the model gave no reply. */
  reason: z.string().nullable(),
  scores,
  /** What was noted for the next trial (Reflexion, App. G). */
  reflection: z.object({ messages, reply: replySchema }).exactOptional(),
});

const PROGRESS_FROM = /^(agentboard|plain) rules, progress from (labels|mission parts)$/;
const PROBLEMS = /^agentboard rules, (AgentBoard's problems|own problems of seed -?\d+)$/;
const IN_OTHER_WORDS = /^(.*), (rename-verbs|swap-arguments|number-spacing|reorder-actions)$/;

/**
 * The record for a variant that the first version wrote as a sentence, as babyai's and pddl's suites have it now; an
 * unknown sentence is a rule of its own.
 */
function variantOf(sentence: string): Variant {
  const [, body = sentence, words = null] = IN_OTHER_WORDS.exec(sentence) ?? [];
  const [, rules, scoring] = PROGRESS_FROM.exec(body) ?? [];
  if (rules !== undefined && scoring !== undefined)
    return { rules, problems: "AgentBoard's problems", scoring, words };
  const problems = PROBLEMS.exec(body)?.[1];
  if (problems !== undefined) return { rules: "agentboard", problems, scoring: "goal facts", words };
  return { rules: sentence, problems: "", scoring: "", words: null };
}

const variant = z.union([
  z.object({ rules: z.string(), problems: z.string(), scoring: z.string(), words: z.string().nullable() }),
  z.string().transform(variantOf),
]);

const episodeFields = z.object({
  suite: z.string(),
  /** The task's id. */
  task: z.string(),
  /** From 0; above it only for Best-of-N. */
  attempt: z.int().nonnegative(),
  /** The suite's variant: results under different ones are not comparable. */
  variant,
  group: z.string(),
  difficulty: difficultySchema.nullable(),
  agent: z.string(),
  /** How the last trial ended; the scores are the last trial's too, as in the paper's Table 9. */
  ending,
  reason: z.string().nullable(),
  scores,
  /** One, or several with Reflexion. */
  trials: z.array(trial).readonly(),
  /** Tokens of its replies, and of the call that broke when that ended it. */
  usage: usageSchema,
  /** Dollars; null when the price is unknown. */
  cost: z.number().nullable(),
});

/** Checks a finished attempt at a task: one line of `episodes.jsonl`. */
export const episodeSchema = z.preprocess(withScores, episodeFields);

/** One turn of an agent and what the world made of it. */
export type EpisodeTurn = z.infer<typeof turn>;

/** One way through a task, from the reset to an end. */
export type Trial = z.infer<typeof trial>;

/** A finished attempt at a task. */
export type Episode = z.infer<typeof episodeSchema>;

/** Which attempt at which task. */
export type EpisodeKey = Pick<Episode, "suite" | "task" | "attempt">;

/** Whether a turn did what the turn before had done and was shown the same again (section 7's loops). */
export function isRepeated({ action, observation }: EpisodeTurn, before: EpisodeTurn | undefined): boolean {
  return action !== null && before?.action === action && before.observation === observation;
}

/** A text that names one attempt among all. */
export function keyText({ suite, task, attempt }: EpisodeKey): string {
  return JSON.stringify([suite, task, attempt]);
}

/** Whether an episode ended for a reason that is not the player's, so that it can be played again. */
export function hasFailed({ ending: how }: Pick<Episode, "ending">): boolean {
  return how === "model-failed" || how === "world-failed";
}

/** The journal of finished episodes in the folder of an evaluation. */
export function episodesPath(directory: string): string {
  return join(directory, "episodes.jsonl");
}

/** The finished episodes of an evaluation in the order in which they ended. Throws AgentRefineError. */
export function readEpisodes(directory: string): AsyncGenerator<Episode, void, undefined> {
  return readRecords(episodesPath(directory), {
    schema: episodeSchema,
    name: "an episode",
    removal: "its episode is then played again",
  });
}
