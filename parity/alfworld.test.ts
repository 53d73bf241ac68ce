import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recording } from "../src/environment/testing/recordings.ts";
import { SHARED } from "../src/testing/shared.ts";
import { alfworldReplayers } from "./alfworld.ts";
import { replayFile } from "./replay.ts";

const RECORDINGS = `${SHARED}/parity`;
const isThere = existsSync(`${RECORDINGS}/alfworld`) && existsSync(`${SHARED}/alfworld/logic`);

/** Every so many rows of a recording are replayed here; all of them by `npm run parity`. */
const SHARES = [
  ["alfworld/games.jsonl.gz", 12],
  ["alfworld/solved.jsonl.gz", 12],
  ["alfworld/walks.jsonl.gz", 24],
  ["alfworld/edges.jsonl.gz", 4],
  ["alfworld/wrapper.jsonl.gz", 12],
] as const;

describe.skipIf(!isThere)("recordings of ALFWorld (needs ../shared/parity and ../shared/alfworld)", () => {
  const replayers = isThere ? alfworldReplayers(RECORDINGS) : new Map();
  test.each(SHARES)("%s, every %i rows, replays equal in every field", async (file, every) => {
    const rows = recording(file).split("\n");
    const share = rows.filter((_, place) => place % every === 0);
    const replayer = replayers.get(file);
    const report =
      replayer?.code === "ready" ? await replayFile(share.join("\n"), replayer.replayRow) : undefined;
    expect(report).toMatchObject({ differences: [] });
    expect(report?.equalRows).toBeGreaterThan(4);
  });
});

test("without the recorded games nothing is compared, and it is said what is missing", () => {
  const replayer = alfworldReplayers("/nowhere").get("alfworld/walks.jsonl.gz");
  expect(replayer).toMatchObject({ code: "unavailable", reason: expect.stringContaining("games.jsonl.gz") });
});
