/**
 * Why a trial ended.
 * - `success`: the task is achieved.
 * - `failure`: the world ended the episode without success.
 * - `turn-limit`: the agent had no turns left.
 * - `stopped`: the agent knew no further action.
 * - `model-failed`: the model gave no reply; the episode can be played again.
 * - `world-failed`: the world broke; the episode can be played again.
 */
export const ENDINGS = [
  "success",
  "failure",
  "turn-limit",
  "stopped",
  "model-failed",
  "world-failed",
] as const;

/** One of {@link ENDINGS}. */
export type EpisodeEnding = (typeof ENDINGS)[number];
