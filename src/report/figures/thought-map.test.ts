import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import type { DataTexts } from "./data-texts.ts";
import { drawMap } from "./map-job.ts";
import { type Matrix, zeros } from "./matrix.ts";
import { basisOf, thoughtMap } from "./thought-map.ts";

/** A data set with thoughts of some words. */
function dataOf(name: string, count: number, words: readonly string[]): DataTexts {
  const random = randomFor(name);
  const drawn = Array.from({ length: count }, (_value, i) => ({
    rank: random.next(),
    item: { row: `${name}-${i}`, text: Array.from({ length: 8 }, () => random.pick(words)).join(" ") },
  }));
  return {
    name,
    rows: count,
    thoughts: { all: 10 * count, drawn: drawn.sort((one, other) => one.rank - other.rank) },
    instructions: { all: count, drawn: [] },
  };
}

const ours = dataOf(
  "ours",
  60,
  Array.from({ length: 80 }, (_value, i) => `word${i}`),
);
const theirs = dataOf("theirs", 40, ["go", "to", "the", "red", "box"]);
const silent = dataOf("silent", 0, []);

const tsne = { perplexity: 10, steps: 60 };

describe("the map of thoughts", () => {
  test("has a point for each thought that was drawn, and numbers for diversity", async () => {
    const stages = new Set<string>();
    const map = await thoughtMap([ours, theirs, silent], {
      seed: 1,
      tsne,
      onProgress: ({ stage }) => void stages.add(stage),
    });
    expect([...stages]).toEqual(["vectors", "neighbours", "steps", "check", "diversity"]);
    expect(map?.thoughts).toHaveLength(100);
    const ofOurs = map?.thoughts.filter(({ data }) => data === "ours") ?? [];
    expect(ofOurs.map(({ thought }) => thought).sort()).toEqual(
      ours.thoughts.drawn.map(({ item }) => item.text).sort(),
    );
    const [first, second] = map?.data ?? [];
    expect(first).toMatchObject({ name: "ours", thoughts: 600, drawn: 60, diversity: { texts: 40 } });
    expect(second).toMatchObject({ name: "theirs", thoughts: 400, drawn: 40, diversity: { texts: 40 } });
    expect(first?.diversity.vendiScore).toBeGreaterThan(3 * (second?.diversity.vendiScore ?? 0));
    expect(first?.diversity.meanPairwiseDistance).toBeGreaterThan(
      second?.diversity.meanPairwiseDistance ?? 1,
    );
    expect(map?.trustworthiness).toBeGreaterThan(0.5);
    expect(map?.notes).toEqual([expect.stringContaining("silent has no turn")]);
  });

  test("is the same each time, also of a model's vectors", async () => {
    const texts = theirs.thoughts.drawn.map(({ item }) => item.text);
    const embed = async (): Promise<Matrix> => {
      const vectors = zeros(texts.length, 26);
      texts.forEach((text, row) => {
        for (const letter of text.replace(/[^a-z]/g, ""))
          vectors.values[26 * row + letter.charCodeAt(0) - 97]! += 1;
      });
      return vectors;
    };
    const places = [...texts.keys()];
    for (const embedder of [undefined, { name: "letters", embed }]) {
      const basis = await basisOf(texts, embedder);
      const job = { basis, drawn: places, groups: [places], seed: 1, tsne };
      const map = drawMap(job, () => {});
      expect(map.points.every(Number.isFinite)).toBe(true);
      expect(drawMap(job, () => {})).toEqual(map);
    }
  });

  test("is none without thoughts, and stops when it is told to", async () => {
    expect(await thoughtMap([silent], { seed: 1 })).toBeUndefined();
    const stop = new AbortController();
    const drawing = thoughtMap([ours], {
      seed: 1,
      stop: stop.signal,
      onProgress: () => stop.abort(new Error("stop")),
    });
    await expect(drawing).rejects.toThrow("stop");
  });
});
