import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemorySink } from "./testing/memory-sink.ts";
import { jsonLine, writeJsonl } from "./write-jsonl.ts";

const wellFormed = fc.string({ unit: "grapheme" });
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom("\\", "u", "\ud83c", "\udf00", "d800", "\n"), { maxLength: 8 })
    .map((all) => all.join("")),
);

describe("jsonLine", () => {
  it("is JSON that reads back as the row", () => {
    fc.assert(
      fc.property(fc.record({ id: wellFormed, values: fc.array(wellFormed) }), (row) => {
        const line = jsonLine(row);
        expect(JSON.parse(line)).toEqual(row);
        expect(line.indexOf("\n")).toBe(line.length - 1);
      }),
    );
  });

  it("replaces exactly what UTF-8 cannot hold, in keys and values", () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const inUtf8 = new TextDecoder().decode(new TextEncoder().encode(`x${value}`));
        expect(JSON.parse(jsonLine({ [`x${value}`]: [`x${value}`] }))).toEqual({ [inUtf8]: [inUtf8] });
      }),
      { numRuns: 1000 },
    );
  });
});

describe("writeJsonl", () => {
  it("writes every row once, in order, in few chunks", async () => {
    const sink = new MemorySink();
    const rows = Array.from({ length: 5000 }, (_unused, place) => ({
      id: `r${place}`,
      text: "z".repeat(100),
    }));
    async function* source() {
      yield* rows;
    }
    expect(await writeJsonl(source(), sink)).toBe(5000);
    expect(sink.chunks.length).toBeGreaterThan(1);
    expect(sink.chunks.length).toBeLessThan(20);
    const lines = sink.text().trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
  });

  it("writes nothing for no rows", async () => {
    const sink = new MemorySink();
    expect(await writeJsonl([], sink)).toBe(0);
    expect(sink.chunks).toEqual([]);
  });

  it("fails when the sink fails and asks for no more rows", async () => {
    let asked = 0;
    function* endless() {
      for (;;) {
        asked += 1;
        yield { text: "z".repeat(10_000) };
      }
    }
    const full = { write: () => Promise.reject(new Error("disk full")) };
    await expect(writeJsonl(endless(), full)).rejects.toThrow("disk full");
    expect(asked).toBeLessThan(10);
  });
});
