import { existsSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHARED } from "../testing/shared.ts";
import { OTHER_PATTERNS, tinyTokenizer } from "./testing/tiny-tokenizer.ts";
import { anyText } from "./testing/varied-texts.ts";
import { openSectionEncoder, openTokenizer, type TextTokenizer } from "./text-tokenizer.ts";
import { readTokenizerFolder, type TokenizerFolder } from "./tokenizer-folder.ts";

const TOKENIZERS = `${SHARED}/tokenizers/`;

/** A folder whose tokenizer.json differs in one part. */
function changed(folder: TokenizerFolder, part: string, change: object): TokenizerFolder {
  const tokenizer = { ...folder.tokenizer, [part]: { ...Reflect.get(folder.tokenizer, part), ...change } };
  return { ...folder, tokenizer };
}

function sameAsLibrary(folder: TokenizerFolder, tokenizer = openTokenizer(folder)): void {
  const library = new Tokenizer(folder.tokenizer, folder.config);
  fc.assert(
    fc.property(anyText, (text) => {
      expect(tokenizer.encode(text)).toEqual(library.encode(text, { add_special_tokens: false }).ids);
    }),
    { numRuns: 30 },
  );
}

/** Whenever it says that parts join, they do, whatever they are. */
function joinsRightly(tokenizer: TextTokenizer): void {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 5 }), fc.nat(), (texts, place) => {
      const text = texts.join("");
      const at = text.length === 0 ? 0 : place % text.length;
      for (const parts of [texts, [text.slice(0, at), text.slice(at)]]) {
        if (!tokenizer.joins(parts)) continue;
        expect(parts.flatMap((part) => tokenizer.encode(part))).toEqual(tokenizer.encode(text));
      }
    }),
    { numRuns: 30 },
  );
}

describe("openTokenizer", () => {
  it("gives the tokens of the library from our own encoder", () => {
    expect(openSectionEncoder(tinyTokenizer().tokenizer)).toBeDefined();
    sameAsLibrary(tinyTokenizer());
    sameAsLibrary(changed(tinyTokenizer(), "model", { ignore_merges: true }));
    sameAsLibrary(changed(tinyTokenizer(), "normalizer", { type: "NFC" }));
    for (const pattern of OTHER_PATTERNS) {
      const folder = tinyTokenizer({ pattern });
      expect(openSectionEncoder(folder.tokenizer)).toBeDefined();
      sameAsLibrary(folder);
    }
  });

  it("uses the library where it does not know the kind", () => {
    const tiny = tinyTokenizer();
    const others = [
      tinyTokenizer({ cutsWords: false }),
      changed(tiny, "normalizer", { type: "Lowercase" }),
      changed(tiny, "model", { continuing_subword_prefix: "##" }),
      changed(tiny, "model", { merges: [["no", "token"]] }),
    ];
    for (const { tokenizer } of others) expect(openSectionEncoder(tokenizer)).toBeUndefined();
    sameAsLibrary(tinyTokenizer({ cutsWords: false }));
    expect(openTokenizer(tinyTokenizer({ cutsWords: false })).joins(["a", "b"])).toBe(false);
  });

  it("takes an apostrophe and a long s for the end of a word, as the tokenizers library of Python does", () => {
    const tiny = tinyTokenizer();
    const { vocab, merges } = Reflect.get(tiny.tokenizer, "model");
    // The last byte of the long s, and a letter after it.
    const reaching = changed(tiny, "model", {
      vocab: { ...vocab, "¿a": 1000 },
      merges: [...merges, ["¿", "a"]],
    });
    const { encode } = openTokenizer(reaching);
    expect(encode("\u017fa")).toContain(1000);
    expect(encode("'\u017fa")).not.toContain(1000);
  });

  it("knows where the tokens of parts are those of the whole", () => {
    const tiny = tinyTokenizer();
    const { joins } = openTokenizer(tiny);
    expect(joins(["<|im_start|>assistant\n", "Thought: yes<|im_end|>", "\n", ""])).toBe(true);
    expect(joins(["<|end_header_id|>\n\n", "Thought"])).toBe(true);
    // The line breaks are one word in the whole.
    expect(joins(["<|end_header_id|>\n", "\nThought"])).toBe(false);
    expect(joins(["a", "b"])).toBe(false);
    expect(joins(["<|im_", "end|>"])).toBe(false);
    // Two tabs are one word at the end of a text, and two in front of a digit.
    expect(joins(["a\t\t", "5"])).toBe(false);
    const composing = openTokenizer(changed(tiny, "normalizer", { type: "NFC" }));
    expect(composing.joins(["e", "\u0301"])).toBe(false);
    joinsRightly(openTokenizer(tiny));
    for (const pattern of OTHER_PATTERNS) joinsRightly(openTokenizer(tinyTokenizer({ pattern })));
    joinsRightly(composing);
  });

  it("knows special tokens", () => {
    const tokenizer = openTokenizer(tinyTokenizer());
    expect(tokenizer.isSpecial("<|eot_id|>")).toBe(true);
    expect(tokenizer.isSpecial("Thought")).toBe(false);
    expect(tokenizer.specialIn("a<|im_end|>b")).toBe("<|im_end|>");
    expect(tokenizer.specialIn("a<|im_en|>b")).toBeUndefined();
    expect(tokenizer.specialAtEnd("a<|im_end|>")).toBe("<|im_end|>");
    expect(tokenizer.specialAtEnd("<|im_end|>a")).toBeUndefined();
    expect(tokenizer.decode([])).toBe("");
  });

  it("finds an added token with any character that a regular expression knows", () => {
    const text = "<fim-prefix>[a-z]\\^$.*+?(){}|/&&";
    const added = { id: 5000, content: text, special: true };
    const tiny = tinyTokenizer();
    const tokens = [...Reflect.get(tiny.tokenizer, "added_tokens"), added];
    const tokenizer = openTokenizer({ ...tiny, tokenizer: { ...tiny.tokenizer, added_tokens: tokens } });
    expect(tokenizer.encode(`${text}a${text}`)).toEqual([5000, ...tokenizer.encode("a"), 5000]);
    expect(tokenizer.specialIn(`a${text}b`)).toBe(text);
    expect(tokenizer.specialIn("<fimmprefix>")).toBeUndefined();
  });

  it("refuses a tokenizer that the library cannot read", () => {
    expect(() => openTokenizer({ ...tinyTokenizer(), tokenizer: { model: {} } })).toThrow(
      /the tokenizer in tiny cannot be used/,
    );
  });
});

