import { NO_USAGE } from "../../model/chat-model.ts";
import type { EpisodeResult } from "../episode-result.ts";

/** A result with what a test says of it. */
export function someResult(given: Partial<EpisodeResult>): EpisodeResult {
  return {
    suite: "babyai",
    variant: { rules: "rules", problems: "", scoring: "", words: null },
    task: "task-0",
    attempt: 0,
    group: "group",
    difficulty: null,
    agent: "react",
    ending: given.success === true ? "success" : "turn-limit",
    success: false,
    progress: 0,
    trials: 1,
    turns: 10,
    validActions: 5,
    formatErrors: 0,
    malformed: {},
    irregular: {},
    irregularTurns: 0,
    repeatedActions: 0,
    shortenedTurns: 0,
    usage: NO_USAGE,
    cost: 0,
    ...given,
  };
}
