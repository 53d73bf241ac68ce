import { NO_USAGE } from "../../model/chat-model.ts";
import type { EpisodeResult } from "../episode-result.ts";

/** What a test says of a result: AgentBoard's two measures may be given by themselves. */
interface GivenResult extends Partial<EpisodeResult> {
  readonly success?: boolean;
  readonly progress?: number;
}

/** A result with what a test says of it. */
export function someResult({ success = false, progress = 0, ...given }: GivenResult): EpisodeResult {
  return {
    suite: "babyai",
    variant: { rules: "rules", problems: "", scoring: "", words: null },
    task: "task-0",
    attempt: 0,
    group: "group",
    difficulty: null,
    agent: "react",
    ending: success ? "success" : "turn-limit",
    reason: null,
    scores: { success: Number(success), progress },
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
