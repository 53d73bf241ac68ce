import { spreadOf } from "../support/alternate.ts";
import { atMost, type Benchmark } from "../support/benchmark.ts";
import { runChild } from "../support/child.ts";
import type { MemoryOfRun } from "./memory-run.ts";

/** Peak memory of a long run against a short one. */
export const memory: Benchmark = {
  name: "memory",
  question: "Does the memory of a run grow with the number of its personas?",
  async run({ quick, progress }) {
    const [few, many] = quick ? [500, 2_000] : [2_000, 64_000];
    const measured = new Map<number, MemoryOfRun[]>([
      [few, []],
      [many, []],
    ]);
    // The long run takes minutes, so it is measured once, between short ones.
    for (const count of quick ? [few, many] : [few, many, few, few]) {
      progress(`${count} personas`);
      const result = await runChild<MemoryOfRun>("benchmarks/memory-run.js", [String(count)], {
        nodeOptions: [],
      });
      measured.get(count)?.push(result);
    }
    const peakOf = (count: number) => spreadOf((measured.get(count) ?? []).map(({ peak }) => peak));
    return {
      method:
        "Each run is a process of its own, without options of Node: the offline author, 64 personas at once, journals on the disk; the process tells its own peak.",
      columns: [
        { title: "peak MiB", digits: 1 },
        { title: "seconds", digits: 1 },
        { title: "accepted", digits: 0 },
      ],
      rows: [...measured].map(([count, runs]) => ({
        name: `${count} personas`,
        figures: [peakOf(count), spreadOf(runs.map(({ seconds }) => seconds)), runs[0]?.accepted ?? null],
      })),
      goals: [
        atMost(
          `the peak of ${many} personas, divided by that of ${few},`,
          peakOf(many).median / peakOf(few).median,
          1.3,
        ),
      ],
      packages: [],
    };
  },
};
