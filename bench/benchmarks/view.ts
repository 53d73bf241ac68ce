import { stat } from "node:fs/promises";
import { join } from "node:path";
import { spreadOf } from "../support/alternate.ts";
import { atMost, type Benchmark } from "../support/benchmark.ts";
import { runChild } from "../support/child.ts";
import { largeRun } from "../support/large-run.ts";
import { inTemporaryFolder } from "../support/work.ts";
import type { PagesOfRun } from "./view-run.ts";

/** Opening a large run as pages: indexed once, then at once. */
export const view: Benchmark = {
  name: "view",
  question: "How long do the pages over a run of 64,000 personas take, and how much memory?",
  async run({ quick, progress }) {
    const [count, small] = quick ? [400, 100] : [64_000, 4_000];
    return await inTemporaryFolder(async (folder) => {
      progress(`a run of ${count} personas`);
      const run = await largeRun(folder, count, small, process.env.AGENTREFINE_BENCH_RUN);
      const bytes =
        (await stat(join(run, "calls.jsonl"))).size + (await stat(join(run, "syntheses.jsonl"))).size;
      const open = async (): Promise<PagesOfRun> =>
        runChild<PagesOfRun>("benchmarks/view-run.js", [run, join(folder, "indexes")], { nodeOptions: [] });
      progress("indexed");
      const cold = await open();
      const warm: PagesOfRun[] = [];
      for (const round of [1, 2, 3]) {
        progress(`opened again, ${round}`);
        warm.push(await open());
      }
      const trajectories = warm.flatMap((each) => each.trajectories);
      const last = spreadOf(trajectories);
      return {
        method: `Each opening is a process of its own that asks the program for its pages, without a browser; ${(bytes / 2 ** 30).toFixed(1)} GiB of records, of which those of a smaller run of the offline author are repeated with other ids. The first makes the index, the others read it. Each asks for 60 trajectories all over the run.`,
        columns: [
          { title: "first page, ms", digits: 0 },
          { title: "sorted list, ms", digits: 0 },
          { title: "search, ms", digits: 0 },
          { title: "trajectory, ms", digits: 1 },
          { title: "its CPU ms", digits: 1 },
          { title: "peak MiB", digits: 0 },
        ],
        rows: [
          {
            name: "indexed for the first time",
            figures: [
              cold.first,
              cold.list,
              cold.search,
              spreadOf(cold.trajectories),
              spreadOf(cold.trajectoryCpu),
              cold.peak,
            ],
          },
          {
            name: "opened again",
            figures: [
              spreadOf(warm.map(({ first }) => first)),
              spreadOf(warm.map(({ list }) => list)),
              spreadOf(warm.map(({ search }) => search)),
              last,
              spreadOf(warm.flatMap((each) => each.trajectoryCpu)),
              spreadOf(warm.map(({ peak }) => peak)),
            ],
          },
        ],
        goals: [
          atMost(
            "milliseconds to the first page, opened again,",
            spreadOf(warm.map(({ first }) => first)).median,
            2000,
          ),
          atMost("milliseconds of the slowest trajectory", last.maximum, 100),
        ],
        packages: ["hono"],
      };
    });
  },
};
