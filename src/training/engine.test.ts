import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comesBefore, pipInstall, yamlText } from "./engine.ts";
import { enginePackages } from "./engines.ts";

describe("comesBefore", () => {
  it.each([
    ["0.19.1", "0.20"],
    ["0.9", "0.20.0"],
    ["1.16.0", "2"],
    ["0.9.6.dev0", "0.10"],
  ])("%s before %s", (version, other) => {
    expect(comesBefore(version, other)).toBe(true);
    expect(comesBefore(other, version)).toBe(false);
  });

  it("holds for no version and itself, with zeros behind it too", () => {
    const numbers = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(numbers, (version) => {
        const text = version.join(".");
        expect(comesBefore(text, text)).toBe(false);
        expect(comesBefore(text, `${text}.0`)).toBe(false);
        expect(comesBefore(text, `${text}.1`)).toBe(true);
      }),
    );
  });
});

describe("enginePackages", () => {
  it("names what a recipe needs", () => {
    const names = (...words: Parameters<typeof enginePackages>): readonly string[] =>
      enginePackages(...words).map(({ name }) => name);
    expect(names("trl", { deepSpeed: "none", method: "full" })).toEqual(["trl", "torch"]);
    expect(names("trl", { deepSpeed: "zero3", method: "lora" })).toEqual([
      "trl",
      "torch",
      "deepspeed",
      "peft",
    ]);
    expect(names("axolotl", { deepSpeed: "none", method: "lora" })).toEqual(["axolotl", "torch"]);
  });

  it("is written so that a shell takes no version for a redirection", () => {
    expect(pipInstall(enginePackages("trl", { deepSpeed: "zero3", method: "full" }))).toBe(
      "pip install 'trl>=0.20,<2' torch deepspeed",
    );
  });
});

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
