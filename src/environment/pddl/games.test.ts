import { describe, expect, test } from "vitest";
import { games, wordingOf } from "./games.ts";
import { capitalise } from "./play/describe.ts";

describe("wording", () => {
  test.each([
    ["on", ["b1", "b2"], "b1 is on b2."],
    ["arm-empty", [], "Your arm is empty."],
    ["holding", ["b1"], "You are holding b1. "],
    ["used", ["shot1", "ingredient2"], "Pour shot1 from a shot glass to a used shaker ingredient2"],
    ["move", ["rooma", "roomb"], "Move from rooma to roomb. "],
  ] as const)("%s %j", (name, objects, text) => {
    expect(wordingOf(name, objects)).toBe(text);
  });

  test("leaves out objects that have no place in the sentence", () => {
    expect(wordingOf("holding", ["right", "shot1"])).toBe("You are holding right. ");
  });

  test("writes a name without a sentence as it stands", () => {
    expect(wordingOf("drop", ["ball1", "rooma", "left"])).toBe("drop ball1 rooma left");
    expect(wordingOf("room", ["rooma"])).toBe("room rooma");
  });

  test("has a gap for every object of every action but those without a sentence", () => {
    for (const { domain } of games()) {
      for (const { name, parameters } of domain.actions) {
        const objects = parameters.map((_, place) => `<${place}>`);
        for (const object of objects) expect(wordingOf(name, objects)).toContain(object);
      }
    }
  });

  test("capitalises as Python does", () => {
    expect(capitalise("level L0 is next")).toBe("Level l0 is next");
    expect(capitalise("")).toBe("");
  });
});
