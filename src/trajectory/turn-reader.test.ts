import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryPieces, arbitraryWildText } from "../script/testing/arbitrary-text.ts";
import { MAXIMUM_TURN_TEXT, TurnReader } from "./turn-reader.ts";

function read(pieces: readonly string[]) {
  const reader = new TurnReader();
  const values = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  return { values, problem: reader.problem };
}

/** Objects as a model may write them in place of turns, nested less deep than the reader allows. */
const arbitraryObject = fc.dictionary(
  arbitraryWildText,
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      arbitraryWildText,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(null, true, false),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(arbitraryWildText, tie("value"), { maxKeys: 3 }),
    ),
  })).value,
  { maxKeys: 4 },
);

/** The text of an array of objects; an element of several lines now and then. */
const arbitraryArray = fc
  .tuple(fc.array(arbitraryObject, { maxLength: 4 }), fc.constantFrom(undefined, 1, "\t"))
  .map(([values, indent]) => JSON.stringify(values, null, indent));

/** What may stand around the array. Words before it must not hold `[` directly before `{` or `]`. */
const arbitraryWrapping = fc.constantFrom(
  ["", ""],
  [" \r\n\t", "\n"],
  ["```json\n", "\n```"],
  ["Here [as asked] is {the} game:\n", "\nThat is all [really] {}."],
  ["<think>[{}] or [] or <think></thin k></think>", ""],
  ["\n <think>\nI plan.\n</think>\n\n```\n", "\n```\n"],
  ['{"trajectory": ', "}"],
  ['{"a": [1], "b": {"turns":\n', ', "c": [{}]}}'],
  ["<th", ""],
  ["I plan: turns look like [{1}], perhaps {}.\n</think>\n\n", ""],
  ["Okay.\n<think>[{</think>", ""],
  ["<|channel|>analysis<|message|>[{<|end|><|start|>assistant<|channel|>final<|message|>", "<|return|>"],
  ["[[", "]]"],
);

