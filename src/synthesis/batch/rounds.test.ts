import { describe, expect, test } from "vitest";
import type { BatchService } from "../../model/batch/batch-service.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import type { SynthesisRecord } from "../record.ts";
import { Ground } from "./testing/batch-ground.ts";

class Killed extends Error {}

/** That a run in batches has come to what a live one with the same replies comes to, with nothing lost or bought twice. */
async function expectSame(
  ground: Ground,
  batched: RunFolder,
  live: readonly SynthesisRecord[],
): Promise<void> {
  expect(await ground.records(batched)).toEqual(live);
  expect(ground.boughtTwice()).toEqual([]);
  const calls = await ground.calls(batched);
  expect(calls).toHaveLength(ground.server.bought.length);
  expect(calls.every((call) => "text" in call && call.batch !== undefined)).toBe(true);
}

/** Goes on with a run until nothing kills it any more. */
async function untilWhole(ground: Ground, folder: RunFolder, wrap?: (service: BatchService) => BatchService) {
  for (let part = 0; part < 20; part += 1) {
    const whole = await ground
      .batched({ folder, ...(wrap === undefined ? {} : { wrap }) })
      .catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
        return undefined;
      });
    if (whole !== undefined) return whole.result;
  }
  throw new Error("killed again and again");
}

describe.each(["openai", "anthropic"] as const)("a run in batches of %s", (provider) => {
  test("comes to what a live run with the same replies comes to, and buys each reply once", async () => {
    await using ground = await Ground.open({ provider });
    const live = await ground.live();
    const batched = await ground.batched({ batch: { mostRequests: 7 } });
    expect(batched.result).toMatchObject({ pending: 0, pause: undefined });
    await expectSame(ground, batched.folder, live);
  });

  test.each(["planned", "uploaded", "created", "ended", "fetched", "taken"])(
    "that is killed after each '%s' loses nothing and buys nothing twice",
    async (kind) => {
      await using ground = await Ground.open({ provider, personas: 5 });
      const live = await ground.live();
      const folder = await ground.folder();
      const seen = new Set<string>();
      for (;;) {
        const killed = await ground
          .batched({
            folder,
            batch: {
              mostRequests: 3,
              onEvent: ({ event, batch }) => {
                if (event !== kind || seen.has(batch)) return;
                seen.add(batch);
                throw new Killed();
              },
            },
          })
          .catch((error: unknown) => error);
        if (!(killed instanceof Killed)) break;
      }
      expect(seen.size).toBeGreaterThan(provider === "anthropic" && kind === "uploaded" ? -1 : 1);
      await expectSame(ground, folder, live);
    },
  );

  test("that is killed between every creation and its note adopts what was made", async () => {
    await using ground = await Ground.open({ provider, personas: 5 });
    const live = await ground.live();
    const folder = await ground.folder();
    const wrap = (service: BatchService): BatchService => ({
      ...service,
      create: async (input, file) => {
        await service.create(input, file);
        throw new Killed();
      },
    });
    await untilWhole(ground, folder, wrap);
    await expectSame(ground, folder, live);
  });

  test("asks once more only when a creation whose answer was lost is nowhere, lists that lag considered", async () => {
    await using ground = await Ground.open({ provider, personas: 5 });
    const live = await ground.live();
    ground.server.faults.lostCreates = 2;
    ground.server.faults.listingLag = 50_000;
    const { folder } = await ground.batched();
    await expectSame(ground, folder, live);
  });
});
