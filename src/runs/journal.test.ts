import { existsSync } from "node:fs";
import { appendFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { openJournal, readJournal } from "./journal.ts";
import { compiledSources } from "./testing/compiled.ts";
import { runChild } from "./testing/run-child.ts";

let folder: string;
let path: string;
beforeAll(compiledSources, 60_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-journal-"));
  path = join(folder, "calls.jsonl");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function recordsOf(file: string): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const { record } of readJournal(file)) records.push(record);
  return records;
}

async function write(records: readonly unknown[], sync = false): Promise<void> {
  const journal = await openJournal(path, { sync });
  await Promise.all(records.map((record) => journal.append(record)));
  await journal.close();
}

/** Counts the syncs of all files. */
async function watchSyncs() {
  const file = await open(path);
  await file.close();
  return vi.spyOn(Object.getPrototypeOf(file), "datasync");
}

/** JSON values as they come back from JSON: no -0, no undefined. */
const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

describe("openJournal", () => {
  it("gives back what was appended, in the order of the calls", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json, { maxLength: 30 }), fc.boolean(), async (records, sync) => {
        await rm(path, { force: true });
        await write(records, sync);
        expect(await recordsOf(path)).toEqual(records);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps exactly the whole lines before a cut at any byte, and goes on after them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 8 }), fc.nat(), async (records, random) => {
        await rm(path, { force: true });
        await write(records);
        const bytes = await readFile(path);
        const cut = random % (bytes.length + 1);
        await truncate(path, cut);
        const whole = bytes.subarray(0, cut).filter((byte) => byte === 0x0a).length;
        expect(await recordsOf(path)).toEqual(records.slice(0, whole));
        const journal = await openJournal(path, { sync: true });
        expect(journal.dropped).toBe(cut - (bytes.subarray(0, cut).lastIndexOf(0x0a) + 1));
        await journal.append("after the cut");
        await journal.close();
        expect(await recordsOf(path)).toEqual([...records.slice(0, whole), "after the cut"]);
      }),
      { numRuns: 150 },
    );
  });

  it("cuts a last line that has its newline but is not JSON, and blocks that were never written", async () => {
    for (const torn of ['{"call":\n', "\0\0\0\0\n", "\0\0\n{\n", '"\xff"\n{"a"']) {
      await writeFile(path, '{"call":1}\n');
      await appendFile(path, torn, "latin1");
      expect(await recordsOf(path)).toEqual([{ call: 1 }]);
      const journal = await openJournal(path, { sync: false });
      await journal.close();
      expect(journal.dropped).toBe(Buffer.byteLength(torn, "latin1"));
      expect(await readFile(path, "utf8")).toBe('{"call":1}\n');
    }
  });

  it("cuts a torn line that is longer than the blocks in which the end is read", async () => {
    await write([{ text: "é".repeat(200_000) }, { text: "b".repeat(150_000) }]);
    const { size } = await stat(path);
    await truncate(path, size - 1);
    const journal = await openJournal(path, { sync: false });
    expect(journal.dropped).toBe(150_000 + '{"text":""}'.length);
    await journal.close();
    expect(await recordsOf(path)).toEqual([{ text: "é".repeat(200_000) }]);
  });

  it("lets lines that arrive during a sync share the next one", async () => {
    const journal = await openJournal(path, { sync: true });
    const syncs = await watchSyncs();
    await Promise.all(Array.from({ length: 500 }, (_, index) => journal.append({ index })));
    expect(await recordsOf(path)).toHaveLength(500);
    expect(syncs.mock.calls.length).toBeGreaterThan(0);
    expect(syncs.mock.calls.length).toBeLessThan(50);
    await journal.close();
  });

  it("has a line in the file when its append has resolved, and syncs once for each that is awaited", async () => {
    const journal = await openJournal(path, { sync: true });
    const syncs = await watchSyncs();
    for (let index = 0; index < 5; index += 1) {
      await journal.append({ index });
      expect((await recordsOf(path)).at(-1)).toEqual({ index });
    }
    expect(syncs).toHaveBeenCalledTimes(5);
    await journal.close();
  });

  it("writes lines of several MiB, more than one commit takes", async () => {
    const records = Array.from({ length: 6 }, (_, index) => String(index).repeat(5_000_000));
    await write(records, true);
    expect(await recordsOf(path)).toEqual(records);
  });

  it("refuses appends after close, which waits for the lines before it", async () => {
    const journal = await openJournal(path, { sync: true });
    const appended = journal.append(1);
    await Promise.all([journal.close(), journal.close()]);
    await appended;
    await expect(journal.append(2)).rejects.toThrow("is closed");
    expect(await recordsOf(path)).toEqual([1]);
  });

  it("refuses every line from when the lock is lost", async () => {
    const loss = new AbortController();
    const journal = await openJournal(path, { sync: true, lost: loss.signal });
    await journal.append(1);
    loss.abort(new AgentRefineError("the folder was taken over"));
    await expect(journal.append(2)).rejects.toThrow("the folder was taken over");
    await journal.close();
    expect(await recordsOf(path)).toEqual([1]);
  });

  it("refuses what is not JSON and stays usable", async () => {
    const journal = await openJournal(path, { sync: false });
    await expect(journal.append(undefined)).rejects.toThrow(TypeError);
    await expect(journal.append(1n)).rejects.toThrow(TypeError);
    await journal.append("fine");
    await journal.close();
    expect(await recordsOf(path)).toEqual(["fine"]);
  });

  it("says what is wrong with a path that cannot be opened", async () => {
    const missing = join(folder, "none", "calls.jsonl");
    await expect(openJournal(missing, { sync: false })).rejects.toThrow(AgentRefineError);
    await expect(openJournal(missing, { sync: false })).rejects.toThrow("no such file or folder (ENOENT)");
    await expect(openJournal(folder, { sync: false })).rejects.toThrow("it is a folder (EISDIR)");
  });
});

