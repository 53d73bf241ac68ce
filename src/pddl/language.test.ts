import { describe, expect, test } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { parseDomain } from "./domain.ts";
import { parseProblem } from "./problem.ts";
import { readSExpression } from "./s-expression.ts";
import { factsOf } from "./state.ts";

const DOMAIN = `; a comment with (parentheses
(define (domain Depot)
  (:requirements :adl)
  (:types truck plane - vehicle vehicle crate - thing place)
  (:constants HOME - place)
  (:predicates (at ?x - (either vehicle crate) ?p - place) (in ?c - crate ?v - vehicle))
  (:action drive :parameters (?t - truck ?a ?b - place)
    :precondition (and (at ?t ?a) (not (= ?a ?b)))
    :effect (and (not (at ?t ?a)) (at ?t ?b) (increase (total-cost) 1)
                 (forall (?c - crate) (when (in ?c ?t) (and (at ?c ?b) (not (at ?c ?a))))))))`;

const PROBLEM = `(define (problem p) (:domain depot)
  (:objects t1 - truck a1 - plane c1 c2 - crate far - place)
  (:init (at t1 home) (at a1 far) (in c1 t1) (not (in c2 t1)) (= (total-cost) 0))
  (:goal (and (at c1 far) (not (at t1 home)))) (:metric minimize (total-cost)))`;

describe("the PDDL language", () => {
  test("a domain is read with types, constants and either", () => {
    const domain = parseDomain(DOMAIN);
    expect(domain.name).toBe("depot");
    expect(domain.constants).toEqual([{ name: "home", types: ["place"] }]);
    expect(domain.predicates[0]?.parameters[0]?.types).toEqual(["vehicle", "crate"]);
    expect(domain.actions[0]?.parameters.map(({ types }) => types[0])).toEqual(["truck", "place", "place"]);
  });

  test("a problem gets inherited types, and leaves negative facts and costs out", () => {
    const problem = parseProblem(PROBLEM, parseDomain(DOMAIN));
    expect([...(problem.universe.typesOf.get("t1") ?? [])].sort()).toEqual([
      "object",
      "thing",
      "truck",
      "vehicle",
    ]);
    expect(problem.universe.ofTypes(["crate", "plane"])).toEqual(["a1", "c1", "c2"]);
    expect(factsOf(problem.initial)).toHaveLength(3);
    expect(problem.goal).toMatchObject({ kind: "and", parts: [{ kind: "atom" }, { kind: "not" }] });
  });

  test("a question mark begins a word of its own", () => {
    const list = readSExpression("(?l - level?l1)");
    expect(list.items.map((item) => (item.kind === "word" ? item.text : ""))).toEqual([
      "?l",
      "-",
      "level",
      "?l1",
    ]);
  });

  test("a comma is a letter, so that a type it stands at is another one", () => {
    const text = "(define (domain x) (:action a :precondition (exists (?l - place, ?r - place) (on ?l ?r))))";
    expect(parseDomain(text).actions[0]?.precondition).toMatchObject({
      variables: [
        { name: "?l", types: ["place,"] },
        { name: "?r", types: ["place"] },
      ],
    });
  });

  test.each([
    ["(define (domain x)", 1, 1, "never closed"],
    ["(define\n  (domain x))\n)", 3, 1, "after the end"],
    ["(define (domain x)\n  (:action a :parameters ?x))", 2, 26, "a list of parameters"],
    ["(define (domain x)\n (:sauce))", 2, 2, "unknown section"],
    ["(define (domain x) (:action a :effect (or (p))))", 1, 39, "cannot stand in an effect"],
    ["", 1, 1, "empty"],
  ])("%j is refused with its place", (text, line, column, problem) => {
    const parse = (): unknown => parseDomain(text);
    expect(parse).toThrow(AgentRefineError);
    expect(parse).toThrow(`line ${line}, column ${column}`);
    expect(parse).toThrow(problem);
  });

  test("a text of nothing but opening parentheses is refused, not a crash", () => {
    expect(() => readSExpression("(".repeat(100_000))).toThrow("nested too deeply");
  });
});
