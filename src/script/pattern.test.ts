import { describe, expect, test } from "vitest";
import { pythonToRe2 } from "../python-to-re2.ts";
import { compilePattern, MAXIMUM_PATTERN, MAXIMUM_PROGRAM } from "./pattern.ts";

function match(source: string, text: string) {
  const { pattern, problem } = compilePattern(source);
  if (pattern === undefined) throw new Error(problem);
  return pattern.match(text);
}

describe("rewriting Python's patterns for RE2", () => {
  test.each([
    ["take \\Z", "take \\z"],
    ["\\d\\w", "\\p{Nd}[\\p{L}\\p{N}_]"],
    ["[\\d\\w]", "[\\p{Nd}\\p{L}\\p{N}_]"],
    ["\\\\d", "\\\\d"],
    ["[\\]\\d]", "[\\]\\p{Nd}]"],
    ["[]\\d]", "[\\]\\p{Nd}]"],
    ["[^]\\d]\\d", "[^\\]\\p{Nd}]\\p{Nd}"],
    ["[[]\\w", "[\\[][\\p{L}\\p{N}_]"],
    ["[[:alpha:]]", "[\\[:alpha:]]"],
    ["[^\\w]", "[^\\p{L}\\p{N}_]"],
    ["(?P<a>x)", "(?P<a>x)"],
    ["\\D\\W\\b", "\\P{Nd}[^\\p{L}\\p{N}_]\\b"],
    ["a{,3}[{,3}]{3,}", "a{0,3}[{,3}]{3,}"],
    ["\\u0041\\x41[\\b]\\101\\é", "\\x{41}\\x{41}[\\x08]\\x{41}é"],
    ["", ""],
  ])("%s", (source, expected) => {
    expect(pythonToRe2(source, false)).toBe(expected);
  });
});

describe("a pattern", () => {
  test.each([
    ["go to (kitchen|hall)", "go to hall", true],
    ["go to (kitchen|hall)", "go to hall ", false],
    ["go", "go north", false],
    ["north", "go north", false],
    ["go|go north", "go north", true],
    ["^go$", "go", true],
    ["go$", "go\n", false],
    ["go\\Z", "go", true],
    ["a.b", "a\nb", false],
    ["(?s)a.b", "a\nb", true],
    ["(?i)open DOOR", "Open door", true],
    ["[]]x", "]x", true],
    ["[^]]x", "]x", false],
    ["\\d+", "٣४", true],
    ["\\w+", "Straße_7", true],
    ["[\\w ]+", "élan vital", true],
    ["\\w+", "a-b", false],
    ["", "", true],
  ])("%j accepts the whole of %j: %s", (source, text, accepted) => {
    expect(match(source, text) !== undefined).toBe(accepted);
  });

  test("captures groups in order and by name", () => {
    expect(match("(?P<verb>\\w+) (a|the )?(?P<what>\\w+)", "take key")).toEqual({
      named: new Map([
        ["verb", "take"],
        ["what", "key"],
      ]),
      groups: ["take", undefined, "key"],
    });
    expect(match("(?:x)y", "xy")).toEqual({ named: new Map(), groups: [] });
    expect(match("(?P<a>x)|(?P<b>y)", "y")?.named).toEqual(new Map([["b", "y"]]));
    expect(compilePattern("(?P<a>x)(y)").pattern?.names).toEqual(["a"]);
  });

  test.each([
    "(?=a)a",
    "(?!a)b",
    "(?<=a)b",
    "(?<!a)b",
    "(a)\\1",
    "(?P<a>x)(?P=a)",
    "(",
    ")",
    "[",
    "*a",
    "a**",
    "\\",
    "(?P<a>x)(?P<a>y)",
    "a{2,1}",
    "[z-a]",
    "go$*",
    `^go $${"{0}"}home$*`,
    "\\b+x",
    "go\\z",
    "\\pL",
    "\\p{L}",
    "\\Qx\\E",
    "(?<n>x)",
    "(?P<1n>x)",
    "a++",
    "a{2}+",
    "x(?i)y",
    "(?U)x*",
    "[\\d-z]",
    "\\u41",
    "\\400",
  ])("is refused: %s", (source) => {
    expect(compilePattern(source).problem).toMatch(/^is not a regular expression/);
  });

  test("is refused when it is too long or compiles to too much", () => {
    expect(compilePattern("a".repeat(MAXIMUM_PATTERN + 1)).problem).toContain("1001 characters");
    expect(compilePattern(`a{${MAXIMUM_PROGRAM + 10}}`).problem).toContain("too large");
    expect(compilePattern("((a{10}){10}){9}").problem).toContain("too large");
    expect(compilePattern("a{100}").pattern?.size).toBeGreaterThan(100);
  });
});
