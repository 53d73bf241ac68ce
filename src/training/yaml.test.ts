import { describe, expect, it } from "vitest";
import { yamlText } from "./engine.ts";

describe("yamlText", () => {
  it("writes blocks in which every value keeps its kind", () => {
    expect(
      yamlText({
        model: "meta-llama/Llama-3-8B",
        rate: 5e-6,
        small: 1e-7,
        smaller: 2.5e-9,
        word: "yes",
        number: "8",
        empty: null,
        list: [1, "two words"],
        datasets: [{ path: "a.parquet", type: null, tags: { role: "from" } }],
        none: [],
        hash: "a # b: c",
      }),
    ).toBe(`model: meta-llama/Llama-3-8B
rate: 0.000005
small: 1.0e-7
smaller: 2.5e-9
word: "yes"
number: "8"
empty:
list:
  - 1
  - two words
datasets:
  - path: a.parquet
    type:
    tags:
      role: from
none: []
hash: "a # b: c"
`);
  });

  it.each([".5", ".5e3", ".inf", ".NaN", "1e3", "0x1f", "2024-01-01", "~", "Off", "-", ""])(
    "writes the text %s as one",
    (text) => {
      expect(yamlText({ [text]: text })).toBe(`"${text}": "${text}"\n`);
    },
  );
});
