import { expect, test } from "vitest";
import { printedList, withoutEscapes, words } from "./python-text.ts";
import { readArticle, readWholePage } from "./read-page.ts";
import { rawSearchAddress, splitSentences } from "./rules.ts";

// What Beautiful Soup 4.15 on html.parser, Python 3.11 and requests 2.34 make of these.

test.each<[html: string, texts: readonly string[]]>([
  ["<p>a<p>b</p>c", ["abc", "b"]],
  ["<p>a<div>b</p>c</div>d", ["ab"]],
  ["<p>a <style><p>no</style><script>'<p>'</script><template>x</template>b", ["a b"]],
  ["<p>a</br>\n <b>b</b> \t <i>c</i></p>", ["a\nb c"]],
  ["<p/>x<p>&amp;&nbsp;&#91;&lt;i&gt;<!-- no -->é</p>", ["", "&\u00a0[<i>é"]],
  ["<ul><li>one<ul><li>two</ul></ul><p>three", ["three", "onetwo", "two"]],
  ["<pre><p> \n </p></pre><p> \n </p>", [" \n ", "\n"]],
])("%j has these texts", (html, texts) => {
  expect(readWholePage(html).paragraphs).toEqual(texts);
});

test("texts are printed and read as Python does", () => {
  expect(printedList(["it's", `"'`, "a\u00a0b\n\\", "é\u200b😀\u0085"])).toBe(
    `["it's", '"\\'', 'a\\xa0b\\n\\\\', 'é\\u200b😀\\x85']`,
  );
  expect(
    ["\\u00e9", "a\\nb", "\\", "\\x4", "\\u0416", "\\q\\101", "caf\\xc3\\xa9"].map(withoutEscapes),
  ).toEqual(["\\u00e9", "a\nb", "\\", "\\x4", "\\u0416", "\\qA", "café"]);
  expect(words(" a\u00a0b\u001cc\ufeff ")).toEqual(["a", "b", "c\ufeff"]);
});

test.each([
  ["Red & Green", "Red+&+Green"],
  ["What Is #1?", "What+Is+"],
  ["100% Cotton", "100%25+Cotton"],
  ["%41%2b", "A%2B"],
  ["C++ [x] é\t", "C+++%5Bx%5D+%C3%A9%09"],
])("%j is searched as requests sends it", (title, query) => {
  expect(rawSearchAddress(title)).toBe(`/w/index.php?search=${query}`);
});

test("sentences end where a reader ends them", () => {
  expect(
    splitSentences('Mr. J. K. Orr of the U.S. Navy came in Jan. 1901. He said: "Never." Then 3.5 km! So?'),
  ).toEqual([
    "Mr. J. K. Orr of the U.S. Navy came in Jan. 1901.",
    'He said: "Never."',
    "Then 3.5 km!",
    "So?",
  ]);
});

test("an article has neither boxes nor menus, and its points are whole", () => {
  const html = `<p>menu</p><div class="x mw-parser-output"><table class="infobox"><tr><td><p>box</p></table>
    <p>One<sup class="reference">[1]</sup> two<br>three</p><ul><li>four<ul><li>five</li></ul></li></ul></div>`;
  expect(readArticle(html).paragraphs).toEqual(["One two three", "four five"]);
});

test.each([
  "<p>".repeat(20_000),
  `<p>${" ".repeat(500_000)}x</p>`,
  `${"<br>".repeat(20_000)}${"</br></p>".repeat(20_000)}`,
  `<p>${"may refer to ".repeat(20_000)}</p>`,
])("a hostile page is read in its time", { timeout: 5000 }, (html) => {
  expect(readWholePage(html).paragraphs.length).toBeLessThan(5000);
  expect(readArticle(html).paragraphs.length).toBeLessThan(5000);
});
