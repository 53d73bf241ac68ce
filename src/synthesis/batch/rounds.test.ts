import { describe, expect, test } from "vitest";
import { Ground } from "./testing/batch-ground.ts";

describe("a run in batches", () => {
  test("comes to what a live run with the same replies comes to, and buys each reply once", async () => {
    await using ground = await Ground.open();
    const live = await ground.live();
    const batched = await ground.batched();
    expect(batched.result).toMatchObject({ pending: 0, pause: undefined });
    expect(await ground.records(batched.folder)).toEqual(await ground.records(live.folder));
    expect(ground.boughtTwice()).toEqual([]);
    expect(ground.server.bought).toHaveLength(batched.result.tally.calls);
  });
});
