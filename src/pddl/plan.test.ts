import { describe, expect, test } from "vitest";
import { parseDomain } from "./domain.ts";
import { applyAction, isApplicable } from "./ground-action.ts";
import { createPlanner } from "./plan.ts";
import { type Problem, parseProblem } from "./problem.ts";
import { factsOf } from "./state.ts";
import { formatAction } from "./testing/format-action.ts";
import { satisfiesGoal } from "./testing/satisfies-goal.ts";

const SWITCHES = parseDomain(`
(define (domain switches)
  (:types switch)
  (:predicates (on ?s) (next ?a ?b) (first ?s) (broken))
  (:action flip :parameters (?s - switch)
    :precondition (and (not (on ?s)) (not (broken))
      (or (first ?s) (exists (?p - switch) (and (next ?p ?s) (on ?p)))))
    :effect (and (on ?s) (forall (?n - switch) (when (and (next ?s ?n) (on ?n)) (broken))))))`);

function chain(length: number, goal: string): Problem {
  const names = Array.from({ length }, (_, index) => `s${index}`);
  const links = names.slice(1).map((name, index) => `(next s${index} ${name})`);
  const text = `(define (problem p) (:domain switches) (:objects ${names.join(" ")} - switch)
    (:init (first s0) ${links.join(" ")}) (:goal ${goal}))`;
  return parseProblem(text, SWITCHES);
}

function runs(problem: Problem): boolean {
  const { plan } = createPlanner(problem).findPlan(problem.initial, problem.goal);
  if (plan === undefined) return false;
  let state = problem.initial;
  for (const action of plan) {
    if (!isApplicable(action, state, problem.universe)) return false;
    state = applyAction(action, state, problem.universe);
  }
  return satisfiesGoal(problem, state);
}

describe("plans", () => {
  test("a chain with disjunctions, quantifiers and conditional effects is solved", () => {
    expect(runs(chain(12, "(forall (?s - switch) (on ?s))"))).toBe(true);
  });

  test("the same search gives the same plan, and an empty one when the goal holds", () => {
    const problem = chain(6, "(on s5)");
    const planner = createPlanner(problem);
    const first = planner.findPlan(problem.initial, problem.goal).plan?.map(formatAction);
    expect(first).toEqual(["(flip s0)", "(flip s1)", "(flip s2)", "(flip s3)", "(flip s4)", "(flip s5)"]);
    expect(createPlanner(problem).findPlan(problem.initial, problem.goal).plan?.map(formatAction)).toEqual(
      first,
    );
    expect(planner.findPlan(problem.initial, { kind: "and", parts: [] }).plan).toEqual([]);
  });

  test("a plan can begin in a later state", () => {
    const problem = chain(4, "(on s3)");
    const planner = createPlanner(problem);
    const { plan = [] } = planner.findPlan(problem.initial, problem.goal);
    const [first] = plan;
    if (first === undefined) throw new Error("no plan");
    const state = applyAction(first, problem.initial, problem.universe);
    expect(planner.findPlan(state, problem.goal).plan).toHaveLength(plan.length - 1);
    expect(factsOf(problem.initial)).toHaveLength(4);
  });

  test("what cannot be reached is said to be unsolvable, and the limit is kept", () => {
    const never = chain(3, "(and (on s0) (not (on s0)))");
    expect(createPlanner(never).findPlan(never.initial, never.goal).code).toBe("unsolvable");
    const long = chain(9, "(on s8)");
    expect(createPlanner(long).findPlan(long.initial, long.goal, { nodes: 3 }).code).toBe("limit-reached");
  });
});
