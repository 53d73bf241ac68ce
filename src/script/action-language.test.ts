import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { actionLanguage } from "./action-language.ts";
import { createActionMatcher } from "./action-matcher.ts";
import { type Language, languageInRegex } from "./language.ts";
import { patternLanguage } from "./pattern-language.ts";
import type { Action } from "./script.ts";
import { lighthouse } from "./testing/examples.ts";

/** Any text of a language. */
function textsOf(language: Language): fc.Arbitrary<string> {
  switch (language.kind) {
    case "text":
      return fc.constant(language.text);
    case "character":
      return fc.constantFrom(...language.of);
    case "sequence":
      return fc.tuple(...language.parts.map(textsOf)).map((texts) => texts.join(""));
    case "choice":
      return fc.oneof(...language.options.map(textsOf));
    case "repeat": {
      const { part, least, most } = language;
      return fc
        .array(textsOf(part), { minLength: least, maxLength: Math.min(most, least + 6) })
        .map((texts) => texts.join(""));
    }
  }
}

const word = fc.stringMatching(/^[a-z]{1,6}( [a-z]{1,4})?$/);
const values = fc.uniqueArray(word, { minLength: 1, maxLength: 4 });

/** How models write the group of a parameter: its values, any words, anything, or values that they forgot in part. */
const groups = fc.constantFrom<(name: string, listed: readonly string[]) => string>(
  (name, listed) => `(?P<${name}>${listed.join("|")})`,
  (name) => `(?P<${name}>[a-z ]+)`,
  (name) => `(?P<${name}>.+)`,
  (name, listed) => `(?P<${name}>${listed.slice(0, 2).join("|")})`,
);

const listedAction: fc.Arbitrary<Action> = fc
  .record({ verb: word, middle: word, first: values, second: values, one: groups, other: groups })
  .map(({ verb, middle, first, second, one, other }) => ({
    name: `${verb} {a} ${middle} {b}`,
    pattern: `^${verb} ${one("a", first)} ${middle} ${other("b", second)}$`,
    parameters: [
      { name: "a", values: first },
      { name: "b", values: second },
    ],
  }));

const freeAction: fc.Arbitrary<Action> = fc
  .record({
    verb: word,
    rest: fc.constantFrom(
      " (.+)",
      "\\[(.*)\\]",
      " \\d{1,3}( [a-z]+)?",
      ' "[^"]*"',
      " (?P<x>\\w+), (?:yes|no)",
      " [A-Z][a-z ]*",
      "(?i) x",
      " (?=a).*",
      " (a+)+",
      " (.*) (.*)",
      "( .*)?",
    ),
  })
  .map(({ verb, rest }) => ({
    name: verb,
    specialFormat: "free",
    pattern: `${verb}${rest}`,
    parameters: [],
  }));

const actions = fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: listedAction }, freeAction), {
  minLength: 1,
  maxLength: 4,
  selector: ({ name }) => name,
});

describe("the actions of a script as a language", () => {
  test("are all matched by the script's own matcher", () => {
    fc.assert(
      fc.property(
        actions.chain((some) => {
          const { language } = actionLanguage(some);
          const texts =
            language === undefined ? fc.constant([]) : fc.array(textsOf(language), { maxLength: 20 });
          return texts.map((written) => ({ some, written }));
        }),
        ({ some, written }) => {
          const matcher = createActionMatcher(some);
          expect(written.filter((text) => matcher.match(text) === undefined)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("hold every name with listed values that the matcher accepts", () => {
    fc.assert(
      fc.property(fc.array(listedAction, { minLength: 1, maxLength: 3 }), (some) => {
        const { language } = actionLanguage(some);
        const matcher = createActionMatcher(some);
        const allowed = language && new RegExp(`^(?:${languageInRegex(language)})$`);
        for (const { name, parameters } of some) {
          for (const a of parameters[0]?.values ?? []) {
            for (const b of parameters[1]?.values ?? []) {
              const text = name.replace("{a}", a).replace("{b}", b);
              if (language !== undefined) expect(allowed?.test(text)).toBe(matcher.match(text) !== undefined);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("of the example", () => {
    const { language, problem } = actionLanguage(lighthouse.actions);
    expect(problem).toBeUndefined();
    const allowed = new RegExp(`^${language && languageInRegex(language)}$`);
    expect(allowed.test("take oil can from workbench")).toBe(true);
    expect(allowed.test("take oil can from ground floor")).toBe(false);
  });

  test("are not told where they are too many, or where a pattern says what is not understood", () => {
    const many = Array.from({ length: 60 }, (_value, place) => `v${place}`);
    const crowded: Action = {
      name: "put {a} in {b}",
      pattern: "put (?P<a>.+) in (?P<b>.+)",
      parameters: ["a", "b"].map((name) => ({ name, values: many })),
    };
    expect(actionLanguage([crowded]).problem).toMatch(/too many/);
    const free: Action = { name: "say", specialFormat: "words", pattern: "say (?!no).*", parameters: [] };
    expect(actionLanguage([free]).problem).toBe('the pattern of "say" cannot be bound');
  });
});

describe("a pattern as a language", () => {
  test.each([
    "(?i)look",
    "a\\b",
    "(a)\\1",
    "a++",
    "x{1000}",
    "(.{1,100}){1,100}",
    "(",
    "[",
    "a**",
    " go",
    "go *",
    "go( x)?\\s",
    "[^\\x00-\\uffff]",
  ])("of %s is not known", (pattern) => {
    expect(patternLanguage(pattern)).toBeUndefined();
  });

  test.each([
    ["^answer (.+)$", "answer forty two"],
    ["finish\\[[^\\]]*\\]", "finish[a b]"],
    ["(?:go|walk) (?P<way>north|south)", "walk south"],
    ["dial \\d{3}-\\d{2,4}", "dial 123-456"],
    ["Grüße", "Grüße"],
  ])("of %s has %s", (pattern, text) => {
    const language = patternLanguage(pattern);
    expect(new RegExp(`^(?:${language && languageInRegex(language)})$`).test(text)).toBe(true);
  });
});
