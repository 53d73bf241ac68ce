import fc from "fast-check";
import { expect, test } from "vitest";
import { callCommand, readAnswer } from "./py4j.ts";

test("a text comes back as it went, on one line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const [, , , line = ""] = callCommand({ id: "o1" }, "step", text);
      expect(line).not.toMatch(/[\n\r]/);
      expect(readAnswer(`!y${line}`)).toEqual({ code: "value", value: text });
    }),
  );
});

test("arguments are written with their types", () => {
  expect(callCommand({ id: "o1" }, "load", "boil", 5, "a,b", false, { id: "o2" })).toEqual([
    ...["c", "o1", "load", "sboil", "i5", "sa,b", "bfalse", "ro2", "e"],
  ]);
});

test.each([
  ["!yd0.25", { code: "value", value: 0.25 }],
  ["!yd-1.0", { code: "value", value: -1 }],
  ["!yd1.0E-4", { code: "value", value: 0.0001 }],
  ["!yi3", { code: "value", value: 3 }],
  ["!ybtrue", { code: "value", value: true }],
  ["!yv", { code: "value", value: undefined }],
  ["!yn", { code: "value", value: undefined }],
  ["!ylo12", { code: "object", id: "o12" }],
  ["!yro1", { code: "object", id: "o1" }],
  ["!xro4", { code: "exception", id: "o4" }],
  ["!xsno such\\nmethod", { code: "refused", words: "no such\nmethod" }],
  ["!x", { code: "refused", words: "" }],
])("%s is read", (line, answer) => {
  expect(readAnswer(line)).toEqual(answer);
});

test.each([
  "",
  "!",
  "!y",
  "!ybmaybe",
  "!yizwei",
  "!yd",
  "!ydNaN",
  "!yrx1",
  "!yro1\u0000",
  "!yq",
  "yes",
  "!yv1",
])("%j is no answer", (line) => {
  expect(readAnswer(line)).toBeUndefined();
});
