import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHARED } from "../../testing/shared.ts";
import { pythonProgram, runPython } from "../testing/run-python.ts";
import { OTHER_PATTERNS, tinyTokenizer } from "../testing/tiny-tokenizer.ts";
import { anyText } from "../testing/varied-texts.ts";
import { openTokenizer } from "../text-tokenizer.ts";
import { readTokenizerFolder, type TokenizerFolder } from "../tokenizer-folder.ts";

/** An interpreter with tokenizers; without it these tests skip. */
const PYTHON = process.env.AGENTREFINE_PYTHON;
const TOKENIZERS = `${SHARED}/tokenizers`;

async function sameAsPython(tokenizer: TokenizerFolder): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-python-tokenizers-"));
  try {
    const texts = [...fc.sample(anyText, 1000), "'ſa", "it'ſ"];
    await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tokenizer.tokenizer));
    await writeFile(join(folder, "texts.json"), JSON.stringify(texts));
    const files = ["tokenizer.json", "texts.json", "ids.json"].map((name) => join(folder, name));
    runPython(PYTHON ?? "", [pythonProgram("encode-texts.py"), ...files], folder);
    const ids: unknown = JSON.parse(await readFile(join(folder, "ids.json"), "utf8"));
    const { encode } = openTokenizer(tokenizer);
    for (const [place, text] of texts.entries()) {
      expect({ text, ids: encode(text) }).toEqual({ text, ids: Reflect.get(Object(ids), place) });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf(PYTHON === undefined)("our encoder, with the Python of AGENTREFINE_PYTHON", () => {
  it("gives the ids of Hugging Face's tokenizers for a tiny tokenizer", { timeout: 120_000 }, async () => {
    await sameAsPython(tinyTokenizer());
    for (const pattern of OTHER_PATTERNS) await sameAsPython(tinyTokenizer({ pattern }));
    const tiny = tinyTokenizer();
    await sameAsPython({ ...tiny, tokenizer: { ...tiny.tokenizer, normalizer: { type: "NFC" } } });
  });

  it.skipIf(!existsSync(TOKENIZERS)).each(["mini-llama3", "mistral-v3"])(
    "gives the ids of Hugging Face's tokenizers for %s in ../shared",
    { timeout: 120_000 },
    async (name) => sameAsPython(await readTokenizerFolder(join(TOKENIZERS, name))),
  );
});
