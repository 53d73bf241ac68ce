import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ABLATIONS } from "./ablation.ts";
import { isTrainable } from "./formats.ts";
import { anyTrajectory, bakeryTrajectory } from "./testing/trajectories.ts";
import type { TrainingExample } from "./training-example.ts";
import { trainingExample } from "./training-example.ts";

const losses = (example: TrainingExample): readonly boolean[] =>
  example.messages.flatMap(({ loss }) => (loss === null ? [] : [loss]));
const bakery = trainingExample("p1", bakeryTrajectory)!;

describe("ABLATIONS", () => {
  it("masks the turn after a run of error turns, or nothing at all", () => {
    expect(losses(bakery)).toEqual([true, false, false, true, true]);
    expect(losses(ABLATIONS["no-refinement-loss"].apply(bakery))).toEqual([true, false, false, false, true]);
    expect(losses(ABLATIONS["erroneous-loss"].apply(bakery))).toEqual([true, true, true, true, true]);
  });

  it("changes nothing but the loss, and never that of the user", () => {
    fc.assert(
      fc.property(anyTrajectory, fc.constantFrom(...Object.values(ABLATIONS)), (trajectory, ablation) => {
        const example = trainingExample("p1", trajectory);
        fc.pre(example !== undefined);
        const changed = ablation.apply(example!);
        const bare = ({ messages }: TrainingExample) =>
          messages.map(({ role, content }) => ({ role, content }));
        expect(bare(changed)).toEqual(bare(example!));
        expect(changed.messages.every(({ role, loss }) => (role === "user") === (loss === null))).toBe(true);
      }),
    );
  });

  it("trains less without refinement and more with errors", () => {
    fc.assert(
      fc.property(anyTrajectory, (trajectory) => {
        const example = trainingExample("p1", trajectory);
        fc.pre(example !== undefined);
        const before = losses(example!);
        losses(ABLATIONS["no-refinement-loss"].apply(example!)).forEach((loss, place) => {
          expect(loss).toBe(before[place] === true && before[place - 1] !== false);
        });
        expect(losses(ABLATIONS["erroneous-loss"].apply(example!)).every((loss) => loss)).toBe(true);
      }),
    );
  });
});

describe("isTrainable", () => {
  it("is false when every turn is masked", () => {
    expect(isTrainable(bakery)).toBe(true);
    const messages = bakery.messages.slice(2, 4);
    expect(isTrainable({ id: "p1", messages })).toBe(false);
  });
});
