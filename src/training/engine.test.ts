import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comesBefore, pipInstall } from "./engine.ts";
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
