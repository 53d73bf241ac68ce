import * as z from "zod";
import type { Usage } from "../model/chat-model.ts";
import type { CostOf } from "../model/money.ts";
import { type BoughtReply, boughtCallSchema } from "../model/reply.ts";
import { readRecords } from "../runs/journal.ts";
import { runPaths } from "../runs/run-folder.ts";
import { type EpisodeKey, keyText } from "./episode.ts";

const episodeKeySchema = z.object({
  suite: z.string(),
  task: z.string(),
  attempt: z.int().nonnegative(),
});

const keySchema = episodeKeySchema.extend({
  /**
   * The number of the reply within the episode, from 1, over all its trials; a call that broke has that of the reply
   * it lacks.
   */
  call: z.int().positive(),
  /** The model that a world asked, such as a judge; the player's when not given. */
  by: z.string().exactOptional(),
  /** The batch that it came with, and which copy of it when the service made two (`k3f9a2c1/2`). */
  batch: z.string().exactOptional(),
});

/** Checks a line of `calls.jsonl`: what was bought for which call of which episode. */
const episodeCallSchema = keySchema.and(boughtCallSchema);

/** What a model was asked in an episode, and what it replied: a line of an evaluation's `calls.jsonl`. */
export type EpisodeCall = z.infer<typeof episodeCallSchema>;

/** Checks a line of what something outside answered to a world, such as a page, by the world's own key. */
const episodeAnswerSchema = episodeKeySchema.extend({ key: z.string(), answer: z.json() });

/** What something outside answered in an episode, which is no model and costs nothing: a line of `calls.jsonl` too. */
type EpisodeAnswer = z.infer<typeof episodeAnswerSchema>;

/** Checks any line of `calls.jsonl`. */
export const episodeLineSchema = z.union([episodeCallSchema, episodeAnswerSchema]);

/** Any line of `calls.jsonl`. */
export type EpisodeLine = EpisodeCall | EpisodeAnswer;

/** Tokens and money. */
export interface Spending {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** Dollars; null as soon as the price of a part is unknown. */
  readonly cost: number | null;
}

/** What has cost nothing yet. */
export const NOTHING_SPENT: Spending = { promptTokens: 0, cachedTokens: 0, completionTokens: 0, cost: 0 };

/** With one more call, or with all the calls of one more episode. */
export function addSpending(
  spending: Spending,
  { usage, cost }: { readonly usage: Usage; readonly cost: number | null },
): Spending {
  return {
    promptTokens: spending.promptTokens + usage.promptTokens,
    cachedTokens: spending.cachedTokens + usage.cachedTokens,
    completionTokens: spending.completionTokens + usage.completionTokens,
    cost: spending.cost === null || cost === null ? null : spending.cost + cost,
  };
}

/** What was asked of the outside for an evaluation, in the order in which it was answered. Throws AgentRefineError. */
export function readEpisodeCalls(directory: string): AsyncGenerator<EpisodeLine, void, undefined> {
  return readRecords(runPaths(directory).calls, {
    schema: episodeLineSchema,
    name: "a call",
    removal: "its reply may then be bought again",
  });
}

/**
 * What a line adds to what was spent. A call whose price was unknown when it was bought has the cost that it has now.
 */
export function spentWith(spending: Spending, line: EpisodeLine, costOf: CostOf): Spending {
  if ("answer" in line) return spending;
  const { usage, by } = line;
  return addSpending(spending, { usage, cost: line.cost ?? costOf(usage, by) });
}

/** What all calls of an evaluation have cost, those that broke and those of episodes that have not ended included. */
export async function readSpending(directory: string, costOf: CostOf): Promise<Spending> {
  let spending = NOTHING_SPENT;
  for await (const line of readEpisodeCalls(directory)) spending = spentWith(spending, line, costOf);
  return spending;
}

/** What was bought by earlier parts of an evaluation. */
export interface BoughtBefore {
  readonly spending: Spending;
  /** What an episode that is still to be played was answered, in its order. Each episode can take its own once. */
  readonly takeEarlier: (episode: EpisodeKey) => EarlierAnswers;
}

/** A reply that a model gave. */
type EpisodeReply = BoughtReply & Pick<EpisodeCall, "by">;

/** What models and others answered in an earlier part of an episode. */
export interface EarlierAnswers {
  readonly replies: readonly EpisodeReply[];
  readonly answers: readonly EpisodeAnswer[];
}

/**
 * Reads what was bought before. Only the answers to episodes that are still to be played are held, so that memory does
 * not grow with those that have ended. `onCall` is told of each call.
 */
export async function readBoughtBefore(
  directory: string,
  isPending: (episode: EpisodeKey) => boolean,
  costOf: CostOf,
  onCall: (call: EpisodeCall) => void = () => {},
): Promise<BoughtBefore> {
  let spending = NOTHING_SPENT;
  const earlier = new Map<string, { readonly replies: EpisodeReply[]; readonly answers: EpisodeAnswer[] }>();
  for await (const line of readEpisodeCalls(directory)) {
    spending = spentWith(spending, line, costOf);
    if ("call" in line) onCall(line);
    if ("error" in line || !isPending(line)) continue;
    const key = keyText(line);
    const ofEpisode = earlier.get(key) ?? { replies: [], answers: [] };
    earlier.set(key, ofEpisode);
    if ("answer" in line) ofEpisode.answers.push(line);
    else ofEpisode.replies.push(line);
  }
  const takeEarlier = (episode: EpisodeKey): EarlierAnswers => {
    const key = keyText(episode);
    const taken = earlier.get(key) ?? { replies: [], answers: [] };
    earlier.delete(key);
    return taken;
  };
  return { spending, takeEarlier };
}
