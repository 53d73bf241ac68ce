import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { BatchService } from "../../model/batch/batch-service.ts";
import { ChatError } from "../../model/chat-model.ts";
import type { Clock } from "../../model/limiter.ts";
import { fakeClock } from "../../model/testing/fake-clock.ts";
import { Ground } from "./testing/batch-ground.ts";

const PERSONAS = 3;

/** A clock of these days: the services' times are compared with ours. */
function today(): Clock {
  const { now, sleep } = fakeClock(true);
  return { now: () => Date.UTC(2026, 0, 1) + now(), sleep };
}

class Killed extends Error {}

/** Changes what comes of a file of answers. */
function withFiles(change: (text: string, times: number) => string): (service: BatchService) => BatchService {
  let times = 0;
  return (service) => ({
    ...service,
    fetch: async function* (file) {
      const pieces: Buffer[] = [];
      for await (const piece of service.fetch(file)) pieces.push(piece);
      times += 1;
      yield Buffer.from(change(Buffer.concat(pieces).toString("utf8"), times));
    },
  });
}

async function expectSame(ground: Ground, batched: Awaited<ReturnType<Ground["batched"]>>): Promise<void> {
  const live = await ground.live();
  expect(batched.result).toMatchObject({ pending: 0, pause: undefined });
  expect(await ground.records(batched.folder)).toEqual(live);
  expect(ground.boughtTwice()).toEqual([]);
}

describe("answers that lie", () => {
  test("with ids of personas that the run does not have, or of calls that the batch has not, are nobody's", async () => {
    await using ground = await Ground.open({ personas: PERSONAS });
    const forged = withFiles((text) => {
      const line = text.slice(0, text.indexOf("\n") + 1);
      const other = (to: string): string => line.replace(/"p\d+-c\d+/, `"p${to}`);
      return `${other("999999999999-c1")}${other("1-c9")}${other("0-c000001")}${other("../../etc-c1")}${text}`;
    });
    await expectSame(ground, await ground.batched({ wrap: forged }));
  });

  test.each([
    ["that ends within a line", (text: string) => text.slice(0, -20)],
    ["that is a page of words", () => '{"error": {"message": "try again later"}}\n'],
    ["that is empty", () => ""],
  ])("as a file %s are fetched again, and not bought again", async (_what, damage) => {
    await using ground = await Ground.open({ personas: PERSONAS });
    const wrap = withFiles((text, times) => (times <= 2 ? damage(text) : text));
    await expectSame(ground, await ground.batched({ wrap }));
  });

  test("that a batch has ended before its files are named are waited for", async () => {
    await using ground = await Ground.open({ personas: PERSONAS });
    let looks = 0;
    const wrap = (service: BatchService): BatchService => ({
      ...service,
      list: async (since) => {
        const all = await service.list(since);
        looks += 1;
        return all.map((each) => (looks < 6 && each.phase === "ended" ? { ...each, files: [] } : each));
      },
    });
    await expectSame(ground, await ground.batched({ wrap }));
  });
});

describe("files of answers", () => {
  test("that are gone or changed before they are taken are fetched again", async () => {
    await using ground = await Ground.open({ personas: PERSONAS });
    const folder = await ground.folder();
    const killed = ground.batched({
      folder,
      batch: {
        onEvent: ({ event }) => {
          if (event === "fetched") throw new Killed();
        },
      },
    });
    await expect(killed).rejects.toThrow(Killed);
    const names = await readdir(folder.paths.batchFiles);
    const answers = names.filter((name) => name.endsWith(".output.jsonl"));
    expect(answers).toHaveLength(1);
    for (const name of answers) await truncate(join(folder.paths.batchFiles, name), 30);
    await expectSame(ground, await ground.batched({ folder }));
  });
});

describe("a batch that was made twice", () => {
  const twice = (ground: Ground): void => {
    ground.server.faults.lostCreates = 1;
    ground.server.faults.listingLag = 130_000;
  };

  test("and whose second copy is refused is still read", async () => {
    await using ground = await Ground.open({ personas: PERSONAS });
    twice(ground);
    ground.server.faults.fate = (number) =>
      number === 2
        ? { duration: 1000, refusal: { code: "token_limit_exceeded", message: "too many tokens" } }
        : { duration: 400_000 };
    await expectSame(ground, await ground.batched());
  });

  test("and is killed when only the second copy is left goes on", async () => {
    await using ground = await Ground.open({ personas: PERSONAS });
    twice(ground);
    ground.server.faults.fate = (number) => ({ duration: number === 2 ? 1000 : 400_000 });
    const folder = await ground.folder();
    const copies = new Map<string, number>();
    const killed = ground.batched({
      folder,
      batch: {
        onEvent: ({ event, batch }) => {
          if (event !== "created") return;
          copies.set(batch, (copies.get(batch) ?? 0) + 1);
          if (copies.get(batch) === 2) throw new Killed();
        },
      },
    });
    await expect(killed).rejects.toThrow(Killed);
    const { result } = await ground.batched({ folder });
    expect(result).toMatchObject({ pending: 0, pause: undefined });
    const live = await ground.live();
    expect(await ground.records(folder)).toEqual(live);
  });
});

test("a batch whose second creation is refused, since the first is there after all, is read", async () => {
  await using ground = await Ground.open({ personas: PERSONAS });
  ground.server.faults.lostCreates = 1;
  ground.server.faults.listingLag = 130_000;
  let creations = 0;
  const wrap = (service: BatchService): BatchService => ({
    ...service,
    create: (input, file) => {
      creations += 1;
      const full = new ChatError("rejected-request", "enqueued token limit reached", { status: 400 });
      return creations === 2 ? Promise.reject(full) : service.create(input, file);
    },
  });
  const { folder, result } = await ground.batched({ wrap });
  expect(result.pause?.error.message).toContain("enqueued token limit");
  await ground.clock.sleep(200_000);
  await expectSame(ground, await ground.batched({ folder }));
});

describe("a batch without a name", () => {
  test.each([
    ["ends without a line feed", (text: string) => text.trimEnd()],
    ["begins with an empty line", (text: string) => `\n${text}`],
  ])("is known by its answers also when their file %s", async (_what, change) => {
    await using ground = await Ground.open({ provider: "anthropic", personas: 1 });
    ground.server.faults.lostCreates = 1;
    await expectSame(ground, await ground.batched({ wrap: withFiles(change) }));
  });
});

describe("a service whose list", () => {
  test.each(["openai", "anthropic"] as const)(
    "of %s tells no times is read all the same",
    async (provider) => {
      await using ground = await Ground.open({ provider, personas: PERSONAS, clock: today() });
      ground.server.faults.lostCreates = 1;
      ground.server.faults.tellsTimes = false;
      await expectSame(ground, await ground.batched());
    },
  );

  test.each(["openai", "anthropic"] as const)("of %s goes round for ever is left", async (provider) => {
    await using ground = await Ground.open({ provider, personas: PERSONAS });
    ground.server.faults.isRound = true;
    await expectSame(ground, await ground.batched({ batch: { mostRequests: 1 } }));
  });
});

test("a batch that ends while it is canceled is taken, and the run does not pause", async () => {
  await using ground = await Ground.open({ personas: PERSONAS });
  ground.server.faults.fate = (number) => (number === 1 ? { duration: 4_500_000 } : {});
  const wrap = (service: BatchService): BatchService => ({
    ...service,
    cancel: () => Promise.reject(new ChatError("rejected-request", "it is completed", { status: 400 })),
  });
  await expectSame(ground, await ground.batched({ wrap, batch: { hours: 1 } }));
});
