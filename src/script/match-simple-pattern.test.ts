import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { simpleMatcher } from "./match-simple-pattern.ts";
import { pythonToRe2 } from "./python-to-re2.ts";
import { readSimplePattern } from "./read-simple-pattern.ts";
import { arbitraryMatchedText, arbitrarySimplePattern } from "./testing/arbitrary-simple-pattern.ts";

function groupsOf(source: string, text: string) {
  const simple = readSimplePattern(source);
  if (simple === undefined) throw new Error(`${source} is not simple`);
  return simpleMatcher(simple)(text);
}

function groupsOfRe2(source: string, text: string) {
  const expression = RE2JS.compile(pythonToRe2(source, false));
  const matcher = expression.matcher(text);
  if (!matcher.matches()) return undefined;
  return Array.from({ length: expression.groupCount() }, (_, i) => matcher.group(i + 1) ?? undefined);
}

/** The same pattern for V8's engine, which has no other words for Python's classes. */
function toV8(source: string): RegExp {
  const classes = source
    .replace(/(\[[^\]]*)\\w/g, "$1\\p{L}\\p{N}_")
    .replace(/(\[[^\]]*)\\s/g, "$1\\t-\\r\\x1c-\\x20\\x85\\p{Z}")
    .replaceAll("\\w", "[\\p{L}\\p{N}_]")
    .replaceAll("\\d", "\\p{Nd}")
    .replaceAll("\\s", "[\\t-\\r\\x1c-\\x20\\x85\\p{Z}]")
    .replace(/\[([^\]]*)-\]/g, "[$1\\-]")
    .replace(/\\-(?!\])/g, "-");
  return new RegExp(`^(?:${classes.replaceAll(".", "[^\\n]")})$`, "u");
}

describe("matching a simple pattern", () => {
  test("captures what RE2 captures", () => {
    fc.assert(
      fc.property(arbitrarySimplePattern, arbitraryMatchedText, (source, text) => {
        expect(groupsOf(source, text)).toEqual(groupsOfRe2(source, text));
      }),
      { numRuns: 3000 },
    );
  });

  test("accepts what V8's engine accepts", () => {
    fc.assert(
      fc.property(arbitrarySimplePattern, arbitraryMatchedText, (source, text) => {
        expect(groupsOf(source, text) !== undefined).toBe(toV8(source).test(text));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["(a|ab)(c|bcd)?(d*)", "abcd", ["a", "bcd", ""]],
    ["(a*)(a*)", "aa", ["aa", ""]],
    ["(a*?)(a*)", "aa", ["", "aa"]],
    ["(?:(a)b|ac)", "ac", [undefined]],
    ["(a|)?b", "b", [""]],
    ["(.)(.+)", "😀é", ["😀", "é"]],
    ["(.*)a(.*)", "xayaz", ["xay", "z"]],
  ])("takes the first way in the pattern's order: %s of %s", (source, text, groups) => {
    expect(groupsOf(source, text)).toEqual(groups);
  });

  test.each([
    "(.*)(.*)(.*)(.*)x",
    "(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)a*x",
    `${"a?".repeat(100)}a*x`,
    `${"(a*|a+?)".repeat(30)}x`,
    `${"(?:a*?a*)?".repeat(30)}x`,
  ])("does not run away on a long text: %s", (source) => {
    expect(groupsOf(source, "a".repeat(8000))).toBeUndefined();
    expect(groupsOf(source, `${"a".repeat(8000)}x`)).toBeDefined();
  });
});

describe("reading a simple pattern", () => {
  test.each([
    "(a*)*",
    "(a)+",
    "a{2}",
    "(?i)a",
    "a|b",
    "(?=a)a",
    "\\bgo",
    "\\D",
    "[a\\d-z]",
    "(",
    "a**",
    "\ud83d",
  ])("leaves others to RE2: %s", (source) => {
    expect(readSimplePattern(source)).toBeUndefined();
  });

  test("finds its groups and in how many ways it can match", () => {
    expect(readSimplePattern("go( to)? (?P<place>hall|attic)")).toMatchObject({
      groups: [undefined, "place"],
      ways: 4,
    });
    expect(readSimplePattern("^say (?P<words>.+)$")?.ways).toBe(41);
  });
});
