import { describe, expect, test } from "vitest";
import { stateOf } from "../../../pddl/state.ts";
import { universeOf } from "../../../pddl/universe.ts";
import { writeText } from "./derive.ts";
import { readGrammar, readQuery, readSymbols } from "./grammar.ts";

const LISTS = `"list_empty": [{"rhs": "nothing"}], "list_separator": [{"rhs": ", "}], "list_last_separator": [{"rhs": ", and "}]`;

/** Writes a text in a room with two shelves, three cups and a place for each shelf. */
function write(text: string, rules = "", values: Readonly<Record<string, string>> = {}): string {
  const grammar = readGrammar(`grammar :: """{ ${rules}${rules && ","} ${LISTS} }""";`);
  const objects = ["s1", "s2"].map((name) => ({ name, types: ["shelf"] }));
  const cups = ["c1", "c2", "c3"].map((name) => ({ name, types: ["cup"] }));
  const facts = [
    ["on", "c3", "s1"],
    ["on", "c1", "s1"],
    ["on", "c2", "s2"],
    ["not_on", "c1", "s2"],
  ].map(([predicate = "", ...rest]) => ({ predicate, objects: rest }));
  const universe = universeOf([...objects, ...cups], new Map());
  const names = new Map([...objects, ...cups].map(({ name }) => [name, name.replace(/(\d)/, " $1")]));
  const bound = new Map(Object.entries(values));
  return writeText(readSymbols(text), grammar, { state: stateOf(facts), universe, names }, bound);
}

describe("a text", () => {
  test.each([
    ["[{o.name | on(o:cup, r:shelf)}]", "c 1, c 2, and c 3"],
    ["[{o.indefinite + ' ' + o.name | on(o:cup, r:shelf)}]", "a c 1, a c 2, and a c 3"],
    ["[{o.name | not_on(o:cup, r:shelf)}]", "c 1"],
    ["[{o.name | below(o:cup, r:shelf)}]", "nothing"],
    ["[{o.name | on(o:shelf, r:shelf)}]", "nothing"],
    ["[{r.id | on(o:cup, r:shelf) & on(p:cup, r:shelf)}]", "s1, and s1"],
    ["{'a' + \"b\"} is {'' or 'c'}", "ab is c"],
    ["{o.name | on(o:cup, r:shelf)}", "c 1c 2c 3"],
    ["\n \tIt's (fine) & well?\n", "It's (fine) & well?\n"],
    ["cut; here", "cut"],
    ['cut" here', "cut"],
    ["cut} here", "cut"],
    ["cut # here", "cut "],
    ["cut [here]", "cut "],
    ["", ""],
  ])("%j says %j", (text, expected) => {
    expect(write(text)).toBe(expected);
  });

  test("keeps what the action has bound, by name and type", () => {
    const bound = { r: "s2", "r:shelf": "s2" };
    expect(write("{r.name}: [{o.name | on(o:cup, r:shelf)}]", "", bound)).toBe("s 2: c 2");
    expect(write("[{o.name | on(o:cup, r:place)}]", "", bound)).toBe("nothing");
  });

  test("is written by the first rule whose condition has a match", () => {
    const rules = `"a": [{"condition": "below(o:cup, r:shelf)", "rhs": "one"}, {"condition": "on(o:cup, r:shelf)", "rhs": "two"}, {"rhs": "three"}]`;
    expect(write("It is #a#.", rules)).toBe("It is two.");
  });

  test.each([
    ["#nowhere#", "", "no text for #nowhere#"],
    ["{x.name}", "", "speaks of x"],
    ["#a#", '"a": [{"rhs": "x#a#"}]', "without an end"],
    ["#a#", '"a": [{"rhs": "#b##b#"}], "b": [{"rhs": "#a##a#"}]', "without an end"],
  ])("%j that has no end or no meaning is an error and no hanging", (text, rules, problem) => {
    expect(() => write(text, rules)).toThrow(problem);
  });
});

describe("a grammar", () => {
  test("has actions with words of their own, and rules that later blocks replace", () => {
    const { actions, rules } = readGrammar(`# a comment
      grammar :: """{ "a": [{"rhs": "old"}] }""";
      action GoThere { template :: "go {r}"; feedback :: "#a#";
        grammar :: """
        # a comment in a block
        { "a": [{"rhs": "new"}] }""";
      }`);
    expect([...actions.keys()]).toEqual(["gothere"]);
    expect(rules.get("a")?.[0]?.symbols).toEqual([{ kind: "text", text: "new" }]);
  });

  test.each([
    ['grammar :: """{ "a": [ }""";', "line 1"],
    ['\n\ngrammar :: """{ "a": [{"rhs": "{o.name ! x}"}] }""";', 'line 3: the expression "o.name ! x"'],
    ['grammar :: """{ "a": [{"rhs": "", "condition": "on o"}] }""";', 'the condition "on o"'],
    ['grammar :: """{ "a": "b" }""";', "not a table of rules"],
    ['action a { template :: "a"; }', "a template and a feedback"],
    ['action a { template :: "a"', 'expected the "}"'],
    ["nonsense", "expected a grammar or an action"],
  ])("%j is refused with its line", (text, problem) => {
    expect(() => readGrammar(text)).toThrow(problem);
  });

  test("a variable without a type has its own name as type", () => {
    expect(readQuery("p() & q(x, y:z)")).toEqual([
      { predicate: "p", placeholders: [] },
      {
        predicate: "q",
        placeholders: [
          { name: "x", type: "x" },
          { name: "y", type: "z" },
        ],
      },
    ]);
  });
});
