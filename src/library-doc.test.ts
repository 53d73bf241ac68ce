import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTestHost, type TestHost } from "./cli/testing/test-host.ts";
import { tinyTokenizer, writeTokenizer } from "./tokens/testing/tiny-tokenizer.ts";
import { scriptPython } from "./training/testing/scripted-python.ts";

const PAGE = new URL("../docs/library.md", import.meta.url);
const INDEX = fileURLToPath(new URL("./index.ts", import.meta.url));

/** The paths that its programs name. */
const PATHS = /"((?:runs|models|evals|tuned|data)\b[^"]*)"/g;

let host: TestHost;

beforeAll(async () => {
  host = await createTestHost();
  await host.run([
    "generate",
    "--model",
    "offline",
    "--limit",
    "6",
    "--max-calls",
    "2",
    "--out",
    "runs/first",
  ]);
}, 60_000);

afterAll(() => host.remove());

/**
 * Runs the program that stands under a heading of the page, with its paths in the folder of the test; gives what it
 * prints.
 */
async function printedBy(heading: string): Promise<readonly (readonly unknown[])[]> {
  const page = await readFile(PAGE, "utf8");
  const section = page.split("\n## ").find((each) => each.startsWith(`${heading}\n`));
  const program = /```ts\n([\s\S]*?)```/.exec(section ?? "")?.[1];
  if (program === undefined) throw new Error(`docs/library.md has no program under ${heading}`);
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-library-"));
  const printed: (readonly unknown[])[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...words) => {
    printed.push(words);
  });
  try {
    const file = join(folder, "program.ts");
    const placed = program
      .replaceAll('"agentrefine"', JSON.stringify(INDEX))
      .replace(PATHS, (_all, path: string) => JSON.stringify(join(host.directory, path)));
    await writeFile(file, placed);
    await import(/* @vite-ignore */ file);
    return printed;
  } finally {
    log.mockRestore();
    await rm(folder, { recursive: true });
  }
}

describe("docs/library.md", () => {
  test("makes a whole run", async () => {
    const shipped =
      "No personas were given, so those that come with agentrefine are used (data/personas.jsonl).";
    expect(await printedBy("A whole run")).toEqual([
      [shipped],
      ["script, trajectory", 2],
      [shipped],
      ["Added 1 persona that the run did not have."],
      [0, 3, expect.any(Number)],
    ]);
  });

  test("merges shards", async () => {
    expect(await printedBy("Shards")).toEqual([
      ["0/2", 2],
      ["1/2", 2],
      ["merged", 4],
    ]);
  });

  test("reads a run and draws turns to be judged", async () => {
    const printed = await printedBy("Reading and judging");
    expect(printed).toHaveLength(7);
    expect(printed.slice(0, 6).map(([, outcome]) => outcome)).toContain("accepted");
    expect(printed.at(-1)).toEqual([
      expect.arrayContaining([{ id: expect.any(String), turn: expect.any(Number) }]),
    ]);
  });

  test("trains", async () => {
    const model = join(host.directory, "models", "tiny");
    await mkdir(model, { recursive: true });
    await writeTokenizer(model, tinyTokenizer());
    await writeFile(join(model, "config.json"), "{}");
    await scriptPython(join(host.directory, "bin"), { packages: { trl: "1.16.0", torch: "2.15.0" } });
    vi.stubEnv("PATH", [join(host.directory, "bin"), process.env.PATH].join(delimiter));
    const printed = await printedBy("A training");
    vi.unstubAllEnvs();
    expect(printed.at(-1)).toEqual([expect.any(Number), expect.any(Number), true]);
    expect(printed).toContainEqual([3, expect.anything(), 7]);
    expect(await readdir(join(host.directory, "tuned", "checkpoints"))).toContain("model.safetensors");
  });

  test("lets several models write for one run", async () => {
    expect(await printedBy("Several writers")).toEqual([["north, south"]]);
  });
});
