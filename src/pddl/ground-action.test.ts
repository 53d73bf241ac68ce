import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDomain } from "./domain.ts";
import { applicableActions, applyAction, bindingOf, isApplicable } from "./ground-action.ts";
import { extensions, holds, NO_BINDING } from "./holds.ts";
import { parseProblem, problemOf } from "./problem.ts";
import { changeState, type Fact, factsOf, isFact, type State, stateOf } from "./state.ts";
import { formatAction } from "./testing/format-action.ts";
import { satisfiesGoal } from "./testing/satisfies-goal.ts";

const HOUSE = parseDomain(`
(define (domain house)
  (:types room thing - object lamp box - thing)
  (:predicates (in ?x ?r) (here ?r) (lit ?l) (inside ?x ?b) (shut ?b) (near ?a ?b))
  (:action walk :parameters (?a ?b - room)
    :precondition (and (here ?a) (or (near ?a ?b) (near ?b ?a)) (not (= ?a ?b)))
    :effect (and (not (here ?a)) (here ?b)))
  (:action toggle :parameters (?l - lamp)
    :precondition (exists (?r - room) (and (here ?r) (in ?l ?r)))
    :effect (and (when (lit ?l) (not (lit ?l))) (when (not (lit ?l)) (lit ?l))))
  (:action carry :parameters (?b - box ?a ?c - room)
    :precondition (and (here ?a) (in ?b ?a) (near ?a ?c) (imply (lit lamp1) (shut ?b)))
    :effect (and (not (in ?b ?a)) (in ?b ?c) (not (here ?a)) (here ?c)
                 (forall (?x - thing) (when (inside ?x ?b) (and (not (in ?x ?a)) (in ?x ?c))))))
  (:action tidy :parameters (?r - room)
    :precondition (and (here ?r) (forall (?b - box) (shut ?b)))
    :effect (and (not (here ?r)) (here ?r))))`);

const PROBLEM = parseProblem(
  `(define (problem p) (:domain house)
    (:objects a b c - room lamp1 - lamp box1 box2 - box)
    (:init (here a) (near a b) (near b c) (in lamp1 a) (in box1 a) (in box2 c) (shut box2) (inside lamp1 box1))
    (:goal (and (in lamp1 b) (forall (?l - lamp) (lit ?l)))))`,
  HOUSE,
);

/** A text that two states share exactly when the same facts hold in both. */
function stateKey(state: State): string {
  const facts = factsOf(state).map(({ predicate, objects }) => `${predicate} ${objects.join(" ")}`);
  return facts.sort().join("\n");
}

function act(name: string, ...objects: readonly string[]): Parameters<typeof applyAction>[0] {
  const schema = HOUSE.actions.find((one) => one.name === name);
  if (schema === undefined) throw new Error(name);
  return { schema, objects };
}

describe("actions", () => {
  test("all applicable actions are listed", () => {
    expect(applicableActions(PROBLEM, PROBLEM.initial).map(formatAction)).toEqual([
      "(walk a b)",
      "(toggle lamp1)",
      "(carry box1 a b)",
    ]);
  });

  test("conditional effects look at the old state, and forall moves what is inside", () => {
    const lit = applyAction(act("toggle", "lamp1"), PROBLEM.initial, PROBLEM.universe);
    expect(isFact(lit, "lit", ["lamp1"])).toBe(true);
    const dark = applyAction(act("toggle", "lamp1"), lit, PROBLEM.universe);
    expect(stateKey(dark)).toBe(stateKey(PROBLEM.initial));
    const carried = applyAction(act("carry", "box1", "a", "b"), PROBLEM.initial, PROBLEM.universe);
    expect(isFact(carried, "in", ["lamp1", "b"])).toBe(true);
    expect(isFact(carried, "in", ["lamp1", "a"])).toBe(false);
    const done = applyAction(act("toggle", "lamp1"), carried, PROBLEM.universe);
    expect(satisfiesGoal(PROBLEM, done)).toBe(true);
    expect(satisfiesGoal(PROBLEM, lit)).toBe(false);
  });

  test("adds win over deletes, and the same state comes back when nothing changes", () => {
    const state = changeState(PROBLEM.initial, [], [{ predicate: "shut", objects: ["box1"] }]);
    expect(isApplicable(act("tidy", "a"), state, PROBLEM.universe)).toBe(true);
    expect(applyAction(act("tidy", "a"), state, PROBLEM.universe)).toBe(state);
  });

  test("objects of a wrong type or number make an action inapplicable", () => {
    expect(isApplicable(act("walk", "a", "lamp1"), PROBLEM.initial, PROBLEM.universe)).toBe(false);
    expect(isApplicable(act("walk", "a"), PROBLEM.initial, PROBLEM.universe)).toBe(false);
  });

  const facts: fc.Arbitrary<Fact[]> = fc.array(
    fc.oneof(
      fc.record({
        predicate: fc.constantFrom("here", "lit", "shut"),
        objects: fc.tuple(fc.constantFrom("a", "b", "c", "lamp1", "box1")),
      }),
      fc.record({
        predicate: fc.constantFrom("in", "near", "inside"),
        objects: fc.tuple(
          fc.constantFrom("a", "b", "lamp1", "box1", "box2"),
          fc.constantFrom("a", "b", "c", "box1"),
        ),
      }),
    ),
    { maxLength: 14 },
  );

  test("the join finds exactly what trying all objects finds, in any state", () => {
    fc.assert(
      fc.property(facts, (drawn) => {
        const state = stateOf(drawn);
        const joined = applicableActions(PROBLEM, state).map(formatAction).sort();
        const tried = HOUSE.actions.flatMap((schema) =>
          [...extensions(schema.parameters, PROBLEM.universe, NO_BINDING)]
            .filter((binding) => holds(schema.precondition, state, PROBLEM.universe, binding))
            .map((binding) => formatAction({ schema, objects: [...binding.values()] })),
        );
        expect(joined).toEqual(tried.sort());
      }),
    );
  });

  test("changing a state is taking away and adding, and never touches the old one", () => {
    fc.assert(
      fc.property(facts, facts, facts, (start, deletes, adds) => {
        const state = stateOf(start);
        const before = stateKey(state);
        const key = ({ predicate, objects }: Fact): string => `${predicate} ${objects.join(" ")}`;
        const expected = new Set(start.map(key));
        for (const fact of deletes) expected.delete(key(fact));
        for (const fact of adds) expected.add(key(fact));
        expect(new Set(factsOf(changeState(state, deletes, adds)).map(key))).toEqual(expected);
        expect(stateKey(state)).toBe(before);
      }),
    );
  });

  test("problems can be made from data, and bindings name the parameters", () => {
    const problem = problemOf("q", HOUSE, [{ name: "a", types: ["room"] }], [], { kind: "and", parts: [] });
    expect(satisfiesGoal(problem, problem.initial)).toBe(true);
    expect(bindingOf(act("walk", "a", "b").schema, ["a", "b"])).toEqual(
      new Map([
        ["?a", "a"],
        ["?b", "b"],
      ]),
    );
  });
});
