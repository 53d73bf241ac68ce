import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONVERSATION_TABLE, type ConversationRow } from "../../dataset/formats/conversations.ts";
import { MemorySink } from "../../dataset/testing/memory-sink.ts";
import { writeParquet } from "../../dataset/write-parquet.ts";
import { parquetRows } from "./parquet-rows.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-parquet-"));
});
afterEach(() => rm(folder, { recursive: true }));

const rows: readonly ConversationRow[] = Array.from({ length: 450 }, (_unused, number) => ({
  id: `r${number}`,
  conversations: [{ from: "human", loss: null, value: `Question ${number}?` }],
}));

async function written(some: readonly ConversationRow[] = rows): Promise<Uint8Array> {
  const sink = new MemorySink();
  await writeParquet(some, CONVERSATION_TABLE, sink);
  return sink.bytes();
}

async function read(bytes: Uint8Array, patience?: number): Promise<readonly unknown[]> {
  const path = join(folder, "a.parquet");
  await writeFile(path, bytes);
  const values: unknown[] = [];
  for await (const { value } of parquetRows(path, "a.parquet", patience)) values.push(value);
  return values;
}

describe("parquetRows", () => {
  test("gives all rows in their order", async () => {
    expect(await read(await written())).toEqual(rows);
  });

  test("can be left in the middle", async () => {
    const path = join(folder, "a.parquet");
    await writeFile(path, await written());
    for await (const { value } of parquetRows(path, "a.parquet")) {
      expect(value).toEqual(rows[0]);
      break;
    }
  });

  test("ends a reader that goes round for ever", async () => {
    const bytes = await written([{ id: "p1", conversations: [] }]);
    // The header of the first page loses the page's size, and the reader its place.
    expect(bytes[6]).toBe(0x15);
    bytes[6] = 0x05;
    await expect(read(bytes, 4000)).rejects.toMatchObject({
      message: expect.stringMatching(/^cannot read a\.parquet: it is a damaged Parquet file, or/),
      cause: { name: "AbortError" },
    });
  });

  test("tells of a file that is gone", async () => {
    await expect(parquetRows(join(folder, "none"), "none").next()).rejects.toThrow(
      "cannot read none: there is no such file",
    );
  });
});
