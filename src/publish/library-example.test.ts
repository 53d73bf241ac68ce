import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as library from "../index.ts";

const DOCUMENT = fileURLToPath(new URL("../../docs/library.md", import.meta.url));
const RUN = fileURLToPath(new URL("./testing/first-version", import.meta.url));

test("the example of docs/library.md exports and mixes", async () => {
  const document = await readFile(DOCUMENT, "utf8");
  const [, example = ""] = /## Exporting and mixing.*?```ts\n(.*?)```/s.exec(document) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-library-"));
  try {
    const messages = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
    ];
    const rows = [1, 2, 3].map((id) => JSON.stringify({ id, messages }));
    await writeFile(join(folder, "general.jsonl"), rows.join("\n"));
    const code = example
      .replace(/^import (\{[^}]*\}) from "agentrefine";$/m, "const $1 = library;")
      .replaceAll('"runs/first"', JSON.stringify(RUN))
      .replaceAll(/"(train|general|mixed)\.jsonl"/g, (_, name) =>
        JSON.stringify(join(folder, `${name}.jsonl`)),
      );
    const printed: unknown[] = [];
    const print = { log: (...values: readonly unknown[]) => printed.push(values) };
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
    await new AsyncFunction("library", "console", code)(library, print);
    expect(printed).toEqual([
      [3, 4, 4],
      [3, 2],
    ]);
    expect((await readFile(join(folder, "mixed.jsonl"), "utf8")).trim().split("\n")).toHaveLength(5);
  } finally {
    await rm(folder, { recursive: true });
  }
});
