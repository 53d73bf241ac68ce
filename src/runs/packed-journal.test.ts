import { copyFile, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { journalLines, openJournal, type PlacedLine, readJournal } from "./journal.ts";
import { openBytes } from "./journal-bytes.ts";
import { packRun, unpackRun } from "./pack-run.ts";
import { createRunFolder, type RunFolder } from "./run-folder.ts";

let directory: string;
let run: RunFolder;

/** Lines of about 2 KB, so that some hundred of them are several blocks, and one that is longer than a block. */
function line(index: number): string {
  const filler = Array.from(
    { length: index === 500 ? 80_000 : 200 },
    (_, at) => (index * 7919 + at * 104729) % 1e6,
  );
  return `${JSON.stringify({ index, filler })}\n`;
}
const LINES = Array.from({ length: 600 }, (_, index) => line(index));
const TEXT = LINES.join("");

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "agentrefine-packed-"));
  const description = { createdAt: "2026-01-01", agentrefine: "test", settings: {}, prices: null };
  run = await createRunFolder(join(directory, "run"), description);
  await writeFile(run.paths.calls, TEXT);
  await writeFile(run.paths.syntheses, LINES.slice(0, 3).join(""));
});
afterEach(() => rm(directory, { recursive: true }));

async function indexes(): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const { record } of readJournal(run.paths.calls))
    found.push((record as { readonly index: number }).index);
  return found;
}

async function linesFrom(start: number): Promise<readonly PlacedLine[]> {
  const lines: PlacedLine[] = [];
  for await (const line of journalLines(run.paths.calls, start)) lines.push(line);
  return lines;
}

const ALL = LINES.map((_, index) => index);

describe("a packed journal", () => {
  test("is read as before, at any place, and by zcat", async () => {
    const { plain, packed } = await packRun(run);
    expect(plain).toBeGreaterThan(2 * packed);
    expect((await readdir(run.directory)).sort()).toEqual([
      "calls.jsonl.gz",
      "run.json",
      "syntheses.jsonl.gz",
    ]);
    expect(gunzipSync(await readFile(`${run.paths.calls}.gz`)).toString()).toBe(TEXT);
    expect(await indexes()).toEqual(ALL);
    await using journal = await openBytes(run.paths.calls);
    for (const index of [0, 271, 499, 500, 501, 599]) {
      const start = LINES.slice(0, index).join("").length;
      expect((await journal?.read(start, line(index).length))?.toString()).toBe(line(index));
      const [first] = await linesFrom(start);
      expect(first).toMatchObject({ number: 1, start, record: { index } });
    }
    const around = await journal?.read(500_000, 600_000);
    expect(around?.toString()).toBe(TEXT.slice(500_000, 1_100_000));
  });

  test("takes lines after it, which the next packing packs too, and is unpacked to what it was", async () => {
    await packRun(run);
    const journal = await openJournal(run.paths.calls, { sync: true });
    const place = await journal.append({ index: 1000 });
    await journal.close();
    expect(place).toEqual({ start: TEXT.length, length: 14 });
    expect(await indexes()).toEqual([...ALL, 1000]);
    await packRun(run);
    expect(await indexes()).toEqual([...ALL, 1000]);
    expect(await readdir(run.directory)).toHaveLength(3);
    await unpackRun(run);
    expect(await readFile(run.paths.calls, "utf8")).toBe(`${TEXT}{"index":1000}\n`);
    expect((await readdir(run.directory)).sort()).toEqual(["calls.jsonl", "run.json", "syntheses.jsonl"]);
  });

  test("loses nothing to a kill, at whatever step", async () => {
    const copy = join(directory, "copy");
    await copyFile(run.paths.calls, copy);
    await packRun(run);
    const packed = `${run.paths.calls}.gz`;
    // Packed, and what it was made of not yet removed; then resumed, and packed again.
    await copyFile(copy, run.paths.calls);
    const grown = await openJournal(run.paths.calls, { sync: true });
    await grown.append({ index: 1000 });
    await grown.close();
    expect(await indexes()).toEqual([...ALL, 1000]);
    await packRun(run);
    expect(await indexes()).toEqual([...ALL, 1000]);
    // What came after a packing was packed, and its file not yet removed.
    await writeFile(join(run.directory, `calls.after-${TEXT.length}.jsonl`), '{"index":1000}\n');
    expect(await indexes()).toEqual([...ALL, 1000]);
    // Unpacked, and the packed one not yet removed.
    await copyFile(packed, copy);
    await unpackRun(run);
    await copyFile(copy, packed);
    expect(await indexes()).toEqual([...ALL, 1000]);
    await unpackRun(run);
    expect(await indexes()).toEqual([...ALL, 1000]);
  });

  test("is read to its end by whoever has begun before it was packed, or unpacked", async () => {
    await using plain = await openBytes(run.paths.calls);
    await packRun(run);
    await using packed = await openBytes(run.paths.calls);
    await unpackRun(run);
    for (const journal of [plain, packed]) {
      const blocks: Buffer[] = [];
      for await (const block of journal?.blocks(0) ?? []) blocks.push(block);
      expect(Buffer.concat(blocks).toString()).toBe(TEXT);
      expect((await journal?.read(0, 50))?.toString()).toBe(TEXT.slice(0, 50));
    }
  });

  test("with a damaged block is one clear line, and the lines around it can be read", async () => {
    await packRun(run);
    const path = `${run.paths.calls}.gz`;
    const { members: blocks } = await (await import("./journal-bytes.ts")).PackedBytes.open(path);
    const second = blocks[1]!;
    await using file = await open(path, "r+");
    await file.write(Buffer.alloc(20, 7), 0, 20, second.at + 2000);
    await expect(indexes()).rejects.toThrow(
      `is damaged: line ${second.linesBefore + 1} and the ${second.lines - 1} after it cannot be unpacked`,
    );
    const lines = await linesFrom(0);
    expect(lines.filter(({ problem }) => problem !== undefined)).toHaveLength(1);
    expect(lines).toHaveLength(600 - second.lines + 1);
    expect(lines.at(-1)).toMatchObject({ number: 600, record: { index: 599 } });
  });
});
