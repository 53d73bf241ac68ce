import { spawnSync } from "node:child_process";
import { randomFor } from "../../src/random.ts";
import { drawMap } from "../../src/report/figures/map-job.ts";
import { withUnitRows } from "../../src/report/figures/matrix.ts";
import { tfIdf } from "../../src/report/figures/tf-idf.ts";
import { truncatedSvd } from "../../src/report/figures/truncated-svd.ts";
import { trustworthiness } from "../../src/report/figures/trustworthiness.ts";
import { TSNE_DEFAULTS, tsne } from "../../src/report/figures/tsne.ts";
import { atLeast, type Benchmark } from "../support/benchmark.ts";

/** Names a Python that has scikit-learn. */
const PYTHON_VARIABLE = "AGENTREFINE_SKLEARN_PYTHON";
const NEIGHBOURS = 12;
const GOAL = 0.02;

/** Texts of twenty topics that share half of their words: rare words among frequent ones, as in thoughts. */
function texts(count: number): readonly string[] {
  const random = randomFor(1, "tsne-bench");
  return Array.from({ length: count }, (_text, i) => {
    const words = Array.from({ length: 10 + random.integer(40) }, () =>
      random.chance(0.5)
        ? `w${Math.floor(3000 * random.next() ** 3)}`
        : `t${i % 20}x${Math.floor(60 * random.next() ** 2)}`,
    );
    return words.join(" ");
  });
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage().user;
  work();
  return (process.cpuUsage().user - before) / 1e6;
}

const PROGRAM = `import json, sys, time, numpy, sklearn.manifold as manifold
given = json.load(sys.stdin)
rows = numpy.array(given["values"]).reshape(-1, given["columns"])
start = time.process_time()
points = manifold.TSNE(perplexity=30, init="pca", random_state=0).fit_transform(rows)
print(json.dumps([manifold.trustworthiness(rows, points, n_neighbors=${NEIGHBOURS}), time.process_time() - start]))`;

/** Figure 6's map: how long it takes, and how well it keeps neighbours. */
export const tsneMap: Benchmark = {
  name: "tsne",
  question: "How long does a map of as many thoughts as the paper's take, and does it keep neighbours?",
  async run({ quick, progress }) {
    const count = quick ? 600 : 8100;
    const given = texts(count);
    progress("the map alone");
    const rows = withUnitRows(truncatedSvd(tfIdf(given), 50, 1));
    let points: Float64Array = new Float64Array();
    const ours = cpuSeconds(() => {
      points = tsne(rows, TSNE_DEFAULTS);
    });
    const kept = trustworthiness(rows, { rows: count, columns: 2, values: points }, NEIGHBOURS);
    progress("all of Figure 6");
    const places = Array.from({ length: count }, (_value, place) => place);
    const groups = [places.slice(0, 1000)];
    const job = {
      basis: { by: "words" as const, texts: given },
      drawn: places,
      groups,
      seed: 1,
      tsne: TSNE_DEFAULTS,
    };
    const whole = cpuSeconds(() => void drawMap(job, () => {}));
    const python = process.env[PYTHON_VARIABLE];
    if (python !== undefined) progress("scikit-learn");
    const input = JSON.stringify({ values: [...rows.values], columns: rows.columns });
    const answer =
      python === undefined ? "" : spawnSync(python, ["-c", PROGRAM], { input, encoding: "utf8" }).stdout;
    const theirs: readonly number[] = answer === "" ? [] : JSON.parse(answer);
    const [keptByThem] = theirs;
    return {
      method: `${count} texts of TF-IDF in 50 dimensions, perplexity 30, 1,000 steps, one thread; trustworthiness of ${NEIGHBOURS} neighbours; scikit-learn's from the same vectors when ${PYTHON_VARIABLE} names a Python that has it.`,
      columns: [
        { title: "CPU s", digits: 1 },
        { title: "trustworthiness", digits: 4 },
      ],
      rows: [
        { name: "ours, t-SNE alone", figures: [ours, kept] },
        { name: "ours, all of Figure 6", figures: [whole, null] },
        ...(keptByThem === undefined
          ? []
          : [{ name: "scikit-learn", figures: [theirs[1] ?? null, keptByThem] }]),
      ],
      goals:
        keptByThem === undefined
          ? []
          : [atLeast("trustworthiness beyond scikit-learn's", kept - keptByThem, -GOAL)],
      packages: [],
    };
  },
};