describe("a journal on a full disk", () => {
  it.skipIf(!existsSync("/dev/full"))("rejects the append and all later ones", async () => {
    const journal = await openJournal("/dev/full", { sync: true });
    const refused = await Promise.allSettled([journal.append(1), journal.append(2)]);
    for (const outcome of refused) expect(outcome.status).toBe("rejected");
    await expect(journal.append(3)).rejects.toThrow("cannot write /dev/full: the disk is full (ENOSPC)");
    await expect(journal.append(4)).rejects.toBeInstanceOf(AgentRefineError);
    await journal.close();
  });

  it.skipIf(process.platform === "win32")("cuts a partial write back to a whole line", async () => {
    // The child may write files of 8 blocks of 512 bytes only; its tenth line or so fits in part.
    const child = await runChild("fill-journal", [path], { shell: "ulimit -f 8" });
    const { appended, problem } = JSON.parse(child.output);
    expect(problem).toContain("grew beyond the size that the system allows (EFBIG)");
    const records = await recordsOf(path);
    expect(records.length).toBeGreaterThanOrEqual(appended);
    expect(records).toEqual(records.map((_, index) => ({ index, text: "x".repeat(400) })));
    expect((await readFile(path)).at(-1)).toBe(0x0a);
    const journal = await openJournal(path, { sync: true });
    expect(journal.dropped).toBe(0);
    await journal.append("there is room again");
    await journal.close();
    expect((await recordsOf(path)).at(-1)).toBe("there is room again");
  });
});

describe("readJournal", () => {
  it("finds nothing where there is no file", async () => {
    expect(await recordsOf(join(folder, "none.jsonl"))).toEqual([]);
  });

  it("names the file and the line of a bad line before a good one", async () => {
    await writeFile(path, '{"call":1}\n{"call":2\n\n{"call":4}\n');
    await expect(recordsOf(path)).rejects.toThrow(`${path} is damaged: line 2 is not valid JSON`);
    await expect(recordsOf(path)).rejects.toBeInstanceOf(AgentRefineError);
  });

  it("refuses bytes that are not UTF-8, which would be read as something else", async () => {
    await writeFile(path, Buffer.from('"\xff"\n"good"\n', "latin1"));
    await expect(recordsOf(path)).rejects.toThrow("line 1");
  });

  it("can be left in the middle", async () => {
    await write([1, 2, 3]);
    for await (const { record } of readJournal(path)) {
      expect(record).toBe(1);
      break;
    }
  });
});
