import type { ClauseCheck, MissionCheck } from "../mission/verifier.ts";
import { sees } from "../world/view.ts";
import type { Outcome, Progress } from "./progress.ts";

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
