import { existsSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeCuts } from "./safe-cuts.ts";
import { tinyTokenizer } from "./testing/tiny-tokenizer.ts";
import { openTokenizer } from "./text-tokenizer.ts";
import { readTokenizerFolder, type TokenizerFolder } from "./tokenizer-folder.ts";

const TOKENIZERS = new URL("../../../shared/tokenizers/", import.meta.url).pathname;

const piece = fc.oneof(
  fc.constantFrom(
    " ",
    "  ",
    "\n",
    "\n\n",
    " \n ",
    "\t",
    "\u00a0",
    "\u2581",
    " \u2581",
    "\u2581 ",
    "a\u2581b",
    "'s",
    " 's",
    "Thought:",
    " Action",
    "12345",
    " 7",
    "...",
    " !",
    "é",
    "e\u0301",
    " \u0301",
    "世界",
    " 世",
    "🌍",
    "<|eot_id|>",
    "</s>",
    "[INST]",
    "<|eot",
    "\ufeff",
    "\u2028",
  ),
  fc.lorem({ maxCount: 4 }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);
const anyText = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));

function sameAsLibrary(folder: TokenizerFolder): void {
  const library = new Tokenizer(folder.tokenizer, folder.config);
  const tokenizer = openTokenizer(folder);
  fc.assert(
    fc.property(anyText, (text) => {
      expect(tokenizer.encode(text)).toEqual(library.encode(text, { add_special_tokens: false }).ids);
    }),
    { numRuns: 1500 },
  );
}

describe("openTokenizer", () => {
  it("gives the tokens of the library, from pieces that it remembers", () => {
    expect(safeCuts(tinyTokenizer())).toBeDefined();
    sameAsLibrary(tinyTokenizer());
  });

  it("does without pieces where it does not know that they are safe", () => {
    const folder = tinyTokenizer({ cutsWords: false });
    expect(safeCuts(folder)).toBeUndefined();
    sameAsLibrary(folder);
    const { tokenizer } = tinyTokenizer();
    expect(
      safeCuts({ ...folder, tokenizer: { ...tokenizer, normalizer: { type: "Lowercase" } } }),
    ).toBeUndefined();
  });

  it("knows special tokens", () => {
    const tokenizer = openTokenizer(tinyTokenizer());
    expect(tokenizer.isSpecial("<|eot_id|>")).toBe(true);
    expect(tokenizer.isSpecial("Thought")).toBe(false);
    expect(tokenizer.specialIn("a<|im_end|>b")).toBe("<|im_end|>");
    expect(tokenizer.specialIn("a<|im_en|>b")).toBeUndefined();
    expect(tokenizer.endsInSpecial("a<|im_end|>")).toBe(true);
    expect(tokenizer.decode([])).toBe("");
  });

  it("refuses a tokenizer that the library cannot read", () => {
    expect(() => openTokenizer({ ...tinyTokenizer(), tokenizer: { model: {} } })).toThrow(
      /the tokenizer in tiny cannot be used/,
    );
  });
});

describe.skipIf(!existsSync(TOKENIZERS))("openTokenizer with the tokenizers in ../shared", () => {
  it.each(["mini-llama3", "mistral-v3"])("gives the tokens of the library for %s", async (name) => {
    const folder = await readTokenizerFolder(`${TOKENIZERS}${name}`);
    expect(safeCuts(folder)).toBeDefined();
    sameAsLibrary(folder);
  });
});
