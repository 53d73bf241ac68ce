import { describe, expect, test } from "vitest";
import { products } from "./matrix.ts";
import { tfIdf, wordsOf } from "./tf-idf.ts";

describe("the words of a text", () => {
  test.each([
    ["Go to Drawer 2, don't stop!", ["go", "to", "drawer", "2", "don't", "stop"]],
    ["  \n ", []],
    ["Öl_fass 'quoted'", ["öl", "fass", "quoted"]],
    ["e\u0301tude", ["étude"]],
    ["打开门 open", ["打", "开", "门", "open"]],
  ])("of %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

describe("TF-IDF", () => {
  const texts = ["take the red box", "take the box and the red key", "go north", ""];

  test("gives scikit-learn's cosines", () => {
    // TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+") on the first three.
    const { values } = products(tfIdf(texts.slice(0, 3)));
    const wanted = [1, 0.76845755, 0, 0.76845755, 1, 0, 0, 0, 1];
    expect([...values]).toEqual(wanted.map((each) => expect.closeTo(each, 7)));
  });

  test("weighs by hand what is in one of two texts more than what is in both", () => {
    const { values } = products(tfIdf(["a b", "a c"]));
    // Weights 1 and 1 + ln(3 / 2), of length 1.
    const rare = 1 + Math.log(3 / 2);
    expect(values[1]).toBeCloseTo(1 / (1 + rare * rare), 12);
  });

  test("leaves a text without words like nothing, and selects texts as they are", () => {
    const all = products(tfIdf(texts));
    expect([...all.values.slice(12)]).toEqual([0, 0, 0, 0]);
    const some = products(tfIdf(texts).select([2, 0, 1]));
    expect(some.values[5]).toBe(all.values[1]);
  });
});
