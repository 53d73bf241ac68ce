import { expect, test } from "vitest";
import { printable, printableLine } from "./printable.ts";

const HOSTILE = "a\u001b[31mb\u202ec\r\nd\te\u009b";

test("escape sequences and marks that turn the direction are shown escaped, and line breaks stay", () => {
  expect(printable(HOSTILE)).toBe("a\\u001b[31mb\\u202ec\nd  e\\u009b");
});

test("a line has no line breaks", () => {
  expect(printableLine(HOSTILE)).toBe("a\\u001b[31mb\\u202ec d  e\\u009b");
});

test.each([
  ["a\u2028b", "a\\u2028b"],
  ["a\u200bb\ufeff", "a\\u200bb\\ufeff"],
  ["a\u200db", "a\\u200db"],
  ["\u2066x\u2069", "\\u2066x\\u2069"],
  ["x\u{e0041}", "x\\u{e0041}"],
])("what is not seen is shown escaped: %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test.each(["\u{1f469}\u200d\u{1f680}", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "面包师傅", "é"])(
  "what writing needs stays: %s",
  (text) => {
    expect(printable(text)).toBe(text);
  },
);
