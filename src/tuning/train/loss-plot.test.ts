import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lossPlot, ticks } from "./loss-plot.ts";
import type { LossPoint } from "./loss-point.ts";

function points(losses: readonly (number | null)[]): readonly LossPoint[] {
  return losses.map((loss, place) => ({ step: place + 1, loss }));
}

/** The places of a picture's lines, the raw one first. */
function lines(plot: string): readonly (readonly (readonly number[])[])[] {
  return [...plot.matchAll(/ points="([^"]*)"/g)].map(([, text = ""]) =>
    text.split(" ").map((pair) => pair.split(",").map(Number)),
  );
}

describe("ticks", () => {
  it("are round and within their bounds", () => {
    expect(ticks(6.58, 7.605, 6)).toEqual([6.6, 6.8, 7, 7.2, 7.4, 7.6]);
    expect(ticks(1, 20, 8)).toEqual([5, 10, 15, 20]);
    const bounds = fc.tuple(
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    );
    fc.assert(
      fc.property(bounds, ([least, span]) => {
        const found = ticks(least, least + span, 6);
        expect(found.length).toBeLessThanOrEqual(7);
        for (const tick of found) {
          expect(tick).toBeGreaterThanOrEqual(least - span * 1e-6);
          expect(tick).toBeLessThanOrEqual(least + span * (1 + 1e-6));
        }
      }),
    );
  });
});

describe("lossPlot", () => {
  it("draws falling losses as falling lines from the left to the right", () => {
    const [raw = [], smooth = []] = lines(lossPlot(points([8, 7, 6, 5]), "t") ?? "");
    expect(raw).toEqual([
      [64, 44],
      [277.3, 146.7],
      [490.7, 249.3],
      [704, 352],
    ]);
    expect(smooth).toHaveLength(4);
  });

  it("keeps within its frame and as small as a picture, whatever the losses", () => {
    const loss = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(loss, { maxLength: 3000 }), (losses) => {
        const plot = lossPlot(points(losses), "t");
        expect(plot === undefined).toBe(losses.every((each) => each === null));
        for (const line of lines(plot ?? "")) {
          expect(line.length).toBeLessThanOrEqual(1000);
          for (const [x = -1, y = -1] of line) {
            expect(x >= 64 && x <= 704.1 && y >= 43.9 && y <= 352.1).toBe(true);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("writes its title as text", () => {
    const plot = lossPlot(points([1]), "a <b> & c");
    expect(plot).toContain(">a &lt;b&gt; &amp; c</text>");
    expect(plot).not.toContain("NaN");
  });

  it("draws nothing where there is no loss", () => {
    expect(lossPlot([], "t")).toBeUndefined();
    expect(lossPlot(points([null]), "t")).toBeUndefined();
  });
});
