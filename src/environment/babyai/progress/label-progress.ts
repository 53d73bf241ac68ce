import type { Outcome, Progress } from "./progress.ts";

/**
 * Patterns that observations are searched for: alternative lists of the same length, whose entries at the
 * same position stand for the same subgoal.
 */
export type SubgoalPatterns = readonly (readonly string[])[];

/** A pattern as the texts that one sentence of the observation must all contain. */
function partsOf(pattern: string): string[] {
  const trimmed = pattern.trim();
  return trimmed.split(trimmed.includes("**") ? "**" : "*").map((part) => part.replace(/^\.+|\.+$/g, ""));
}

/** Whether some sentence of the observation contains all parts of the pattern, in any order. */
export function matchesPattern(observation: string, pattern: string): boolean {
  const parts = partsOf(pattern);
  return observation.split(".").some((sentence) => parts.every((part) => sentence.includes(part)));
}

function without(patterns: readonly string[], position: number): string[] {
  // The original removes by value, which takes the first of equal patterns.
  const first = patterns.indexOf(patterns[position] ?? "");
  return patterns.filter((_, i) => i !== first);
}

interface Score {
  readonly remaining: SubgoalPatterns;
  readonly points: number;
  readonly total: number;
  /** Only the first matching subgoal of an observation scores. */
  readonly oneAtATime: boolean;
}

function firstMatch(remaining: SubgoalPatterns, observation: string): number {
  const length = remaining[0]?.length ?? 0;
  for (let position = 0; position < length; position += 1) {
    if (remaining.some((patterns) => matchesPattern(observation, patterns[position] ?? "\n")))
      return position;
  }
  return -1;
}

function scored(score: Score, observation: string): Score {
  const position = firstMatch(score.remaining, observation);
  if (position < 0) return score;
  const remaining = score.remaining.map((patterns) => without(patterns, position));
  const next = { ...score, remaining, points: score.points + 1 };
  return score.oneAtATime ? next : scored(next, observation);
}

function fromScore(score: Score): Progress {
  return {
    value: score.points === 0 ? 0 : score.points / score.total,
    after: ({ observation }: Outcome) => fromScore(scored(score, observation)),
  };
}

/** The share of a label's subgoals that were seen in observations, at most one more with each: AgentBoard's rule. */
export function labelProgress(patterns: SubgoalPatterns): Progress {
  return fromScore({ remaining: patterns, points: 0, total: patterns[0]?.length ?? 0, oneAtATime: true });
}

/** The same with the first observation scored too and every observation scored in full. */
export function fullLabelProgress(patterns: SubgoalPatterns, firstObservation: string): Progress {
  const score = { remaining: patterns, points: 0, total: patterns[0]?.length ?? 0, oneAtATime: false };
  return fromScore(scored(score, firstObservation));
}
