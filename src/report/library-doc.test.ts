import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as library from "../index.ts";

const DOCUMENT = fileURLToPath(new URL("../../docs/library.md", import.meta.url));

/** The examples under a heading, as bodies of functions of the library and of what they print. */
async function examples(heading: string, folder: string): Promise<readonly string[]> {
  const [, section = ""] = (await readFile(DOCUMENT, "utf8")).split(`## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) =>
    code
      .replaceAll(/^import (\{[^}]*\}) from "agentrefine";$/gm, "const $1 = library;")
      .replaceAll('"evals/', `"${folder}/`),
  );
}

test("the examples of an evaluation in docs/library.md run, one after the other", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-library-"));
  try {
    const printed: unknown[] = [];
    const print = { log: (value: unknown) => printed.push(value) };
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
    const codes = await examples("An evaluation", folder);
    for (const code of codes) await new AsyncFunction("library", "console", code)(library, print);
    expect(codes).toHaveLength(2);
    const [success, gain, report] = printed;
    expect(success).toMatchObject({ value: 1 });
    expect(gain).toMatchObject({ p: expect.any(Number) });
    expect(report).toContain("| paper: AgentRefine (LLaMA-3-8B; Table 1) |");
  } finally {
    await rm(folder, { recursive: true });
  }
}, 30_000);
