import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recording } from "../src/environment/testing/recordings.ts";
import { SHARED } from "../src/testing/shared.ts";
import { hotpotqaReplayers } from "./hotpotqa.ts";
import { replayFile } from "./replay.ts";

const RECORDINGS = `${SHARED}/parity`;
const isThere = existsSync(`${RECORDINGS}/hotpotqa`);

describe.skipIf(!isThere)("recordings of HotpotQA (needs ../shared/parity)", () => {
  const replayers = new Map(hotpotqaReplayers(RECORDINGS));
  test.each([
    ["hotpotqa/walks.jsonl.gz", 12],
    ["hotpotqa/metrics.jsonl.gz", 4],
  ])("%s, every %i rows, replays equal in every field", async (file, every) => {
    const share = recording(file)
      .split("\n")
      .filter((_, place) => place % every === 0);
    const replayer = replayers.get(file);
    const report =
      replayer?.code === "ready" ? await replayFile(share.join("\n"), replayer.replayRow) : undefined;
    expect(report).toMatchObject({ differences: [] });
    expect(report?.equalRows).toBeGreaterThan(9);
  });
});

test("walks need the recorded pages", () => {
  const replayer = new Map(hotpotqaReplayers("/nowhere")).get("hotpotqa/walks.jsonl.gz");
  expect(replayer).toMatchObject({ code: "unavailable", reason: expect.stringContaining("pages") });
});
