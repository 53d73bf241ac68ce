import type { ClauseCheck, MissionCheck } from "../mission/verifier.ts";
import { sees, type View } from "../world/view.ts";
import type { World } from "../world/world.ts";

/** What an executed action led to. */
export interface Outcome {
  readonly observation: string;
  readonly view: View;
  readonly world: World;
  readonly check: MissionCheck;
  /** The grid world's own reward for the last primitive move. */
  readonly reward: number;
}

/** How much of a task is achieved, as a value that each executed action replaces by the next. */
export interface Progress {
  /** In [0, 1]. */
  readonly value: number;
  after(outcome: Outcome): Progress;
}

/**
 * Patterns that observations are searched for: alternative lists of the same length, whose entries at the
 * same position stand for the same subgoal.
 */
export type SubgoalPatterns = readonly (readonly string[])[];

/** Whether some sentence of the observation contains all parts of the pattern, in any order. */
export function matchesPattern(observation: string, pattern: string): boolean {
  const trimmed = pattern.trim();
  const parts = trimmed
    .split(trimmed.includes("**") ? "**" : "*")
    .map((part) => part.replace(/^\.+|\.+$/g, ""));
  return observation.split(".").some((sentence) => parts.every((part) => sentence.includes(part)));
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
  const remaining = score.remaining.map((patterns) => {
    // The original removes by value, which takes the first of equal patterns.
    const first = patterns.indexOf(patterns[position] ?? "");
    return patterns.filter((_, i) => i !== first);
  });
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

type Situation = Pick<Outcome, "view" | "world" | "check">;

function clauseChecks(check: MissionCheck): readonly ClauseCheck[] {
  return check.clause === undefined ? [...clauseChecks(check.first), ...clauseChecks(check.second)] : [check];
}

/** For one clause: whether its thing was found, held (where it is to be moved), and the deed done. */
function clauseMilestones({ clause, target, done }: ClauseCheck, { view, world }: Situation): boolean[] {
  const held = target.things.includes(world.carrying);
  const found = held || target.things.some((thing) => sees(view, thing));
  return clause.code === "put-next" ? [done || found, done || held, done] : [done || found, done];
}

function milestones(situation: Situation): boolean[] {
  return clauseChecks(situation.check).flatMap((clause) => clauseMilestones(clause, situation));
}

function fromReached(reached: readonly boolean[], before: number): Progress {
  const value = (reached.filter(Boolean).length - before) / (reached.length - before);
  return {
    value,
    after: (outcome) => {
      const now = milestones(outcome);
      return fromReached(
        reached.map((was, i) => was || now[i] === true),
        before,
      );
    },
  };
}

/**
 * Progress from the mission's own parts: for each clause its thing found, held where it is to be moved, and the
 * deed done. What is reached at the start does not count. It never falls, and is 1 exactly when all deeds are done.
 */
export function missionProgress(start: Situation): Progress {
  const reached = milestones(start);
  return fromReached(reached, reached.filter(Boolean).length);
}
