import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tinyTokenizer, writeTokenizer } from "./testing/tiny-tokenizer.ts";
import { highestTokenId, readTokenizerFolder } from "./tokenizer-folder.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-tokenizer-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("readTokenizerFolder", () => {
  it("reads a folder, its template from a file of its own before that of the configuration", async () => {
    const tiny = tinyTokenizer();
    await writeTokenizer(folder, tiny);
    const read = await readTokenizerFolder(folder);
    expect(read).toMatchObject({ ...tiny, path: folder });
    await writeFile(join(folder, "chat_template.jinja"), "{{ messages }}");
    expect((await readTokenizerFolder(folder)).chatTemplate).toBe("{{ messages }}");
  });

  it("reads tokens that are objects, and none", async () => {
    await writeTokenizer(folder, tinyTokenizer());
    await writeFile(
      join(folder, "tokenizer_config.json"),
      '{"bos_token": {"content": "<s>"}, "eos_token": null}',
    );
    const read = await readTokenizerFolder(folder);
    expect([read.bosToken, read.eosToken, read.chatTemplate]).toEqual(["<s>", undefined, undefined]);
  });

  it("takes the default of several named templates, and says so when there is none", async () => {
    await writeTokenizer(folder, tinyTokenizer());
    const write = (name: string) =>
      writeFile(
        join(folder, "tokenizer_config.json"),
        JSON.stringify({
          chat_template: [
            { name: "tool_use", template: "tools" },
            { name, template: "plain" },
          ],
        }),
      );
    await write("default");
    expect((await readTokenizerFolder(folder)).chatTemplate).toBe("plain");
    await write("rag");
    await expect(readTokenizerFolder(folder)).rejects.toThrow("several chat templates (tool_use, rag)");
  });

  it("says what is missing or broken", async () => {
    await expect(readTokenizerFolder(folder)).rejects.toThrow(
      "is not a tokenizer folder: there is no tokenizer.json",
    );
    await writeFile(join(folder, "tokenizer.json"), "{");
    await expect(readTokenizerFolder(folder)).rejects.toThrow("tokenizer.json is not JSON");
    await writeFile(join(folder, "tokenizer.json"), "[]");
    await expect(readTokenizerFolder(folder)).rejects.toThrow("does not hold a JSON object");
  });
});

describe("highestTokenId", () => {
  it("counts the vocabulary and the tokens that were added to it", () => {
    const of = (tokenizer: object): number => highestTokenId({ ...tinyTokenizer(), tokenizer });
    expect(of({ model: { vocab: { a: 0, b: 7 } }, added_tokens: [{ id: 3 }] })).toBe(7);
    expect(of({ model: { vocab: { a: 0 } }, added_tokens: [{ id: 9 }, { id: "10" }] })).toBe(9);
    expect(
      of({
        model: {
          vocab: [
            ["a", -1],
            ["b", -2],
          ],
        },
      }),
    ).toBe(1);
    expect(of({})).toBe(-1);
  });
});
