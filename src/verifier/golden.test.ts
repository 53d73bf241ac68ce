import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { REPLY_FAULT_CODES } from "../model/reply.ts";
import { EVERY_FAULT } from "./testing/every-fault.ts";
import { type LineVerdict, verifyLine } from "./verify-line.ts";

interface GoldenCase {
  readonly name: string;
  /** The line of Algorithm 1, the place in the paper or the decision that the verdict follows from. */
  readonly why: string;
  readonly script: unknown;
  readonly trajectory: unknown;
  readonly verdict: LineVerdict;
}

const folder = new URL("./golden/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const cases = files.map((file): [string, GoldenCase] => [
  file,
  JSON.parse(readFileSync(new URL(file, folder), "utf8")),
]);

describe("Algorithm 1 on hand-made cases", () => {
  test.each(cases)("%s", (_file, { script, trajectory, verdict }) => {
    const { problem, ...rest } = verifyLine({ script, trajectory });
    expect(rest).toEqual(verdict);
    expect(problem === undefined).toBe(verdict.accepted);
  });

  test("there are at least 40 of them, named and reasoned, and no two are the same", () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
    for (const [file, { name, why }] of cases) {
      expect(file).toBe(`${name.replaceAll(" ", "-")}.json`);
      expect(why.trim()).not.toBe("");
    }
    const inputs = cases.map(([, { script, trajectory }]) => JSON.stringify({ script, trajectory }));
    expect(new Set(inputs).size).toBe(inputs.length);
  });

  const others: readonly string[] = ["unwanted-error", "out-of-calls", ...REPLY_FAULT_CODES];
  const ofTheAlgorithm = Object.keys(EVERY_FAULT).filter((code) => !others.includes(code));
  test.each([...ofTheAlgorithm, "bad-pattern", "too-large"])("one of them has the fault %s", (code) => {
    expect(cases.filter(([, { verdict }]) => verdict.fault?.code === code)).not.toEqual([]);
  });

  test("their verdicts keep what Algorithm 1 promises", () => {
    for (const [file, { trajectory, verdict }] of cases) {
      expect(verdict.accepted, file).toBe(verdict.fault === null);
      if (verdict.accepted && Array.isArray(trajectory)) expect(verdict.verified).toBe(trajectory.length);
      if (verdict.fault === null || verdict.fault.turn === null) continue;
      const kept = verdict.fault.code === "too-few-errors" ? 0 : verdict.fault.turn;
      expect(verdict.verified, file).toBe(kept);
    }
  });
});
