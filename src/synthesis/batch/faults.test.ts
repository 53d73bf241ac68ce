import { describe, expect, test } from "vitest";
import type { BatchEvent } from "../../batch/standing.ts";
import { AgentRefineError } from "../../errors.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import { CostCapReached } from "../../model/money.ts";
import type { ServedRefusal } from "../../model/testing/served-answer.ts";
import { scriptedModel } from "../testing/scripted-model.ts";
import { Ground } from "./testing/batch-ground.ts";

const PERSONAS = 8;

const open = (): Promise<Ground> => Ground.open({ personas: PERSONAS });

/** Dollars that the server has sold, at the prices of the tests. */
function sold({ server }: Ground): number {
  return server.bought.reduce(
    (sum, { promptTokens, completionTokens }) => sum + (2.5 * promptTokens + 10 * completionTokens) / 1e6,
    0,
  );
}

function refusal(status: number, code: string, message: string): ServedRefusal {
  return { status, body: { error: { code, message, type: code } } };
}

describe("answers of a batch", () => {
  test.each([
    ["half of which did not run before it expired", { runs: (place: number) => place % 2 === 0 }],
    [
      "all of which are errors of the server, so that there is no output file",
      { refuses: () => refusal(500, "server_error", "it broke") },
    ],
    ["that stand twice, in any order", { twice: true, backwards: true }],
    ["of which some are missing", { loses: (place: number) => place % 3 === 1 }],
  ])("%s are taken as they are, and the rest is asked again", async (_what, fate) => {
    await using ground = await open();
    const live = await ground.live();
    ground.server.faults.fate = (number) => (number === 1 ? fate : {});
    const { folder, result } = await ground.batched();
    expect(result).toMatchObject({ pending: 0, pause: undefined });
    expect(await ground.records(folder)).toEqual(live);
    expect(ground.boughtTwice()).toEqual([]);
    expect(result.tally.calls).toBe(ground.server.bought.length);
  });

  test("fail their personas alone when a request is refused, and after three more batches without an answer", async () => {
    await using ground = await open();
    ground.server.faults.fate = () => ({
      refuses: (_place, id) =>
        id.startsWith("p2-") ? refusal(400, "invalid_request_error", "the prompt is indecent") : undefined,
      loses: (place) => place === 0,
    });
    const { folder, result } = await ground.batched();
    const failed = (await ground.records(folder)).filter(({ outcome }) => outcome === "failed");
    expect(result.pending).toBe(0);
    expect(failed.map(({ reason }) => reason)).toContain("the prompt is indecent (status 400)");
    expect(failed.map(({ reason }) => reason)).toContain("no answer in 4 batches: missing");
    expect(ground.boughtTwice()).toEqual([]);
  });

  test("that say that there is no credit pause the run, and are asked again when it goes on", async () => {
    await using ground = await open();
    const live = await ground.live();
    ground.server.faults.fate = (number) => ({
      refuses: (place) =>
        number === 1 && place > 2
          ? refusal(400, "invalid_request_error", "Your credit balance is too low to access the API")
          : undefined,
    });
    const { folder, result } = await ground.batched();
    expect(result.pause?.error.message).toContain("credit balance is too low");
    expect(result.tally.outcomes.failed).toBe(0);
    expect((await ground.batched({ folder })).result).toMatchObject({ pending: 0, pause: undefined });
    expect(await ground.records(folder)).toEqual(live);
    expect(ground.boughtTwice()).toEqual([]);
  });

  test("of two batches that were made for one are both read, and the second is counted as cost", async () => {
    await using ground = await open();
    const live = await ground.live();
    ground.server.faults.lostCreates = 1;
    // So late that both looks find nothing.
    ground.server.faults.listingLag = 130_000;
    ground.server.faults.fate = () => ({ duration: 200_000 });
    const notes: string[] = [];
    const { folder, result } = await ground.batched({
      generate: { onNote: (note) => void notes.push(note) },
    });
    expect(await ground.records(folder)).toEqual(live);
    expect(ground.boughtTwice()).toHaveLength(PERSONAS);
    expect(notes.some((note) => /is there twice, as batch_\d+ and batch_\d+/.test(note))).toBe(true);
    expect(
      notes.some((note) => /8 replies of batch [^ ]+ came a second time and are counted as cost/.test(note)),
    ).toBe(true);
    expect(result.tally.cost).toBeCloseTo(sold(ground), 9);
  });
});

