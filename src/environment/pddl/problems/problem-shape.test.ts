import { describe, expect, test } from "vitest";
import { parseProblem } from "../../../pddl/problem.ts";
import { gameOf } from "../games.ts";
import { problemShape } from "./shipped-suite.ts";

function blocks(start: string, goal: string): string {
  const text = `(define (problem p) (:domain blockworld) (:objects b1 b2 b3 b4) (:init ${start}) (:goal ${goal}))`;
  return problemShape(parseProblem(text, gameOf("blockworld").domain));
}

const TOWER = "(arm-empty) (clear b1) (on b1 b2) (on b2 b3) (on b3 b4) (on-table b4)";
const RENAMED = "(on b1 b4) (on b4 b2) (clear b3) (on-table b2) (on b3 b1) (arm-empty)";

describe("the shape of a problem", () => {
  test("does not change with the names of objects and the order of facts", () => {
    expect(blocks(RENAMED, "(and (on b2 b4) (on b4 b1))")).toBe(blocks(TOWER, "(and (on b3 b2) (on b4 b3))"));
  });

  test("is another when something else is wanted, or stands elsewhere", () => {
    const shapes = [
      blocks(TOWER, "(on b4 b3)"),
      blocks(TOWER, "(on b4 b2)"),
      blocks(TOWER, "(on b4 b1)"),
      blocks(TOWER, "(on b1 b4)"),
      blocks(TOWER, "(and (on b4 b1) (on b1 b2))"),
      blocks(
        "(arm-empty) (clear b1) (on b1 b2) (on-table b2) (clear b3) (on b3 b4) (on-table b4)",
        "(on b4 b3)",
      ),
    ];
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  test("looks at the types of objects, and at what does not have to do with the goal", () => {
    const tyre = (facts: string): string =>
      problemShape(
        parseProblem(
          `(define (problem p) (:domain tyreworld) (:objects boot - container r1 r2 - wheel)
             (:init (unlocked boot) ${facts}) (:goal (inflated r1)))`,
          gameOf("tyreworld").domain,
        ),
      );
    expect(tyre("(closed boot)")).not.toBe(tyre("(isopen boot)"));
    expect(tyre("(intact r2)")).not.toBe(tyre("(intact r1)"));
  });
});
