import { verifyLine } from "../../src/verifier/verify-line.ts";
import { type ArmResult, alternate, ratioOf } from "../support/alternate.ts";
import { storedLines } from "../support/author-model.ts";
import { atMost, type Benchmark } from "../support/benchmark.ts";
import { clockWork } from "../support/work.ts";

/** Milliseconds for all lines. */
type Time = number;

function parse(line: Buffer): unknown {
  return JSON.parse(line.toString("utf8"));
}

function verify(value: unknown): void {
  const { accepted, problem } = verifyLine(value);
  if (!accepted) throw new Error(`a line was not accepted: ${problem}`);
}

/** Algorithm 1 over stored trajectories, against reading them. */
export const verifyStored: Benchmark = {
  name: "verify",
  question: "How fast does Algorithm 1 verify stored trajectories, against JSON.parse of the same bytes?",
  async run({ quick, progress }) {
    const lines = await storedLines(quick ? 200 : 2_000);
    const bytes = lines.reduce((sum, { length }) => sum + length, 0);
    const values = lines.map(parse);
    const arm = (name: string, work: () => void) => ({
      name,
      measure: async (): Promise<Time> => (await clockWork(work)).wall,
    });
    const results = await alternate(
      [
        arm("JSON.parse", () => {
          for (const line of lines) parse(line);
        }),
        arm("JSON.parse and verify", () => {
          for (const line of lines) verify(parse(line));
        }),
        arm("verify alone", () => {
          for (const value of values) verify(value);
        }),
      ],
      { rounds: quick ? 1 : 9, progress },
    );
    const [parsed, both, alone] = results;
    const share = (one: ArmResult<Time> | undefined) =>
      one === undefined || parsed === undefined ? null : ratioOf(one, parsed, (time) => time);
    return {
      method: `${lines.length} accepted trajectories of the offline author, ${(bytes / 2 ** 20).toFixed(1)} MiB of JSON lines in memory; parsing includes decoding UTF-8, verifying includes compiling the patterns of each line's script.`,
      columns: [
        { title: "microseconds a line", digits: 1 },
        { title: "MiB a second", digits: 0 },
        { title: "time divided by JSON.parse", digits: 2 },
      ],
      rows: results.map((result) => ({
        name: result.name,
        figures: [
          result.spread((time) => (time / lines.length) * 1000),
          result.spread((time) => (bytes / 2 ** 20 / time) * 1000),
          share(result),
        ],
      })),
      goals: [
        atMost("the time to parse and verify, divided by parsing,", share(both)?.median ?? Number.NaN, 4),
        atMost("the time to verify alone, divided by parsing,", share(alone)?.median ?? Number.NaN, 4),
      ],
      packages: ["re2js", "zod"],
    };
  },
};
