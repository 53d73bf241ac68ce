import { describe, expect, test } from "vitest";
import type { IndexedPersona } from "../synthesis/record.ts";
import { link } from "./link.ts";
import { filterRun, readRange, readRunFilter } from "./run-filter.ts";

function entry(index: number, more: Partial<IndexedPersona>): IndexedPersona {
  return {
    index,
    id: `id${index}`,
    persona: "A baker",
    goal: "Bake a loaf",
    outcome: "accepted",
    calls: 2,
    faults: [],
    turns: 11,
    errors: 2,
    marks: "er...",
    actions: 5,
    objects: 12,
    record: { start: 0, length: 1 },
    bought: { places: [], promptTokens: 0, cachedTokens: 0, completionTokens: 0, cost: 0 },
    ...more,
  };
}

const ENTRIES = [
  entry(0, { errors: 2, persona: "A baker from Lyon" }),
  entry(1, { errors: 5, outcome: "rejected", calls: 4, faults: ["unfinished"], turns: 30 }),
  entry(2, {
    errors: 3,
    calls: 3,
    faults: ["wrong-keys"],
    goal: "Find the LAMP in the cellar",
    writers: "a + b",
  }),
];

function found(query: string): readonly number[] {
  const filter = readRunFilter(Object.fromEntries(new URLSearchParams(query)));
  return filterRun(ENTRIES, filter, { said: new Map([["id2", { tags: ["good"], thumbs: [] }]]) }).map(
    ({ index }) => index,
  );
}

describe("a list of a run", () => {
  test("shows all in the order of the run", () => {
    expect(found("")).toEqual([0, 1, 2]);
  });

  test.each([
    ["outcome=rejected", [1]],
    ["fault=wrong-keys", [2]],
    ["writer=a+%2B+b", [2]],
    ["calls=3-", [1, 2]],
    ["errors=2-3", [0, 2]],
    ["turns=-12", [0, 2]],
    ["persona=lyon+BAKER", [0]],
    ["q=lamp", [2]],
    ["tag=good", [2]],
    ["sort=-errors", [1, 2, 0]],
    ["sort=calls", [0, 2, 1]],
    ["sort=-place", [2, 1, 0]],
    ["outcome=nothing&sort=nothing&page=x&calls=many", [0, 1, 2]],
  ])("%s", (query, indices) => {
    expect(found(query)).toEqual(indices);
  });

  test("an address says all of a filter and nothing else", () => {
    const query =
      "q=a+b&persona=c&outcome=failed&fault=d&calls=2-&errors=1&turns=2-9&tag=e&sort=-turns&page=3";
    const filter = readRunFilter(Object.fromEntries(new URLSearchParams(query)));
    expect(link([], filter)).toBe(`/?${query}`);
    expect(link([], readRunFilter({}))).toBe("/");
    expect(link([], readRunFilter({ q: "", page: "1", sort: "nothing", calls: "2.5" }))).toBe("/");
  });

  test("reads bounds", () => {
    expect(readRange("3")).toEqual({ least: 3, most: 3 });
    expect(readRange(" 2 - 5 ")).toEqual({ least: 2, most: 5 });
    expect(readRange("-4")).toEqual({ least: 0, most: 4 });
    expect(readRange("-")).toBeUndefined();
    expect(readRange("2.5")).toBeUndefined();
  });
});
