import { describe, expect, test } from "vitest";
import { parseDomain } from "../../pddl/domain.ts";
import { applyAction, isApplicable } from "../../pddl/ground-action.ts";
import { type Problem, parseProblem } from "../../pddl/problem.ts";
import { formatAction } from "../../pddl/testing/format-action.ts";
import { satisfiesGoal } from "../../pddl/testing/satisfies-goal.ts";
import { gameOf } from "./games.ts";
import { solvePddl } from "./pddl-task.ts";

function blocks(start: string, goal: string): Problem {
  const text = `(define (problem p) (:domain blockworld) (:objects b1 b2 b3) (:init ${start}) (:goal ${goal}))`;
  return parseProblem(text, gameOf("blockworld").domain);
}

function isPlan(problem: Problem, plan: ReturnType<typeof solvePddl>): boolean {
  let state = problem.initial;
  for (const action of plan ?? []) {
    if (!isApplicable(action, state, problem.universe)) return false;
    state = applyAction(action, state, problem.universe);
  }
  return plan !== undefined && satisfiesGoal(problem, state);
}

const TOWER = "(arm-empty) (on-table b1) (on b2 b1) (on b3 b2) (clear b3)";

describe("the expert", () => {
  test("turns a tower over in as few actions as it takes", () => {
    const problem = blocks(TOWER, "(and (on b1 b2) (on b2 b3))");
    const plan = solvePddl(problem);
    expect(isPlan(problem, plan)).toBe(true);
    expect(plan).toHaveLength(6);
  });

  test("carries two balls at once", () => {
    const balls = ["ball1", "ball2", "ball3", "ball4"];
    const text = `(define (problem p) (:domain gripper) (:objects rooma roomb left right ${balls.join(" ")})
      (:init (room rooma) (room roomb) (gripper left) (gripper right) (free left) (free right) (at-robby rooma)
             ${balls.map((ball) => `(ball ${ball}) (at ${ball} rooma)`).join(" ")})
      (:goal (and ${balls.map((ball) => `(at ${ball} roomb)`).join(" ")})))`;
    const problem = parseProblem(text, gameOf("gripper").domain);
    const plan = solvePddl(problem);
    expect(isPlan(problem, plan)).toBe(true);
    expect(plan).toHaveLength(11);
  });

  test("the same problem gives the same plan", () => {
    const problem = blocks(TOWER, "(and (on b1 b3) (on-table b2))");
    expect(solvePddl(problem)?.map(formatAction)).toEqual(solvePddl(problem)?.map(formatAction));
  });

  test("nothing is to be done when the goal holds, and nothing can be done for what cannot be", () => {
    expect(solvePddl(blocks(TOWER, "(on b2 b1)"))).toEqual([]);
    expect(solvePddl(blocks(TOWER, "(on b1 b1)"))).toBeUndefined();
    expect(solvePddl(blocks("(on-table b1)", "(holding b1)"))).toBeUndefined();
    expect(solvePddl(blocks(TOWER, "(and (on b1 b2) (on b2 b1))"))).toBeUndefined();
  });

  test("a domain beyond STRIPS is solved as well", () => {
    const domain = parseDomain(`(define (domain d) (:predicates (p) (q))
      (:action a :parameters () :precondition (not (p)) :effect (p))
      (:action b :parameters () :precondition (or (p) (q)) :effect (not (p))))`);
    const problem = parseProblem(
      "(define (problem x) (:domain d) (:objects) (:init (p)) (:goal (not (p))))",
      domain,
    );
    expect(solvePddl(problem)?.map(formatAction)).toEqual(["(b)"]);
  });
});
