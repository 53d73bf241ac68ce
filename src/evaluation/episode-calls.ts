import * as z from "zod";
import type { Usage } from "../model/chat-model.ts";
import type { CostOf } from "../model/prices.ts";
import { type BoughtReply, boughtCallSchema } from "../model/reply.ts";
import { readRecords } from "../runs/journal.ts";
import { runPaths } from "../runs/run-folder.ts";
import { type EpisodeKey, keyText } from "./episode.ts";

const keySchema = z.object({
  suite: z.string(),
  task: z.string(),
  attempt: z.int().nonnegative(),
  /** The number of the reply within the episode, from 1, over all its trials; a call that broke has that of the reply it lacks. */
  call: z.int().positive(),
});

/** Checks a line of `calls.jsonl`: what was bought for which call of which episode. */
export const episodeCallSchema = keySchema.and(boughtCallSchema);

/** One line of an evaluation's `calls.jsonl`. */
export type EpisodeCall = z.infer<typeof episodeCallSchema>;

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

/** What was bought for an evaluation, in the order in which it was bought. Throws AgentRefineError. */
export function readEpisodeCalls(directory: string): AsyncGenerator<EpisodeCall, void, undefined> {
  return readRecords(runPaths(directory).calls, {
    schema: episodeCallSchema,
    name: "a call",
    removal: "its reply may then be bought again",
  });
}

/** A call whose price was unknown when it was bought has the cost that it has now. */
function priced({ usage, cost }: EpisodeCall, costOf: CostOf): Parameters<typeof addSpending>[1] {
  return { usage, cost: cost ?? costOf(usage) };
}

/** What all calls of an evaluation have cost, those that broke and those of episodes that have not ended included. */
export async function readSpending(directory: string, costOf: CostOf): Promise<Spending> {
  let spending = NOTHING_SPENT;
  for await (const call of readEpisodeCalls(directory))
    spending = addSpending(spending, priced(call, costOf));
  return spending;
}

/** What was bought by earlier parts of an evaluation. */
export interface BoughtBefore {
  readonly spending: Spending;
  /** The replies of an episode that is still to be played, in their order. Each episode can take its own once. */
  readonly takeReplies: (episode: EpisodeKey) => readonly BoughtReply[];
}

/**
 * Reads what was bought before. Only the replies of episodes that are still to be played are held, so that memory does not
 * grow with those that have ended.
 */
export async function readBoughtBefore(
  directory: string,
  isPending: (episode: EpisodeKey) => boolean,
  costOf: CostOf,
): Promise<BoughtBefore> {
  let spending = NOTHING_SPENT;
  const replies = new Map<string, BoughtReply[]>();
  for await (const call of readEpisodeCalls(directory)) {
    spending = addSpending(spending, priced(call, costOf));
    if (!("text" in call && isPending(call))) continue;
    const key = keyText(call);
    const ofEpisode = replies.get(key);
    if (ofEpisode === undefined) replies.set(key, [call]);
    else ofEpisode.push(call);
  }
  const takeReplies = (episode: EpisodeKey): readonly BoughtReply[] => {
    const key = keyText(episode);
    const taken = replies.get(key) ?? [];
    replies.delete(key);
    return taken;
  };
  return { spending, takeReplies };
}
