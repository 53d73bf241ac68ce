import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { compilePattern } from "./pattern.ts";
import { matchedTexts } from "./testing/matched-texts.ts";
import { patterns } from "./testing/patterns.ts";

/** For each pattern what `re.fullmatch` captures from each text, or null where Python refuses the pattern. */
const PROGRAM = `
import json, re, sys, warnings
warnings.simplefilter("ignore")
work = json.load(sys.stdin)

def captures(pattern, text):
    match = pattern.fullmatch(text)
    return match and {"groups": match.groups(), "named": match.groupdict()}

def answer(source):
    try:
        pattern = re.compile(source)
    except (re.error, OverflowError):
        return None
    return [captures(pattern, text) for text in work["texts"]]

json.dump([answer(source) for source in work["patterns"]], sys.stdout)
`;

type PythonAnswer = readonly (PythonCaptures | null)[] | null;

interface PythonCaptures {
  readonly groups: readonly (string | null)[];
  readonly named: Readonly<Record<string, string | null>>;
}

function askPython(): readonly PythonAnswer[] | undefined {
  const input = JSON.stringify({ patterns, texts: matchedTexts });
  const python = spawnSync("python3", ["-c", PROGRAM], { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (python.error !== undefined) return undefined;
  expect(python.stderr).toBe("");
  return JSON.parse(python.stdout);
}

const answers = askPython();

/** Which patterns Python accepts (since 3.11) and this program does not. */
const REFUSED_HERE = String.raw`
(?=x)x
(?!y)x
(?<=a)b
(?<!a)b
(x)\1
(?P<name>x)(?P=name)
(?>a+)b
a++
a*+
a?+b
(?x) go \s to # comment
(?a)\w+
(?u)\w
(?#comment)x
(?P<größe>x)
x{1001}
a{2}+
go\z
`.split("\n");

/** RE2 knows borders, and negated classes inside a class, in ASCII only; Python in all of Unicode. */
const ASCII_IN_RE2 = /(?<!\\)(?:\\\\)*\\[bB]|\[[^\]]*\\[SW]/;

/** Letters, digits and marks of ASCII, and the white space on which both agree. */
const PLAIN = /^[\x20-\x7e\t\n\r\f]*$/;

function comparable(source: string): readonly (readonly [string, number])[] {
  const all = matchedTexts.map((text, index) => [text, index] as const);
  return ASCII_IN_RE2.test(source) ? all.filter(([text]) => PLAIN.test(text)) : all;
}

describe.skipIf(answers === undefined)(
  "patterns mean what they mean in Python (skipped without python3)",
  () => {
    const cases = patterns.map((source, index) => ({ source, answer: answers?.[index] ?? null }));

    test.each(cases)("$source", ({ source, answer }) => {
      const { pattern } = compilePattern(source);
      if (pattern === undefined) return;
      expect(answer, "Python refuses what is accepted here").not.toBeNull();
      const compared = comparable(source);
      const here = compared.map(([text]) => {
        const captures = pattern.match(text);
        if (captures === undefined) return null;
        return {
          groups: captures.groups.map((group) => group ?? null),
          named: Object.fromEntries(pattern.names.map((name) => [name, captures.named.get(name) ?? null])),
        };
      });
      expect(here).toEqual(compared.map(([, index]) => answer?.[index]));
    });

    test("few of those that Python accepts are refused, and all for want of linear time or a rare spelling", () => {
      const refused = cases
        .filter(({ source, answer }) => answer !== null && compilePattern(source).pattern === undefined)
        .map(({ source }) => source);
      expect(REFUSED_HERE).toEqual(expect.arrayContaining(refused));
      expect(cases.length).toBeGreaterThan(150);
    });
  },
);
