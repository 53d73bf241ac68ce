import { brotliCompressSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { CONVERSATION_TABLE, conversationRow } from "./formats.ts";
import { readChatRow } from "./read-chat-row.ts";
import { readParquetRows } from "./read-parquet-rows.ts";
import { MemorySink } from "./testing/memory-sink.ts";
import { anyTrajectory, bakeryTrajectory } from "./testing/trajectories.ts";
import { trainingExample } from "./training-example.ts";
import { type ParquetTable, writeParquet } from "./write-parquet.ts";

async function written(rows: Iterable<object>, table: ParquetTable): Promise<ArrayBuffer> {
  const sink = new MemorySink();
  await writeParquet(rows, table, sink);
  return sink.bytes().buffer;
}

async function read(file: ArrayBuffer, groupBytes?: number): Promise<readonly object[]> {
  const rows: object[] = [];
  for await (const row of readParquetRows(file, "a.parquet", groupBytes)) rows.push(row);
  return rows;
}

/** A frame of zstd with one block that is stored as it is (RFC 8878). */
function zstdFrame(bytes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(0xfd2fb528, 0);
  head.writeUInt8(0xa0, 4);
  head.writeUInt32LE(bytes.length, 5);
  head.writeUIntLE((bytes.length << 3) | 1, 9, 3);
  return new Uint8Array(Buffer.concat([head, bytes]));
}

const bakery = trainingExample("p1", bakeryTrajectory)!;

describe("readParquetRows", () => {
  it("reads what the export writes, group by group", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTrajectory, { maxLength: 5 }), async (trajectories) => {
        const examples = trajectories.flatMap((each, place) => trainingExample(`p${place}`, each) ?? []);
        fc.pre(!JSON.stringify(examples).includes("\\ud"));
        const table = { ...CONVERSATION_TABLE, rowsPerGroup: 2 };
        const rows = await read(await written(examples.map(conversationRow), table));
        expect(rows.map((row) => readChatRow(row, "none").example)).toEqual(examples);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves rows whose roles are whole numbers to be told", async () => {
    const table: ParquetTable = {
      columns: ["messages"],
      schema: [
        { name: "schema", num_children: 1 },
        { name: "messages", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", repetition_type: "OPTIONAL", num_children: 2 },
        { name: "role", type: "INT64", repetition_type: "OPTIONAL" },
        { name: "content", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      ],
    };
    const rows = await read(await written([{ messages: [{ role: 1n, content: "Go." }] }], table));
    expect(rows.map((row) => readChatRow(row, "none"))).toEqual([
      { problem: "a message has a role that is not a text" },
    ]);
  });

  it("takes masks and ids that are whole numbers, and passes over columns without a value", async () => {
    const table: ParquetTable = {
      columns: ["id", "conversations", "messages", "secret"],
      schema: [
        { name: "schema", num_children: 4 },
        { name: "id", type: "INT64", repetition_type: "OPTIONAL" },
        { name: "conversations", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
        { name: "messages", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", repetition_type: "OPTIONAL", num_children: 3 },
        { name: "role", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
        { name: "content", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
        { name: "weight", type: "INT64", repetition_type: "OPTIONAL" },
        { name: "secret", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      ],
    };
    const messages = [
      { role: "user", content: "Go.", weight: null },
      { role: "assistant", content: "No.", weight: 0n },
      { role: "user", content: "Go!", weight: null },
      { role: "assistant", content: "Yes.", weight: 1n },
    ];
    const [row = {}, ...rest] = await read(
      await written([{ id: 7n, conversations: null, messages, secret: "unread" }], table),
    );
    expect(rest).toEqual([]);
    expect(row).not.toHaveProperty("secret");
    expect(readChatRow(row, "none").example).toEqual({
      id: "7",
      messages: [
        { role: "user", content: "Go.", loss: null },
        { role: "assistant", content: "No.", loss: false },
        { role: "user", content: "Go!", loss: null },
        { role: "assistant", content: "Yes.", loss: true },
      ],
    });
  });

  it("tells of a file that is damaged in one line", async () => {
    const file = await written([conversationRow(bakery)], CONVERSATION_TABLE);
    const emptied = file.slice(0);
    new Uint8Array(emptied).fill(0, 60, 200);
    for (const damaged of [file.slice(0, -9), file.slice(-100), emptied, new ArrayBuffer(2)]) {
      const error = await read(damaged).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(AgentRefineError);
      expect(String(error)).toMatch(
        /cannot read a\.parquet: it is a damaged or unknown Parquet file \(.+\)$/,
      );
    }
  });

  it.each([
    ["GZIP", (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes))],
    ["BROTLI", (bytes: Uint8Array) => new Uint8Array(brotliCompressSync(bytes))],
    ["ZSTD", zstdFrame],
  ] as const)("reads what %s has compressed", async (codec, compress) => {
    const data = [{ messages: [{ role: "user", content: "Go." }] }].map((row) => JSON.stringify(row));
    const file = parquetWriteBuffer({
      columnData: [{ name: "instruction", data, type: "STRING" }],
      codec,
      compressors: { [codec]: compress },
    });
    expect(await read(file)).toEqual([{ instruction: data[0] }]);
  });

  it("names a compression that it cannot undo", async () => {
    const file = parquetWriteBuffer({
      columnData: [{ name: "instruction", data: ["Go."], type: "STRING" }],
      codec: "LZ4_RAW",
      compressors: { LZ4_RAW: (bytes) => bytes },
    });
    await expect(read(file)).rejects.toThrow(/damaged or unknown Parquet file \(.*LZ4_RAW/);
  });

  it("refuses groups that would fill the memory", async () => {
    const file = await written([conversationRow(bakery)], CONVERSATION_TABLE);
    await expect(read(file, 1000)).rejects.toThrow("a row group of it has more than 1000 bytes");
  });
});
