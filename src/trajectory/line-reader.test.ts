import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryPieces, arbitraryWildText } from "../script/testing/arbitrary-text.ts";
import { LineReader } from "./line-reader.ts";
import { MAXIMUM_TURN_TEXT } from "./turn-reader.ts";

function read(pieces: readonly string[]) {
  const reader = new LineReader();
  const values = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  return { values, problem: reader.problem };
}

const arbitraryValues = fc.array(fc.dictionary(arbitraryWildText, arbitraryWildText, { maxKeys: 4 }), {
  minLength: 1,
  maxLength: 4,
});

/** What may stand around the lines and between them. */
const arbitraryFrame = fc.constantFrom(
  ["", "\n", ""],
  ["", "\n", "\n"],
  ["\n\n  ", "\r\n\r\n\t", "\n```"],
  ["```json\n", "\n", "\n```\nThat is all {really} [so]."],
  ["Here [as asked] is the game:\n", "\nDM and player:\n", "\nDone."],
  ["<think>[{}] {\n{</think>", "\n", ""],
  ["[\n", ",\n", "\n]"],
  ["[", ",", "]"],
  ['{"turns":[', ",", "]}"],
  ['{ "turns" :\n [\n', ",\n", "\n]\n}"],
  ["[note]\n\n", ",\n", ","],
);

describe("the line reader", () => {
  test("reads a long array on one line alike whether it comes whole or in pieces", () => {
    const turns = Array.from({ length: 40 }, (_, turn) => ({ turn, Thought: "a".repeat(900) }));
    const text = JSON.stringify({ turns });
    const pieces = text.match(/.{1,7}/g) ?? [];
    expect(read([text])).toEqual({ values: turns, problem: undefined });
    expect(read(pieces)).toEqual(read([text]));
  });

  test("reads the values however their lines are framed and cut into pieces", () => {
    fc.assert(
      fc.property(
        fc
          .tuple(arbitraryValues, arbitraryFrame)
          .filter(([values, [before]]) => !/think>/.test(JSON.stringify(values)) || before === "")
          .chain(([values, [before = "", between = "", after = ""]]) => {
            const text = before + values.map((value) => JSON.stringify(value)).join(between) + after;
            return fc.tuple(fc.constant(values), arbitraryPieces(text));
          }),
        ([values, pieces]) => {
          expect(read(pieces)).toEqual({ values, problem: undefined });
        },
      ),
      { numRuns: 500 },
    );
  });

  test("gives a value with the end of its line", () => {
    const reader = new LineReader();
    expect(reader.push('{"a":"}"}')).toEqual([]);
    expect(reader.push('\n{"b":')).toEqual([{ a: "}" }]);
    expect(reader.push("1}")).toEqual([]);
    expect(reader.end()).toEqual([{ b: 1 }]);
  });

  test.each([
    ['{"a":1}\n{"b":\n{"c":3}', [{ a: 1 }]],
    ['{"a":1}\n{"b":2} {"c":3}\n', [{ a: 1 }]],
    ['{\n  "a": 1\n}', []],
    ['{"a":1}\n{"b', [{ a: 1 }]],
  ])("ends at a line that cannot be read: %j", (text, values) => {
    expect(read([text])).toEqual({
      values,
      problem: expect.stringContaining("not a whole JSON object on one line"),
    });
    expect(read([...text])).toEqual(read([text]));
  });

  test("passes over a line that lacks its beginning, so that the next has the wrong number", () => {
    expect(read(['{"a":1}\n"b":2}\n{"c":3}'])).toEqual({ values: [{ a: 1 }, { c: 3 }], problem: undefined });
  });

  test.each(["", "No game.", "[]", "[note]\n", '"turn": 0'])("finds no turn in %j", (text) => {
    expect(read([text]).problem).toBe("there is no line with a turn in the reply");
  });

  test("reads no line that is longer than a turn may be, nor holds it", () => {
    const reader = new LineReader();
    reader.push('{"a":"');
    for (let length = 0; length <= MAXIMUM_TURN_TEXT; length += 1000) reader.push("x".repeat(1000));
    expect(reader.problem).toContain("longer than");
    expect(reader.push('"}\n{}\n')).toEqual([]);
    expect(read([`${"x".repeat(MAXIMUM_TURN_TEXT + 1)}\n{}`]).values).toEqual([{}]);
  });
});
