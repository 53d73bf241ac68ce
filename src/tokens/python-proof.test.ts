import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { conversationRow } from "../dataset/formats.ts";
import { jsonLine } from "../dataset/write-jsonl.ts";
import { SHARED } from "../testing/shared.ts";
import { exportTokenized } from "./export-tokenized.ts";
import type { TemplateName } from "./template.ts";
import { PROOF_EXAMPLES as examples } from "./testing/proof-examples.ts";
import { pythonProgram, runPython } from "./testing/run-python.ts";
import { tinyTokenizer, writeTokenizer } from "./testing/tiny-tokenizer.ts";

/** An interpreter with torch, transformers, datasets and trl; without it these tests skip. */
const { AGENTREFINE_PYTHON: PYTHON = "" } = process.env;
const TOKENIZERS = `${SHARED}/tokenizers`;

interface Proof {
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly sameIds: boolean;
  readonly sameIdsAsTemplate: boolean;
  readonly sameMask: boolean;
  readonly equation1: number;
  readonly allAnswers: number;
  readonly trl: number;
  readonly trlWithoutMask: number;
  readonly largestGradient: Readonly<Record<"context" | "correct" | "error", number>>;
}

async function proof(
  template: TemplateName,
  end: string,
  prepare: (folder: string) => Promise<void>,
): Promise<Proof> {
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-proof-"));
  try {
    const tokenizer = join(folder, "tokenizer");
    await prepare(tokenizer);
    await writeFile(
      join(folder, "rows.jsonl"),
      examples.map((each) => jsonLine(conversationRow(each))).join(""),
    );
    const job = { tokenizer, template, maxTokens: 8192 };
    await exportTokenized({ examples, format: "hf-disk", out: join(folder, "disk"), job });
    const printed = runPython(PYTHON, [pythonProgram("prove-loss.py"), folder, end], folder);
    return JSON.parse(printed.trim().split("\n").at(-1) ?? "");
  } finally {
    await rm(folder, { recursive: true });
  }
}

function expectEquation1(found: Proof): void {
  expect(found).toMatchObject({
    rows: examples.length,
    sameIds: true,
    sameIdsAsTemplate: true,
    sameMask: true,
  });
  expect(Math.abs(found.trl - found.equation1)).toBeLessThan(1e-4);
  expect(Math.abs(found.trlWithoutMask - found.equation1)).toBeGreaterThan(1e-3);
  expect(Math.abs(found.allAnswers - found.equation1)).toBeGreaterThan(1e-3);
  expect(found.largestGradient.error).toBe(0);
  expect(found.largestGradient.context).toBe(0);
  expect(found.largestGradient.correct).toBeGreaterThan(0);
}

describe.skipIf(PYTHON === "")("Eq. 1 in TRL, with the Python of AGENTREFINE_PYTHON", () => {
  it("is what TRL computes from hf-disk with a tiny tokenizer and its own template", {
    timeout: 300_000,
  }, async () => {
    const tiny = tinyTokenizer();
    expectEquation1(await proof("tokenizer", "<|im_end|>", (folder) => writeTokenizer(folder, tiny)));
  });

  it.skipIf(!existsSync(TOKENIZERS)).each([
    ["mini-llama3", "llama3", "<|eot_id|>"],
    ["mistral-v3", "mistral", "</s>"],
  ] as const)(
    "is what TRL computes with %s in ../shared",
    { timeout: 300_000 },
    async (name, template, end) => {
      expectEquation1(
        await proof(template, end, (folder) => cp(join(TOKENIZERS, name), folder, { recursive: true })),
      );
    },
  );
});
