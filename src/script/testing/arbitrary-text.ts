import fc from "fast-check";

/** Text that a script or a turn may hold: not blank, whole characters, no control characters. */
export const arbitraryText: fc.Arbitrary<string> = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .map((text) => text.replace(/\p{Cc}/gu, "-"))
  .filter((text) => text.trim() !== "" && text.isWellFormed());

/** Any text, with what JSON must escape and what looks like JSON made likely. */
export const arbitraryWildText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.constantFrom(
        '"',
        "\\",
        '\\"',
        "{",
        "}",
        "[",
        "]",
        "},{",
        "]}",
        "```",
        "</think>",
        "\n",
        "\t",
        "\u2028",
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

/** A text in pieces that join to it, of any length, single characters among them. */
export function arbitraryPieces(text: string): fc.Arbitrary<readonly string[]> {
  const cuts = fc.oneof(
    fc.array(fc.nat(text.length), { maxLength: 30 }),
    fc.constant(Array.from({ length: text.length }, (_, index) => index)),
  );
  return cuts.map((places) => {
    const sorted = [...new Set([0, ...places, text.length])].sort((a, b) => a - b);
    return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
  });
}
