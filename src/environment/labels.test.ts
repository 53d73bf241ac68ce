import { expect, test } from "vitest";
import { compileLabelPattern } from "./labels.ts";

function search(source: string, text: string): boolean | undefined {
  return compileLabelPattern(source).pattern?.occursIn(text);
}

// Each checked with Python 3.11: bool(re.search(source, text)).
test.each([
  ["You pick up the \\w+ \\d", "Now. You pick up the mug 1.", true],
  ["\\bkeychain [0-9]+", "a keychain 2", true],
  ["\\bkeychain [0-9]+", "a bigkeychain 2", false],
  ["On .* you see", "On the shelf 1,\nyou see", false],
  ["(put|move) the .* (in/on|to) the", "You move the cup 1 to the shelf 1.", true],
  ["done\\.$", "It is done.\n", true],
  ["done\\.$", "It is done.\n\n", false],
  ["^On", "The shelf. On", false],
  ["(?i)ON", "on", true],
  ["", "anything", true],
  ["^(?=.* you see)(?=.*a bowl \\d+)", "On the shelf 1, you see a bowl 2.", true],
  ["^(?=.* you see)(?=.*a bowl \\d+)", "On the shelf 1, you see a mug 2.", false],
  ["^(?=.* you see)(?=.*a bowl \\d+)", "a bowl 2.\n you see", false],
  ["^(?=.*a)(?=.*b)On", "On ab", true],
  ["^(?=.*a)(?=.*b)On", "ab On", false],
  ["^(?=.*[)])x", "x )", true],
  ["^(?=a(b|c))", "ac", true],
  ["^(?=a(b|c))", "xac", false],
])("%j in %j: %s", (source, text, isFound) => {
  expect(search(source, text)).toBe(isFound);
});

test.each([
  "(",
  "a(?=b)",
  "^(?=a)b|c",
  "^(?=a)*",
  "^(?=a",
  "^(?=(?=a))",
  "(a)\\1",
  "[z-a]",
  "a".repeat(3000),
])("%j is refused in words", (source) => {
  expect(compileLabelPattern(source).problem).toMatch(/^the pattern/);
});

test("a pattern that makes a backtracking engine hang is matched at once", () => {
  expect(search("(a+)+b", "a".repeat(5000))).toBe(false);
});
