import { type Spread, spreadOf } from "../support/alternate.ts";
import { atMost, type Benchmark } from "../support/benchmark.ts";
import { runChild, startServer } from "../support/child.ts";
import type { MemoryOfEvaluation } from "./harness-memory-run.ts";

/** Peak memory of a long evaluation against a short one. */
export const harnessMemory: Benchmark = {
  name: "harness-memory",
  question: "Does the memory of an evaluation grow with the number of its episodes?",
  async run({ quick, progress }) {
    const [few, many] = quick ? [200, 1_000] : [1_000, 10_000];
    const measured = new Map<number, MemoryOfEvaluation[]>([
      [few, []],
      [many, []],
    ]);
    const server = await startServer("benchmarks/harness-server.js", ["0"]);
    try {
      // The long evaluation takes minutes, so it is measured once, between short ones.
      for (const count of quick ? [few, many] : [few, many, few, few]) {
        progress(`${count} episodes`);
        const inputs = [server.url, String(count)];
        const result = await runChild<MemoryOfEvaluation>("benchmarks/harness-memory-run.js", inputs, {
          nodeOptions: [],
        });
        measured.get(count)?.push(result);
      }
    } finally {
      await server.stop();
    }
    const spreadOfRuns = (count: number, figure: (run: MemoryOfEvaluation) => number): Spread =>
      spreadOf((measured.get(count) ?? []).map(figure));
    const peakOf = (count: number): Spread => spreadOfRuns(count, ({ peak }) => peak);
    return {
      method:
        "Each evaluation is a process of its own, without options of Node: PDDL games, 30 turns each, 64 episodes at once, a server on the loopback that answers at once, replies and episodes synced to the disk; the process tells its own peak.",
      columns: [
        { title: "peak MiB", digits: 1 },
        { title: "seconds", digits: 1 },
        { title: "turns a second", digits: 0 },
      ],
      rows: [few, many].map((count) => ({
        name: `${count} episodes`,
        figures: [
          peakOf(count),
          spreadOfRuns(count, ({ seconds }) => seconds),
          spreadOfRuns(count, ({ turns, seconds }) => turns / seconds),
        ],
      })),
      goals: [
        atMost(
          `the peak of ${many} episodes, divided by that of ${few},`,
          peakOf(many).median / peakOf(few).median,
          1.3,
        ),
      ],
      packages: [],
    };
  },
};
