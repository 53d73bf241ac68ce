import { expect, test } from "vitest";
import { capitalised, joinWords, numberWord, withArticle } from "./english.ts";

test.each([
  ["ice pick", "an ice pick"],
  ["brass key", "a brass key"],
  ["unit", "a unit"],
  ["usb stick", "a usb stick"],
  ["hour glass", "an hour glass"],
  ["umbrella", "an umbrella"],
])("the article of %s", (name, expected) => {
  expect(withArticle(name)).toBe(expected);
});

test("lists, capitals and numbers", () => {
  expect(joinWords([])).toBe("");
  expect(joinWords(["a"])).toBe("a");
  expect(joinWords(["a", "b", "c"])).toBe("a, b and c");
  expect(joinWords(["a", "b"], "or")).toBe("a or b");
  expect(capitalised("the end")).toBe("The end");
  expect([numberWord(0), numberWord(3), numberWord(12)]).toEqual(["no", "three", "12"]);
});
