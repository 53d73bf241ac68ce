import { describe, expect, it } from "vitest";
import { type JsonRow, readJsonRows } from "./read-data-file.ts";

async function rows(...pieces: readonly string[]): Promise<readonly JsonRow[]> {
  const read: JsonRow[] = [];
  for await (const row of readJsonRows(
    pieces.map((piece) => Buffer.from(piece)),
    "a.json",
  ))
    read.push(row);
  return read;
}

const problem = { problem: "is not JSON" };

describe("readJsonRows", () => {
  it.each(["not json", '{"a": 2}}', '{"a": [2', "id,text", '{"a": "'])(
    "loses of JSON lines only the bad one: %s",
    async (line) => {
      expect(await rows(`{"a": 1}\n${line}\n{"a": 3}`)).toEqual([
        { value: { a: 1 } },
        problem,
        { value: { a: 3 } },
      ]);
    },
  );

  it("reads lines of any JSON value, with any line ends", async () => {
    expect(await rows('\ufeff \n{"a"', ": 1}\r\nnu", "ll\r\n\r\n[]")).toEqual([
      { value: { a: 1 } },
      { value: null },
      { value: [] },
    ]);
    expect(await rows("", " \n")).toEqual([]);
  });

  it("reads on after a byte order mark between files that were put together", async () => {
    expect(await rows('\ufeff{"a": 1}\n\ufeff{"a": 2}\n')).toEqual([
      { value: { a: 1 } },
      { value: { a: 2 } },
    ]);
    expect(await rows("\ufeff [", '{"a": 1}]')).toEqual([{ value: { a: 1 } }]);
  });

  it("holds no line that is too long, and goes on behind it", async () => {
    const piece = "x".repeat(6_000_000);
    expect(await rows('{"a": 1}\n', piece, piece, piece, '\n{"a": 3}')).toEqual([
      { value: { a: 1 } },
      { problem: "has more than 16000000 bytes" },
      { value: { a: 3 } },
    ]);
  });

  it("leaves a bad object of an array alone", async () => {
    expect(await rows("[{'a': 1}, {\"a\": 2}]\n")).toEqual([problem, { value: { a: 2 } }]);
    expect(await rows("[ ]")).toEqual([]);
  });

  it.each([
    ['[{"a": 1}, null, {"a": 3}]', 'where row 2 should be stands "null, {\\"a\\": 3}]"'],
    ['[{"a": 1}}, {"a": 3}]', 'where a comma should follow row 1 stands "}, {\\"a\\": 3}]"'],
    ['[{"a": 1}{"a": 2}]', 'where a comma should follow row 1 stands "{\\"a\\": 2}]"'],
    ['[,,{"a": 1}]', 'where row 1 should be stands ",,{\\"a\\": 1}]"'],
    ['[{"a": 1},,{"a": 2}]', 'where row 2 should be stands ",{\\"a\\": 2}]"'],
    ['[{"a": 1},]', 'where row 2 should be stands "]"'],
    ['[{"a": 1}, {"a": 2', "the file ends in the middle of row 2"],
    ['[{"a": 1}', "the file ends before its array does"],
    ['[{"a": 1}] [{"a": 2}]', 'behind its array stands "[{\\"a\\": 2}]"'],
    [`[{"a": "${"x".repeat(16_000_000)}"}]`, "row 1 has more than 16000000 characters"],
  ])("tells of an array that it cannot read on %#", async (text, words) => {
    await expect(rows(text)).rejects.toMatchObject({ message: `cannot read a.json: ${words}` });
  });
});