describe("a batch that is refused whole", () => {
  test("pauses the run with the provider's words, and nothing of it is lost", async () => {
    await using ground = await open();
    const live = await ground.live();
    ground.server.faults.fate = (number) =>
      number === 1 ? { refusal: { code: "model_mismatch", message: "the model of line 3 is another" } } : {};
    const { folder, result } = await ground.batched();
    expect(result.pause?.error).toBeInstanceOf(AgentRefineError);
    expect(result.pause?.error.message).toMatch(
      /refused batch \w+ of 8 requests whole: the model of line 3 is another/,
    );
    expect((await ground.batched({ folder })).result).toMatchObject({ pending: 0 });
    expect(await ground.records(folder)).toEqual(live);
    expect(ground.boughtTwice()).toEqual([]);
  });

  test("at once pauses it too, and one that is too large is halved", async () => {
    await using ground = await open();
    ground.server.faults.refusedCreates = [
      { status: 413, body: { error: { message: "too large" } } },
      refusal(400, "invalid_request", "no such endpoint"),
    ];
    const events: BatchEvent[] = [];
    const { result } = await ground.batched({ batch: { onEvent: (event) => void events.push(event) } });
    expect(result.pause?.error.message).toContain("whole: no such endpoint");
    const planned = events.flatMap((event) => (event.event === "planned" ? [event.requests] : []));
    expect(planned[0]).toBe(PERSONAS);
    expect(planned[1]).toBeLessThanOrEqual(PERSONAS / 2);
  });

  test("for want of room waits for another to end, and is made smaller when there is no other", async () => {
    await using ground = await open();
    const live = await ground.live();
    const full = { refusal: { code: "token_limit_exceeded", message: "Enqueued token limit reached" } };
    ground.server.faults.fate = (number) => (number === 1 || number === 3 ? full : {});
    const { folder, result } = await ground.batched({ batch: { mostRequests: 6 } });
    expect(result).toMatchObject({ pending: 0, pause: undefined });
    expect(await ground.records(folder)).toEqual(live);
    expect(ground.boughtTwice()).toEqual([]);
  });
});

describe("a run in batches with a cap", () => {
  test.each([0.7, 1, 3])(
    "of $%d never sells more than that, and pauses when nothing more fits",
    async (maxCost) => {
      await using ground = await open();
      const { folder, result } = await ground.batched({ maxCost });
      expect(sold(ground)).toBeLessThanOrEqual(maxCost);
      if (result.pause !== undefined) expect(result.pause.error).toBeInstanceOf(CostCapReached);
      expect(result.tally.cost).toBeCloseTo(sold(ground), 9);
      if (maxCost === 3) expect((await ground.records(folder)).length).toBe(PERSONAS);
    },
  );
});

describe("a batch that may be there, and whose double the cap does not carry", () => {
  const maxCost = 0.2;
  const lostFor = (ground: Ground, lag: number): void => {
    ground.server.faults.lostCreates = 1;
    ground.server.faults.listingLag = lag;
    ground.server.faults.fate = () => ({ duration: 200_000 });
  };

  test("is not made again while a list may still come to show it", async () => {
    await using ground = await open();
    lostFor(ground, 130_000);
    const notes: string[] = [];
    await ground.batched({ maxCost, generate: { onNote: (note) => void notes.push(note) } });
    expect(ground.boughtTwice()).toEqual([]);
    expect(sold(ground)).toBeLessThanOrEqual(maxCost);
    expect(notes.some((note) => note.includes("the limit does not carry it twice"))).toBe(true);
  });

  test("is made again after an hour without it in the list, so that no run waits for ever", async () => {
    await using ground = await open();
    lostFor(ground, 7_200_000);
    const began = ground.clock.now();
    const { folder } = await ground.batched({ maxCost });
    expect(ground.clock.now() - began).toBeGreaterThan(3_600_000);
    expect((await ground.records(folder)).length).toBeGreaterThan(0);
  });
});

describe("a batch that takes too long", () => {
  test("is canceled, what is done is kept, and the rest is asked again", async () => {
    await using ground = await open();
    const live = await ground.live();
    ground.server.faults.fate = (number) => (number === 1 ? { duration: Number.POSITIVE_INFINITY } : {});
    const { folder, result } = await ground.batched({ batch: { hours: 2 } });
    expect(result).toMatchObject({ pending: 0, pause: undefined });
    expect(ground.clock.now()).toBeGreaterThan(2 * 3_600_000);
    expect(await ground.records(folder)).toEqual(live);
    expect(ground.boughtTwice()).toEqual([]);
  });

  test("and has the last of many personas is canceled for a live end, which asks the rest", async () => {
    await using ground = await Ground.open({ personas: 101 });
    ground.server.faults.fate = (number) => (number === 2 ? { duration: Number.POSITIVE_INFINITY } : {});
    const spent: number[] = [];
    const liveModel = async (before: number): Promise<ChatModel> => {
      spent.push(before);
      return scriptedModel(0.4);
    };
    const { folder, result } = await ground.batched({ batch: { mostRequests: 100, liveModel } });
    expect(result).toMatchObject({ pending: 0, pause: undefined, batches: { open: 0 } });
    const last = (await ground.calls(folder)).filter(({ index }) => index === 100);
    expect(last.map(({ call }) => call)).toEqual(last.map((_, place) => place + 1));
    expect(result.tally.outcomes.failed).toBe(0);
    expect(spent).toEqual([expect.closeTo(sold(ground), 9)]);
    const asked = (await ground.calls(folder)).filter(({ batch }) => batch === undefined);
    expect([asked.length > 0, new Set(asked.map(({ index }) => index))]).toEqual([true, new Set([100])]);
    expect(asked.length + ground.server.bought.length).toBe(result.tally.calls);
  });

  test("is looked at by one list for all, more and more seldom", async () => {
    await using ground = await open();
    ground.server.faults.fate = () => ({ duration: 3_600_000 });
    await ground.batched({ batch: { mostRequests: 2 } });
    const lists = ground.server.calls.get("GET /batches") ?? 0;
    expect(lists).toBeLessThan(4 * 20);
    expect(ground.server.calls.get("GET /batches/ID") ?? 0).toBe(0);
  });
});
