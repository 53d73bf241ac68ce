import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import { affinities } from "./affinities.ts";
import { type Matrix, normalNumbers, rowOf, zeros } from "./matrix.ts";
import { nearestNeighbours } from "./nearest-neighbours.ts";
import { QuadTree } from "./quad-tree.ts";
import { trustworthiness } from "./trustworthiness.ts";
import { tsne } from "./tsne.ts";

/** Rows in clusters of a space of ten dimensions. */
function clusters(rows: number, count: number): Matrix {
  const random = randomFor(3, "clusters");
  const middles = Array.from({ length: count }, () => normalNumbers(random, 10));
  const matrix = zeros(rows, 10);
  for (let row = 0; row < rows; row += 1) {
    const noise = normalNumbers(random, 10);
    rowOf(matrix, row).set(middles[row % count]!.map((value, i) => 2 * value + 0.5 * noise[i]!));
  }
  return matrix;
}

function mapOf(points: Float64Array): Matrix {
  return { rows: points.length / 2, columns: 2, values: points };
}

describe("trustworthiness", () => {
  const row = (i: number): readonly number[] =>
    Array.from({ length: 5 }, (_value, d) => Math.sin(i * (d + 1) * 0.7) + i * 0.01 * d);
  const numbers = Array.from({ length: 40 }, (_row, i) => i);
  const before = { rows: 40, columns: 5, values: Float64Array.from(numbers.flatMap(row)) };
  const map = mapOf(Float64Array.from(numbers.flatMap((i) => [Math.cos(i * 0.9), Math.sin(i * 1.3)])));

  test.each([
    [3, 0.4680952380952381],
    [5, 0.48203125],
    [12, 0.507170542635659],
  ])("of %d neighbours is scikit-learn's", (count, wanted) => {
    expect(trustworthiness(before, map, count)).toBeCloseTo(wanted, 12);
  });

  test("of rows that stay where they are is 1", () => {
    expect(trustworthiness(before, before, 5)).toBe(1);
  });
});

describe("affinities", () => {
  const belonging = affinities(
    nearestNeighbours(clusters(60, 3), 15, () => {}),
    5,
  );

  test("are 1 all together, and the same from both sides", () => {
    const { rows, starts, others, shares } = belonging;
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    const share = (row: number, other: number): number => {
      const place = others.subarray(starts[row], starts[row + 1]).indexOf(other);
      return place === -1 ? 0 : shares[starts[row]! + place]!;
    };
    for (let row = 0; row < rows; row += 1) {
      const own = [...others.subarray(starts[row], starts[row + 1])];
      expect(new Set(own).size).toBe(own.length);
      for (const other of own) expect(share(other, row)).toBeCloseTo(share(row, other), 15);
    }
  });
});

describe("the tree", () => {
  test("pushes as all points together do, the more exactly the smaller the angle", () => {
    const points = normalNumbers(randomFor(8), 400);
    points.set(points.subarray(0, 10), 10);
    const tree = new QuadTree(points);
    tree.fill();
    const push = new Float64Array(2);
    for (const [angle, digits] of [
      [0, 9],
      [0.5, 0],
    ] as const) {
      for (let point = 0; point < 200; point += 20) {
        let [sum, x] = [0, 0];
        for (let other = 0; other < 200; other += 1) {
          if (other === point) continue;
          const [dx, dy] = [
            points[2 * point]! - points[2 * other]!,
            points[2 * point + 1]! - points[2 * other + 1]!,
          ];
          const near = 1 / (1 + dx * dx + dy * dy);
          sum += near;
          x += near * near * dx;
        }
        expect(tree.push(point, angle, push)).toBeCloseTo(sum, digits);
        expect(push[0]).toBeCloseTo(x, digits);
      }
    }
  });
});

describe("t-SNE", () => {
  const options = { perplexity: 10, steps: 400 };

  test("keeps clusters together and apart from others, the same each time", () => {
    const rows = clusters(120, 4);
    const points = tsne(rows, options);
    expect(tsne(rows, options)).toEqual(points);
    const { places } = nearestNeighbours(mapOf(points), 8, () => {});
    const strangers = places.filter((other, place) => other % 4 !== Math.floor(place / 8) % 4);
    expect(strangers).toHaveLength(0);
    expect(trustworthiness(rows, mapOf(points), 8)).toBeGreaterThan(0.9);
  });

  test("tells how far it is", () => {
    const told: string[] = [];
    tsne(clusters(20, 2), { perplexity: 5, steps: 3 }, ({ stage, done, total }) =>
      told.push(`${stage} ${done}/${total}`),
    );
    expect(told.slice(0, 2)).toEqual(["neighbours 0/20", "neighbours 1/20"]);
    expect(told.slice(-3)).toEqual(["steps 0/3", "steps 1/3", "steps 2/3"]);
  });

  test.each([0, 1, 2, 3, 4])("places %d rows", (rows) => {
    const points = tsne(clusters(rows, 1), options);
    expect(points).toHaveLength(2 * rows);
    expect(points.every(Number.isFinite)).toBe(true);
  });

  test("places rows that are all the same, and those without anything", () => {
    for (const value of [0, 1]) {
      const same: Matrix = { rows: 30, columns: 3, values: new Float64Array(90).fill(value) };
      expect(tsne(same, options).every(Number.isFinite)).toBe(true);
    }
  });

  const python = process.env.AGENTREFINE_SKLEARN_PYTHON || undefined;
  // Set AGENTREFINE_SKLEARN_PYTHON to a Python that has scikit-learn, and this compares with it.
  test.skipIf(python === undefined)(
    "keeps neighbours as well as scikit-learn does",
    { timeout: 300_000 },
    () => {
      const rows = clusters(300, 8);
      const points = tsne(rows, { perplexity: 30, steps: 1000 });
      const program = [
        "import json, sys, numpy, sklearn.manifold as manifold",
        "given = json.load(sys.stdin)",
        "rows, points = numpy.array(given['rows']).reshape(-1, 10), numpy.array(given['points']).reshape(-1, 2)",
        "theirs = manifold.TSNE(perplexity=30, init='pca', random_state=0).fit_transform(rows)",
        "print(json.dumps([manifold.trustworthiness(rows, each, n_neighbors=12) for each in (points, theirs)]))",
      ].join("\n");
      const input = JSON.stringify({ rows: [...rows.values], points: [...points] });
      const { stdout, stderr } = spawnSync(python ?? "", ["-c", program], { input, encoding: "utf8" });
      expect(stdout, stderr).not.toBe("");
      const [ours, theirs] = JSON.parse(stdout);
      expect(trustworthiness(rows, mapOf(points), 12)).toBeCloseTo(ours, 9);
      expect(ours).toBeGreaterThan(theirs - 0.02);
    },
  );
});
