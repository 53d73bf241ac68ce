import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { SHARED } from "../testing/shared.ts";
import { type Domain, parseDomain } from "./domain.ts";
import { applicableActions, applyAction, isApplicable } from "./ground-action.ts";
import { createPlanner } from "./plan.ts";
import { type Problem, parseProblem } from "./problem.ts";
import type { State } from "./state.ts";
import { satisfiesGoal } from "./testing/satisfies-goal.ts";

const FOLDER = `${SHARED}/agentboard/pddl`;
const PLANS = `${SHARED}/parity/pddl/plans.jsonl.gz`;
const present = existsSync(FOLDER) && existsSync(PLANS);

interface RecordedPlan {
  readonly game: string;
  readonly problem_file: string;
  readonly plan: readonly string[];
}

const domains = new Map<string, Domain>();

function problemOf(game: string, file: string): Problem {
  const domain = domains.get(game) ?? parseDomain(readFileSync(`${FOLDER}/${game}/domain.pddl`, "utf8"));
  domains.set(game, domain);
  return parseProblem(readFileSync(`${FOLDER}/${game}/${file}`, "utf8"), domain);
}

function recordedPlans(): readonly RecordedPlan[] {
  const lines = gunzipSync(readFileSync(PLANS)).toString("utf8").trim().split("\n");
  return lines.map((line): RecordedPlan => JSON.parse(line));
}

/**
 * The states that a recorded sentence can lead to. Sentences do not always name all objects, so every applicable
 * action whose named objects agree is followed.
 */
function followers(problem: Problem, states: ReadonlySet<State>, sentence: string): ReadonlySet<State> {
  const words = sentence.toLowerCase().replace(/\./g, " ").split(/\s+/);
  const named = words.filter((word) => problem.universe.typesOf.has(word));
  const verb = problem.domain.actions.find(({ name }) => words.includes(name))?.name;
  const next = new Set<State>();
  for (const state of states) {
    for (const action of applicableActions(problem, state)) {
      const agrees =
        action.schema.name === verb &&
        action.objects.join(" ") === named.slice(0, action.objects.length).join(" ");
      if (agrees) next.add(applyAction(action, state, problem.universe));
    }
  }
  return next;
}

describe.skipIf(!present)("the 60 problems of the PDDL benchmark (needs ../shared)", () => {
  test("all of them parse, and something can be done in each", () => {
    const counts = ["gripper", "blockworld", "barman", "tyreworld"].map((game) => {
      const files = readdirSync(`${FOLDER}/${game}`).filter((name) => name !== "domain.pddl");
      for (const file of files) {
        const problem = problemOf(game, file);
        expect(applicableActions(problem, problem.initial).length).toBeGreaterThan(0);
        expect(satisfiesGoal(problem, problem.initial)).toBe(false);
      }
      return files.length;
    });
    expect(counts).toEqual([20, 10, 20, 10]);
  });

  test("recorded plans run through to the goal", () => {
    let finished = 0;
    for (const { game, problem_file, plan } of recordedPlans()) {
      const problem = problemOf(game, problem_file);
      let states: ReadonlySet<State> = new Set([problem.initial]);
      for (const sentence of plan) states = followers(problem, states, sentence);
      if ([...states].some((state) => satisfiesGoal(problem, state))) finished += 1;
    }
    expect(finished).toBe(60);
  });

  test("plans are found and are valid", () => {
    const files = readdirSync(`${FOLDER}/gripper`).filter((name) => name !== "domain.pddl");
    const chosen = [
      ...files.map((file) => ["gripper", file] as const),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) => ["blockworld", `problem${number}.pddl`] as const),
      ...["p01.pddl", "p02.pddl", "p03.pddl"].flatMap((file) => [
        ["tyreworld", file] as const,
        ["barman", file] as const,
      ]),
    ];
    for (const [game, file] of chosen) {
      const problem = problemOf(game, file);
      const { plan = [] } = createPlanner(problem).findPlan(problem.initial, problem.goal);
      let state = problem.initial;
      for (const action of plan) {
        expect(isApplicable(action, state, problem.universe), `${game} ${file}`).toBe(true);
        state = applyAction(action, state, problem.universe);
      }
      expect(satisfiesGoal(problem, state), `${game} ${file}`).toBe(true);
    }
  });
});
