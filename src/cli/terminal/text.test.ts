import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../printable.ts";
import { wrapText } from "./text.ts";

describe("wrapText", () => {
  it("breaks between words, with an indent for the first line and one for the rest", () => {
    expect(wrapText("one two three four", { width: 14, indent: 2, hanging: 4 })).toEqual([
      "  one two",
      "    three four",
    ]);
  });

  it("breaks a word that no line can hold", () => {
    expect(wrapText("a 123456789012345", { width: 12, indent: 2 })).toEqual([
      "  a",
      "  1234567890",
      "  12345",
    ]);
  });

  it("keeps the lines of a text and their indentation", () => {
    expect(wrapText("edit:\nfor x:\n  print(x)\n\nend", { width: 40, indent: 2, hanging: 4 })).toEqual([
      "  edit:",
      "    for x:",
      "      print(x)",
      "",
      "    end",
    ]);
  });

  it("keeps the columns of lines that fit", () => {
    expect(wrapText("names:\n  run     run.json\n  calls   a line of it", { width: 26, indent: 0 })).toEqual([
      "names:",
      "  run     run.json",
      "  calls   a line of it",
    ]);
  });

  it("loses no character but spaces and control characters", () => {
    const withoutSpace = (text: string): string => text.replace(/\s+/g, "");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 20, max: 90 }), (text, width) => {
        expect(withoutSpace(wrapText(text, { width, indent: 3 }).join(""))).toBe(
          withoutSpace(printable(text)),
        );
      }),
    );
  });
});
