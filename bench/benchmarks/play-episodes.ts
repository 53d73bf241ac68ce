import { reactAgent } from "../../src/agent/react-agent.ts";
import type { Suite } from "../../src/environment/suite.ts";
import { type EvaluateOptions, evaluate } from "../../src/evaluation/evaluate.ts";
import type { ChatModel } from "../../src/model/chat-model.ts";
import { inTemporaryFolder } from "../support/work.ts";
import { AT_ONCE, TURNS } from "./harness-load.ts";

/** Which episodes are played. */
interface EpisodesOptions extends Pick<EvaluateOptions, "onStart"> {
  readonly suite: Suite;
  readonly attempts: number;
}

/** Plays all episodes as the command `evaluate` does, into a folder that is removed. Gives how many turns they had. */
export function playEpisodes(
  model: ChatModel,
  { suite, attempts, ...options }: EpisodesOptions,
): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    const { results, planned, pause } = await evaluate(folder, {
      agent: reactAgent(model),
      suites: [suite],
      attempts,
      maxTurns: TURNS,
      seed: 1,
      concurrency: AT_ONCE,
      costOf: () => 0,
      retryFailed: false,
      stop: new AbortController().signal,
      ...options,
    });
    if (pause !== undefined) throw pause.error;
    const turns = results.reduce((sum, result) => sum + result.turns, 0);
    if (turns !== planned * TURNS) throw new Error(`${planned} episodes had ${turns} turns`);
    return turns;
  });
}
