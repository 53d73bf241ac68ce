import { createReadStream, existsSync } from "node:fs";
import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { SHARED } from "../../src/testing/shared.ts";
import { runChild } from "../support/child.ts";

/** A file of rows of `messages` that is tokenised. */
export interface TokenizeData {
  readonly name: "offline author" | "varied words";
  readonly path: string;
  readonly rows: number;
}

/** Something that lies beside the repository. */
export function besideRepository(path: string): string {
  const found = `${SHARED}/${path}`;
  if (!existsSync(found)) throw new Error(`needs ${found}`);
  return found;
}

async function joinFiles(parts: readonly string[], whole: string): Promise<void> {
  for (const part of parts) {
    for await (const chunk of createReadStream(part)) await appendFile(whole, chunk);
    await rm(part);
  }
}

/**
 * Writes trajectories of the offline author, and the first of them with other words, in two processes. The offline
 * author says the same few words again and again; a strong model does not, so the varied rows are closer to it.
 */
export async function writeTokenizeData(
  folder: string,
  rows: number,
  variedRows: number,
): Promise<readonly TokenizeData[]> {
  const words = besideRepository("personas/persona-hub-sample.jsonl");
  const parts = [0, 1].map((first) => ({
    first,
    plain: join(folder, `plain-${first}.jsonl`),
    varied: join(folder, `varied-${first}.jsonl`),
  }));
  await Promise.all(
    parts.map(({ first, plain, varied }) =>
      runChild<number>(
        "benchmarks/tokenize-input.js",
        [plain, varied, words, `${rows / 2},${variedRows / 2},${first}`],
        {
          nodeOptions: [],
        },
      ),
    ),
  );
  const [plain, varied] = [join(folder, "plain.jsonl"), join(folder, "varied.jsonl")];
  await joinFiles(
    parts.map((part) => part.plain),
    plain,
  );
  await joinFiles(
    parts.map((part) => part.varied),
    varied,
  );
  return [
    { name: "offline author", path: plain, rows },
    { name: "varied words", path: varied, rows: variedRows },
  ];
}
