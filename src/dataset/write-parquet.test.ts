import fc from "fast-check";
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { describe, expect, it } from "vitest";
import { CONVERSATION_TABLE } from "./formats.ts";
import { MemorySink } from "./testing/memory-sink.ts";
import { writeParquet } from "./write-parquet.ts";

const messages = fc.array(
  fc.record({
    from: fc.constantFrom("human" as const, "gpt" as const),
    loss: fc.constantFrom(null, true, false),
    value: fc.string({ unit: "grapheme" }),
  }),
);
const anyRow = fc.record({ id: fc.string(), conversations: messages });

async function written(rows: AsyncIterable<object> | Iterable<object>): Promise<ArrayBuffer> {
  const sink = new MemorySink();
  await writeParquet(rows, CONVERSATION_TABLE, sink);
  return sink.bytes().buffer;
}

function row(place: number): object {
  return {
    id: `r${place}`,
    conversations: [
      { from: "human", loss: null, value: `question ${place} ü 世界 🌍` },
      { from: "gpt", loss: place % 3 === 0, value: `answer ${place}\nsecond line` },
      ...(place % 2 === 0 ? [] : [{ from: "gpt" as const, loss: true, value: "" }]),
    ],
  };
}

describe("writeParquet", () => {
  it("writes rows that read back as they were, nulls and empty lists included", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow), async (rows) => {
        expect(await parquetReadObjects({ file: await written(rows) })).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });

  it("writes one row group after another and holds no more than one", async () => {
    let asked = 0;
    async function* source() {
      for (; asked < 2500; asked += 1) yield row(asked);
    }
    const sink = new MemorySink();
    const askedAtWrite: number[] = [];
    const count = await writeParquet(source(), CONVERSATION_TABLE, {
      write: (chunk) => {
        askedAtWrite.push(asked);
        return sink.write(chunk);
      },
    });
    expect(count).toBe(2500);
    expect(askedAtWrite).toEqual([999, 1999, 2500, 2500]);
    const file = sink.bytes().buffer;
    const metadata = await parquetMetadataAsync(file);
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([1000, 1000, 500]);
    expect(await parquetReadObjects({ file })).toEqual(Array.from({ length: 2500 }, (_unused, n) => row(n)));
  });

  it("writes the schema of the published sets, also without rows", async () => {
    const metadata = await parquetMetadataAsync(await written([]));
    expect(Number(metadata.num_rows)).toBe(0);
    const [id, conversations] = parquetSchema(metadata).children;
    expect(id?.element).toMatchObject({ name: "id", type: "BYTE_ARRAY", converted_type: "UTF8" });
    expect(conversations?.element).toMatchObject({ name: "conversations", converted_type: "LIST" });
    const fields = conversations?.children[0]?.children[0]?.children.map(({ element }) => element);
    expect(fields?.map(({ name, type }) => [name, type])).toEqual([
      ["from", "BYTE_ARRAY"],
      ["loss", "BOOLEAN"],
      ["value", "BYTE_ARRAY"],
    ]);
  });

  it("fails when the sink fails", async () => {
    const full = { write: () => Promise.reject(new Error("disk full")) };
    await expect(writeParquet([row(1)], CONVERSATION_TABLE, full)).rejects.toThrow("disk full");
  });

  it("fails when the rows fail", async () => {
    async function* broken() {
      yield row(1);
      throw new Error("cannot read");
    }
    await expect(writeParquet(broken(), CONVERSATION_TABLE, new MemorySink())).rejects.toThrow("cannot read");
  });
});
