import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SHARED } from "../../testing/shared.ts";
import { rewrittenAction } from "./alfworld-world.ts";
import { olderCommand, openGame, readGameFile } from "./games.ts";
import { inPlayOrder } from "./play-order.ts";
import { createSimulator, namesOf } from "./simulator.ts";

test("things of a kind are numbered from the end of their sorted ids", () => {
  const ids = ["mug_bar_2", "mug_bar_1", "sink_bar_1_bar_basin", "sink_bar_1", "loc_bar__minus_1", "agent1"];
  expect(Object.fromEntries(namesOf(new Set(ids)))).toEqual({
    mug_bar_1: "mug 2",
    mug_bar_2: "mug 1",
    sink_bar_1_bar_basin: "sinkbasin 1",
    sink_bar_1: "sink 1",
    loc_bar__minus_1: "loc 1",
    agent1: "agent1 ",
  });
});

describe("the order of play", () => {
  const ORDER = `${SHARED}/alfworld/sample/order-134.json`;
  const numbers = Array.from({ length: 134 }, (_, place) => place);

  // numpy.random.RandomState(1234).shuffle of 0 to 133
  test("is NumPy's", () => {
    expect(inPlayOrder(numbers).slice(0, 12)).toEqual([6, 131, 93, 62, 68, 78, 59, 61, 111, 32, 42, 36]);
    expect([...inPlayOrder(numbers)].sort((one, other) => one - other)).toEqual(numbers);
    expect(inPlayOrder([])).toEqual([]);
  });

  test.skipIf(!existsSync(ORDER))("is that of all 134 games (needs ../shared/alfworld)", () => {
    const recorded = JSON.parse(readFileSync(ORDER, "utf8"));
    expect(inPlayOrder(numbers)).toEqual(recorded.play_order_of_sorted_indices);
  });
});

test.each([
  [" go to shelf 1. ", "go to shelf 1"],
  ["put mug 1 in shelf 1", "put mug 1 in/on shelf 1"],
  ["put mug 1 on shelf 1.", "put mug 1 in/on shelf 1"],
  ["put mug 1 in/on shelf 1", "put mug 1 in/on shelf 1"],
  ["put mug 1 in box on shelf 1", "put mug 1 in/on box on shelf 1"],
  ["look..", "look."],
  ["", ""],
])("AgentBoard rewrites %j to %j", (text, action) => {
  expect(rewrittenAction(text)).toBe(action);
});

describe("a game file", () => {
  const DOMAIN = `(define (domain d) (:types agent location receptacle object - object)
    (:predicates (at ?a - agent ?l - location) (stands ?r - receptacle ?l - location) (holds ?a - agent ?o - object))
    (:action gotolocation :parameters (?a - agent ?from ?lend - location ?r - receptacle)
      :precondition (and (at ?a ?from) (stands ?r ?lend)) :effect (and (not (at ?a ?from)) (at ?a ?lend)))
    (:action putobject :parameters (?a - agent ?o - object ?r - receptacle)
      :precondition (holds ?a ?o) :effect (not (holds ?a ?o)))
    (:action help :parameters (?a - agent) :precondition () :effect (at ?a ?a)))`;
  const PROBLEM = `(define (problem p) (:domain d)
    (:objects a1 - agent loc_bar_1 loc_bar_2 - location shelf_bar_1 - receptacle mug_bar_1 - object)
    (:init (at a1 loc_bar_1) (stands shelf_bar_1 loc_bar_2) (holds a1 mug_bar_1)) (:goal (at a1 loc_bar_2)))`;
  const GRAMMAR = `grammar :: """{ "intro": [{"rhs": "Hello"}] }""";
    action GotoLocation { template :: "go to {r}"; feedback :: "You arrive at {r.name}. "; }
    action PutObject { template :: "move {o} to {r}"; feedback :: "You move the {o.name} to the {r.name}."; }
    action help { template :: "help"; feedback :: "Help."; }`;
  const file = { pddl_domain: DOMAIN, pddl_problem: PROBLEM, grammar: GRAMMAR };

  test("of newer releases can be played as it is, or in AgentBoard's words", () => {
    const written = createSimulator(openGame(file, "as-written"));
    expect(written.admissible()).toEqual(["go to shelf 1", "help", "move mug 1 to shelf 1"]);
    expect(written.step("go to shelf 1")).toEqual({ observation: "You arrive at shelf 1. ", won: true });
    const older = createSimulator(openGame(file, "agentboard"));
    expect(older.admissible()).toEqual(["go to shelf 1", "put mug 1 in/on shelf 1"]);
    expect(older.step("help").observation).toBe("Nothing happens.");
    expect(older.step("go to shelf 1").observation).toMatch(/^You arrive at loc \d\. $/);
    // One cannot go where one is.
    expect(older.admissible()).toEqual(["put mug 1 in/on shelf 1"]);
    expect(older.step("put mug 1 in/on shelf 1").observation).toBe("You put the mug 1 in/on the shelf 1.");
    expect(olderCommand("move mug 1 to shelf 1")).toBe("put mug 1 in/on shelf 1");
    expect(olderCommand("go to shelf 1")).toBe("go to shelf 1");
  });

  test.each([
    ["{", "not JSON"],
    ["[]", "not a game of ALFWorld"],
    ['{"pddl_domain": 1, "pddl_problem": ""}', /^not a game of ALFWorld: pddl_domain: .+; grammar: .+$/],
  ])("%j is refused", (text, problem) => {
    expect(() => readGameFile(text)).toThrow(problem);
  });
});