/** The tokenizer with its first merges alone, and the tokens that they can come to: it is read in a tenth of the time. */
function withMerges(folder: TokenizerFolder, count: number): TokenizerFolder {
  const model = Reflect.get(folder.tokenizer, "model");
  const pairs: readonly (string | readonly string[])[] = model.merges.slice(0, count);
  const merges = pairs.map((pair) => (typeof pair === "string" ? pair.split(" ") : pair));
  const merged = new Set(merges.flatMap((pair) => [...pair, pair.join("")]));
  const tokens = Object.entries<number>(model.vocab).filter(
    ([token]) => merged.has(token) || /^.$|^<.*>$|^\[.*\]$/su.test(token),
  );
  return changed(folder, "model", { merges, vocab: Object.fromEntries(tokens) });
}

describe.skipIf(!existsSync(TOKENIZERS))("openTokenizer with the tokenizers in ../shared", () => {
  it.each(["mini-llama3", "mistral-v3"])("gives the tokens of the library for %s", async (name) => {
    const folder = await readTokenizerFolder(`${TOKENIZERS}${name}`);
    expect(openSectionEncoder(folder.tokenizer)).toBeDefined();
    const tokenizer = openTokenizer(folder);
    sameAsLibrary(folder, tokenizer);
    joinsRightly(tokenizer);
  });

  it.each(["always", "first", "never"])(
    "puts a space in front of a text as the scheme %s says",
    async (scheme) => {
      const mistral = await readTokenizerFolder(`${TOKENIZERS}mistral-v3`);
      const folder = changed(withMerges(mistral, 3000), "pre_tokenizer", { prepend_scheme: scheme });
      const tokenizer = openTokenizer(folder);
      sameAsLibrary(folder, tokenizer);
      joinsRightly(tokenizer);
      const { joins } = tokenizer;
      expect(joins(["<s>[INST] Go[/INST]", " Thought: yes</s>"])).toBe(true);
      expect(joins(["<s>[INST] Go[/INST]", "Thought: yes</s>"])).toBe(scheme !== "first");
    },
  );
});
