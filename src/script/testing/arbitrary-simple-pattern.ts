import fc from "fast-check";

/** Few characters, so that patterns and texts often fit: letters, white space, one with two units. */
const CHARACTERS = ["a", "b", "c", " ", "é", "😀", "7"] as const;

const arbitrarySet: fc.Arbitrary<string> = fc.constantFrom(
  ...CHARACTERS,
  ".",
  "\\w",
  "\\d",
  "\\s",
  "\\-",
  "[ab]",
  "[^a]",
  "[a-c é]",
  "[^\\s7]",
  "[\\w-]",
  "[😀b]",
  "[^😀]",
);

const arbitraryAtom: fc.Arbitrary<string> = fc
  .tuple(arbitrarySet, fc.constantFrom("", "", "", "*", "+", "?", "*?", "+?", "??"))
  .map((pieces) => pieces.join(""));

/** The inside of a group holds groups again, a few levels deep; alternatives may be empty. */
const arbitrarySequence: fc.Arbitrary<string> = fc.letrec<{ sequence: string }>((tie) => {
  const group = fc
    .tuple(
      fc.constantFrom("(", "(?:"),
      fc.array(tie("sequence"), { minLength: 1, maxLength: 3 }).map((alternatives) => alternatives.join("|")),
      fc.constantFrom(")", ")", ")?", ")??"),
    )
    .map((pieces) => pieces.join(""));
  return {
    sequence: fc
      .array(fc.oneof({ maxDepth: 3 }, arbitraryAtom, group), { maxLength: 4 })
      .map((parts) => parts.join("")),
  };
}).sequence;

/** A simple pattern in Python's syntax. */
export const arbitrarySimplePattern: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom("", "^"), arbitrarySequence, fc.constantFrom("", "$"))
  .map((pieces) => pieces.join(""));

/** A text of the characters of such patterns. */
export const arbitraryMatchedText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...CHARACTERS, "-", "\n", "\u00a0"), { maxLength: 7 })
  .map((characters) => characters.join(""));
