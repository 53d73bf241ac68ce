import { describe, expect, test } from "vitest";
import { agentboardFiles, NO_AGENTBOARD_FILES } from "../src/environment/agentboard-files.ts";
import { AGENTBOARD, hasAgentboard } from "../src/environment/pddl/testing/agentboard-data.ts";
import { hasRecordings, recording } from "../src/environment/testing/recordings.ts";
import { replayFile } from "./replay.ts";
import { pddlReplay } from "./replayers.ts";

const replayRow = pddlReplay(agentboardFiles(AGENTBOARD));

describe.skipIf(!hasRecordings || !hasAgentboard)(
  "recordings of the original PDDL games (needs ../shared)",
  () => {
    test.each([
      ["pddl/walks.jsonl.gz", 180, 5355],
      ["pddl/plans.jsonl.gz", 60, 1137],
    ])("%s replays equal in every field", async (file, rows, total) => {
      const report = await replayFile(recording(file), replayRow);
      expect(report).toEqual({ rows, equalRows: rows, total, equal: total, differences: [] });
    });

    test.each([
      ["observation", "Nothing."],
      ["action_is_valid", false],
      ["won", true],
      ["done", true],
      ["reward", 0.3],
      ["valid_actions_sorted", []],
    ])("a changed %s is found out, at its step", async (field, value) => {
      const row = JSON.parse(recording("pddl/plans.jsonl.gz").split("\n")[0] ?? "");
      row.steps[2][field] = value;
      const report = await replayFile(JSON.stringify(row), replayRow);
      expect(report).toMatchObject({ rows: 1, equalRows: 0, equal: 2, total: row.steps.length });
      expect(report.differences[0]).toContain(`row 0: step 2, ${field}: `);
    });
  },
);

test("a recording says what it lacks", async () => {
  const row = {
    game: "gripper",
    problem_file: "prob01.pddl",
    goal: "",
    init_obs: "",
    init_valid_actions_sorted: [],
    steps: [],
  };
  const missing = pddlReplay(NO_AGENTBOARD_FILES);
  expect((await missing(row)).difference).toBe("gripper/prob01.pddl is missing");
  expect((await missing({ ...row, game: "chess" })).difference).toBe("no game is called chess");
  expect(() => missing({ ...row, problem_file: "../../secret.pddl" })).toThrow();
});
