import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AgentRefineError, storageError } from "../errors.ts";
import { lockFolder } from "../runs/lock.ts";
import { asUsage, errorWords, firstFailure, UsageError } from "./failure.ts";

async function thrown(error: Error): Promise<unknown> {
  return asUsage(() => Promise.reject(error)).catch((caught: unknown) => caught);
}

function refusedBy(code: string): Error {
  return storageError(Object.assign(new Error(code), { code }), "read", "runs/first");
}

test("what the user has to put right is never tried again by a scheduler, and what passes is", async () => {
  expect(await thrown(new AgentRefineError("no model"))).toBeInstanceOf(UsageError);
  expect(await thrown(refusedBy("ENOENT"))).toBeInstanceOf(UsageError);
  for (const code of ["ENOSPC", "EIO", "ESTALE", "ETIMEDOUT"])
    expect(await thrown(refusedBy(code)), code).not.toBeInstanceOf(UsageError);
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-in-use-"));
  const lock = await lockFolder(folder);
  const inUse = await asUsage(() => lockFolder(folder)).catch((caught: unknown) => caught);
  expect(inUse).toBeInstanceOf(AgentRefineError);
  expect(inUse).not.toBeInstanceOf(UsageError);
  await lock.release();
  await rm(folder, { recursive: true });
});

test("of a failure and a second one while what was in use is put away, the first is told", async () => {
  const first = new UsageError("no model", { fix: "Name one." });
  const work = async (): Promise<void> => {
    await using _log = { [Symbol.asyncDispose]: () => Promise.reject(refusedBy("ENOSPC")) };
    throw first;
  };
  const caught = await work().catch((error: unknown) => error);
  expect(caught).not.toBe(first);
  expect(firstFailure(caught)).toBe(first);
  expect(errorWords(caught)).toBe("Error: no model. Name one.");
});
