import { describe, expect, test } from "vitest";
import { NO_AGENTBOARD_FILES } from "../src/environment/agentboard-files.ts";
import { hasLabels, hasRecordings, labelFile, recording } from "../src/environment/testing/recordings.ts";
import { SHARED } from "../src/testing/shared.ts";
import { type ReplayRow, replayFile } from "./replay.ts";
import { createReplayers } from "./replayers.ts";

const RECORDINGS = `${SHARED}/parity`;
const replayers = await createReplayers(
  {
    ...NO_AGENTBOARD_FILES,
    labels: (suite) => (hasLabels && suite === "babyai" ? labelFile() : undefined),
  },
  RECORDINGS,
);

function ready(file: string): ReplayRow {
  const replayer = replayers.get(file);
  if (replayer?.code !== "ready") throw new Error(`${file} cannot be replayed`);
  return replayer.replayRow;
}

/** The number of equal steps (or other units) that each recording holds. */
const TOTALS = [
  ["rng/pcg64.jsonl.gz", 260, false],
  ["babyai/grids.jsonl.gz", 4000, false],
  ["babyai/grids-text.jsonl.gz", 120, false],
  ["babyai/walks-unlabelled.jsonl.gz", 1299, false],
  ["babyai/walks-errors.jsonl.gz", 1210, false],
  ["babyai/walks-labelled.jsonl.gz", 7499, true],
  ["babyai/solved.jsonl.gz", 2792, true],
] as const;

describe.skipIf(!hasRecordings)("recordings of the original worlds (needs ../shared/parity)", () => {
  for (const [file, total, needsLabels] of TOTALS) {
    test.skipIf(needsLabels && !hasLabels)(`${file} replays equal in every field`, async () => {
      const report = await replayFile(recording(file), ready(file));
      expect(report).toMatchObject({ equal: total, total, differences: [] });
      expect(report.equalRows).toBe(report.rows);
    });
  }

  test("a changed recording is found out, at its step", async () => {
    const [line = ""] = recording("babyai/walks-errors.jsonl.gz").split("\n");
    const row = JSON.parse(line);
    row.steps[1].observation += "!";
    const report = await replayFile(JSON.stringify(row), ready("babyai/walks-errors.jsonl.gz"));
    expect(report).toMatchObject({ equal: 1, total: row.steps.length, equalRows: 0, rows: 1 });
    expect(report.differences[0]).toMatch(/^row 0: step 1, observation: /);
  });
});

test("labelled walks say what they need", async () => {
  const without = await createReplayers(NO_AGENTBOARD_FILES, RECORDINGS);
  expect(without.get("babyai/solved.jsonl.gz")).toMatchObject({ code: "unavailable" });
});
