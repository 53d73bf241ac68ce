import { describe, expect, test } from "vitest";
import type { Judgement } from "../annotation/judgements.ts";
import { PAPER_RELIABILITY, reliabilityOf, reliabilityParts } from "./reliability.ts";
import { reportMarkdown } from "./render.ts";

function judged(
  id: string,
  turn: number,
  label: "right" | "wrong",
  said: Judgement["verdicts"] | object,
): Judgement {
  const verdicts = said instanceof Map ? said : new Map(Object.entries(said));
  return { id, turn, label, verdicts };
}

describe("the reliability of labels", () => {
  test("is the paper's for the paper's counts", () => {
    const [people] = PAPER_RELIABILITY.annotators;
    expect(people?.confusion).toEqual({ right: { right: 47, wrong: 3 }, wrong: { right: 9, wrong: 41 } });
    expect(people?.byLabel.right?.value).toBeCloseTo(0.94, 12);
    expect(people?.byLabel.wrong?.value).toBeCloseTo(0.82, 12);
    expect(people?.kappa?.value).toBeCloseTo(0.76, 12);
    // Wilson's interval of 47 in 50.
    expect(people?.byLabel.right?.low).toBeCloseTo(0.8378, 3);
    expect(people?.byLabel.right?.high).toBeCloseTo(0.9794, 3);
  });

  test("takes the two turns of a trajectory for one observation, and its interval is never without width", () => {
    const ten = Array.from({ length: 10 }, (_each, place) => [
      judged(`t${place}`, 1, "right", { ana: "right" }),
      judged(`t${place}`, 3, "wrong", { ana: "wrong" }),
    ]).flat();
    const [ana] = reliabilityOf({ turns: ten, annotators: ["ana"], skipped: [] }).annotators;
    expect(ana?.kappa?.value).toBe(1);
    // Ten in ten, not twenty in twenty.
    expect(ana?.agreement.low).toBeCloseTo(0.7225, 3);
    expect(ana?.kappa?.low).toBeCloseTo(2 * 0.7225 - 1, 3);
  });

  test("is counted over what each annotator has judged, also in the middle", () => {
    const turns = [
      judged("t1", 1, "right", { ana: "right", ben: "right" }),
      judged("t1", 3, "wrong", { ana: "right" }),
      judged("t2", 1, "right", { ana: "right", ben: "wrong" }),
    ];
    const { annotators, between, alpha, ...rest } = reliabilityOf({
      turns,
      annotators: ["ana", "ben"],
      skipped: [],
    });
    expect(rest).toEqual({ turns: 3, trajectories: 2 });
    expect(annotators.map(({ agreement }) => agreement.value)).toEqual([2 / 3, 0.5]);
    expect(annotators[1]?.byLabel.wrong).toBeUndefined();
    expect(between.map(({ one, other, agreement }) => [one, other, agreement.value])).toEqual([
      ["ana", "ben", 0.5],
    ]);
    expect(alpha).toBe(0);
  });

  test("is told with the paper's beside it", () => {
    const turns = [
      judged("t1", 1, "right", { ana: "right", ben: "right" }),
      judged("t1", 3, "wrong", { ana: "right", ben: "wrong" }),
    ];
    const text = reportMarkdown(
      reliabilityParts(reliabilityOf({ turns, annotators: ["ana", "ben"], skipped: [] })),
    );
    expect(text).toContain("2 turns of 1 trajectory,");
    expect(text).toContain("| labelled right | 47 | 3 | 94.0 [83.8, 97.9] |");
    expect(text).toContain("| ana, ben | 2 | 50.0 [");
    expect(text).toContain("Krippendorff's alpha: 0.00");
  });
});
