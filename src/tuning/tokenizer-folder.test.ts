import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tinyTokenizer, writeTokenizer } from "./testing/tiny-tokenizer.ts";
import { readTokenizerFolder } from "./tokenizer-folder.ts";

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
