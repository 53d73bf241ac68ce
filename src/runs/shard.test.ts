import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chosenShard, isInShard, readShard, shardText } from "./shard.ts";

describe("a shard", () => {
  test("as text is read as it was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.infiniteStream(fc.boolean()), (of, coins) => {
        const parts = new Set(Array.from({ length: of }, (_, part) => part).filter(() => coins.next().value));
        fc.pre(parts.size > 0);
        expect(readShard(shardText({ of, parts }))).toEqual({ of, parts });
      }),
    );
  });

  test("has every n-th place, and all shards together have each place once", () => {
    const shards = [0, 1, 2].map((part) => readShard(`${part}/3`));
    const holders = Array.from(
      { length: 10 },
      (_, index) => shards.filter((shard) => isInShard(shard, index)).length,
    );
    expect(new Set(holders)).toEqual(new Set([1]));
    expect([0, 1, 2, 3, 4, 5, 6].filter((index) => isInShard(shards[1], index))).toEqual([1, 4]);
    expect(shardText(readShard("6,0-3/8"))).toBe("0-3,6/8");
  });

  test.each([
    "",
    "3",
    "3/",
    "/8",
    "8/8",
    "-1/8",
    "1.5/8",
    "0/0",
    "a/8",
    "0/1000000000",
    "0/2000000",
    "3-1/8",
  ])("is not %j", (text) => {
    expect(() => chosenShard(text, {})).toThrow(/^the shard "/);
  });

  test("of a user is one", () => {
    expect(chosenShard(" 3/8 ", {})).toBe("3/8");
    expect(() => chosenShard("0-3/8", {})).toThrow("is more than one");
  });
});

describe("auto/8", () => {
  const array = (id: string, first: string, last: string, count: string) => ({
    SLURM_ARRAY_TASK_ID: id,
    SLURM_ARRAY_TASK_MIN: first,
    SLURM_ARRAY_TASK_MAX: last,
    SLURM_ARRAY_TASK_COUNT: count,
  });

  test.each([
    ["the task of an array", array("5", "0", "7", "8")],
    ["the task of an array from 1", array("6", "1", "8", "8")],
    ["the task alone", { SLURM_ARRAY_TASK_ID: "5" }],
    ["the index of a Job", { JOB_COMPLETION_INDEX: "5" }],
    ["both, where they agree", { SLURM_ARRAY_TASK_ID: "5", JOB_COMPLETION_INDEX: "5" }],
  ])("is %s", (_what, env) => {
    expect(chosenShard("auto/8", env)).toBe("5/8");
  });

  test.each([
    ["nothing is set", {}, "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set"],
    ["two contradict", { SLURM_ARRAY_TASK_ID: "5", JOB_COMPLETION_INDEX: "4" }, "for shard 5"],
    ["it is out of range", { JOB_COMPLETION_INDEX: "8" }, "is out of range: the 8 shards are 0 to 7"],
    ["the array is larger", array("5", "0", "15", "16"), "has 16 tasks from 0 to 15"],
    ["the array is a part", array("7", "3", "7", "2"), "has 2 tasks from 3 to 7"],
    ["the array has steps", array("14", "0", "14", "8"), "has 8 tasks from 0 to 14"],
    ["it is no number", { JOB_COMPLETION_INDEX: "x" }, 'JOB_COMPLETION_INDEX is "x"'],
  ])("is refused where %s", (_what, env, words) => {
    expect(() => chosenShard("auto/8", env)).toThrow(words);
  });
});