describe("the turn reader", () => {
  test("reads what JSON.parse reads, however the text is wrapped and cut into pieces", () => {
    fc.assert(
      fc.property(
        fc
          .tuple(arbitraryArray, arbitraryWrapping)
          // An empty array is only believed when no other follows.
          .filter(([array, [, after]]) => array.includes("{") || !after.includes("[{"))
          // Behind words a closing tag ends reasoning, also one inside a string.
          .filter(([array, [before]]) => !array.includes("</think>") || /^\s*(```|\{|$)/.test(before ?? ""))
          .chain(([array, [before, after]]) =>
            fc.tuple(fc.constant(array), arbitraryPieces(before + array + after)),
          ),
        ([array, pieces]) => {
          expect(read(pieces)).toEqual({ values: JSON.parse(array), problem: undefined });
        },
      ),
      { numRuns: 500 },
    );
  });

  test("gives each value with the piece that completes it", () => {
    const reader = new TurnReader();
    expect(reader.push('[{"a":1')).toEqual([]);
    expect(reader.push("}")).toEqual([{ a: 1 }]);
    expect(reader.push(',{"b":"}')).toEqual([]);
    expect(reader.push('"},{"c":3},{')).toEqual([{ b: "}" }, { c: 3 }]);
    expect(reader.push("}]")).toEqual([{}]);
    expect(reader.push('[{"d":4}]')).toEqual([]);
  });

  test("reads nothing as long as what comes may be reasoning", () => {
    const reader = new TurnReader();
    expect(reader.push('Turns look like [{"a": 1}], I think.')).toEqual([]);
    expect(reader.problem).toBeUndefined();
    expect(reader.push('</think>\n[{"b":2}')).toEqual([{ b: 2 }]);
    expect(reader.push(',{"c":"</think>"}')).toEqual([{ c: "</think>" }]);
  });

  test("passes over an empty array in the words before the turns", () => {
    expect(read(['Plan: [ ] look. {"notes": [], "trajectory": [{"a":1}]}'])).toEqual({
      values: [{ a: 1 }],
      problem: undefined,
    });
  });

  test("finds a problem in every part of an array that lacks its end", () => {
    fc.assert(
      fc.property(
        arbitraryArray.chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length - 1))),
        ([text, length]) => {
          const { problem } = read([text.slice(0, length)]);
          expect(problem).toMatch(/^there is no JSON array|^the reply ends before/);
        },
      ),
    );
  });

  test("reads the same, faults too, however any text is cut", () => {
    const arbitraryBroken = fc
      .tuple(arbitraryArray, fc.nat(), arbitraryWildText, fc.nat(5))
      .map(([text, place, inserted, removed]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + inserted + text.slice(at + removed);
      });
    fc.assert(
      fc.property(
        arbitraryBroken.chain((text) => fc.tuple(fc.constant(text), arbitraryPieces(text))),
        ([text, pieces]) => {
          const { values, problem } = read(pieces);
          const whole = read([text]);
          expect(values).toEqual(whole.values);
          expect(problem === undefined).toBe(whole.problem === undefined);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("never takes a broken array for a whole one", () => {
    const parses = (text: string): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(
        arbitraryArray,
        fc.nat(),
        fc.constantFrom("", ",", "}", "]", '"', "{", ":", "x", "\\"),
        (text, place, put) => {
          const at = 2 + (place % text.length);
          const broken = text.slice(0, at) + put + text.slice(at + 1);
          const { values, problem } = read([broken]);
          fc.pre(problem === undefined && broken.startsWith("[{") && typeof values.at(-1) === "object");
          const prefixes = [...broken.matchAll(/\]/g)].map(({ index }) => broken.slice(0, index + 1));
          expect(prefixes.map(parses)).toContainEqual(values);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ["", "there is no JSON array of turns"],
    ["no array", "there is no JSON array of turns"],
    ["[", "there is no JSON array of turns"],
    ["[1, 2]", "there is no JSON array of turns"],
    ["<think>[{}]", "no JSON array of turns in the reply, which ends in its reasoning"],
    ["<thi", "there is no JSON array of turns"],
    ["[{}", "ends before"],
    ["[{},", "ends before"],
    ["[{}{}]", 'a comma or "]" is expected'],
    ["[{};{}]", 'a comma or "]" is expected'],
    ["[{},]", 'a turn is expected, not "]"'],
    ["[{},,{}]", 'a turn is expected, not ","'],
    ["[{}, x]", 'a turn is expected, not "x"'],
    ["[{'a': 1}]", "JSON"],
    ["[{]", "JSON"],
    ["[{],{}}]", "JSON"],
  ])("says what is wrong with %j", (text, problem) => {
    expect(read([text]).problem).toContain(problem);
    expect(read([...text]).problem).toContain(problem);
  });

  test.each(["null", "true", "false", "1", "-1", '"text"'])(
    "ends at a turn that is no object: %s",
    (value) => {
      const { values, problem } = read([`[{}, ${value}, {}]`]);
      expect(values).toHaveLength(2);
      expect(values[1]).toBeTypeOf("string");
      expect(problem).toBeUndefined();
    },
  );

  test("does not read on behind a problem", () => {
    const reader = new TurnReader();
    expect(reader.push("[{} x")).toEqual([{}]);
    const { problem } = reader;
    expect(reader.push(', {"a": 1}]')).toEqual([]);
    reader.end();
    expect(reader.problem).toBe(problem);
  });

  test("refuses a turn that is too long, as soon as it is", () => {
    const fitting = JSON.stringify({ a: "x".repeat(MAXIMUM_TURN_TEXT - 8) });
    expect(fitting).toHaveLength(MAXIMUM_TURN_TEXT);
    expect(read([`[${fitting}]`]).problem).toBeUndefined();
    const reader = new TurnReader();
    reader.push(`[{"a": "${"x".repeat(MAXIMUM_TURN_TEXT)}`);
    expect(reader.problem).toContain("longer than");
  });

  test("refuses a turn that nests too deep", () => {
    const nested = (depth: number) => `[${'{"a":'.repeat(depth)}1${"}".repeat(depth)}]`;
    expect(read([nested(8)]).problem).toBeUndefined();
    expect(read([nested(9)]).problem).toContain("nested deeper");
  });
});
