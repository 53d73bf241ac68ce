import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SOURCE = dirname(fileURLToPath(import.meta.url));

/**
 * The direction of imports: a room may import itself and what is listed. Making data and measuring agents
 * never import each other. Reasons for each edge: docs/decisions/0001-rooms-and-imports.md.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "shipped.ts": [],
  "defined.ts": [],
  "env.ts": [],
  "errors.ts": [],
  "lines.ts": ["errors.ts"],
  "printable.ts": [],
  "python-to-re2.ts": [],
  "numbers.ts": [],
  "random.ts": [],
  "react.ts": [],
  "spelling.ts": [],
  model: ["defined.ts", "env.ts", "errors.ts", "lines.ts", "numbers.ts", "printable.ts", "random.ts"],
  pddl: ["errors.ts"],
  persona: ["errors.ts", "lines.ts", "random.ts"],
  runs: ["env.ts", "errors.ts", "lines.ts"],
  script: ["persona", "model", "python-to-re2.ts", "shipped.ts"],
  trajectory: ["script", "persona", "model", "shipped.ts"],
  verifier: ["script", "trajectory", "model"],
  author: ["model", "script", "trajectory", "pddl", "shipped.ts", "random.ts"],
  annotation: [
    "synthesis",
    "trajectory",
    "script",
    "model",
    "runs",
    "react.ts",
    "lines.ts",
    "random.ts",
    "errors.ts",
  ],
  batch: ["defined.ts", "errors.ts", "lines.ts", "model", "runs"],
  synthesis: [
    "defined.ts",
    "batch",
    "persona",
    "script",
    "trajectory",
    "verifier",
    "model",
    "runs",
    "lines.ts",
    "errors.ts",
    "random.ts",
  ],
  dataset: [
    "annotation",
    "synthesis",
    "runs",
    "verifier",
    "script",
    "trajectory",
    "react.ts",
    "lines.ts",
    "errors.ts",
    "random.ts",
  ],
  generation: [
    "author",
    "batch",
    "config",
    "defined.ts",
    "shipped.ts",
    "env.ts",
    "errors.ts",
    "lines.ts",
    "model",
    "numbers.ts",
    "persona",
    "printable.ts",
    "runs",
    "synthesis",
  ],
  tokens: ["dataset", "runs", "errors.ts"],
  training: ["annotation", "tokens", "dataset", "runs", "env.ts", "printable.ts", "errors.ts", "shipped.ts"],
  publish: ["tokens", "dataset", "trajectory", "runs", "errors.ts"],
  environment: [
    "env.ts",
    "model",
    "pddl",
    "data",
    "runs",
    "python-to-re2.ts",
    "react.ts",
    "shipped.ts",
    "random.ts",
    "errors.ts",
    "spelling.ts",
  ],
  agent: ["environment", "model", "react.ts", "random.ts"],
  evaluation: [
    "agent",
    "batch",
    "config",
    "data",
    "defined.ts",
    "env.ts",
    "environment",
    "model",
    "runs",
    "lines.ts",
    "react.ts",
    "random.ts",
    "errors.ts",
    "spelling.ts",
  ],
  report: [
    "annotation",
    "author",
    "dataset",
    "environment",
    "evaluation",
    "model",
    "persona",
    "runs",
    "script",
    "synthesis",
    "tokens",
    "trajectory",
    "errors.ts",
    "numbers.ts",
    "printable.ts",
    "random.ts",
    "react.ts",
    "shipped.ts",
  ],
  view: [
    "agent",
    "annotation",
    "config",
    "report",
    "evaluation",
    "environment",
    "dataset",
    "synthesis",
    "trajectory",
    "script",
    "runs",
    "model",
    "react.ts",
    "numbers.ts",
    "printable.ts",
    "errors.ts",
  ],
  data: ["env.ts", "model", "runs", "shipped.ts", "errors.ts"],
  config: [
    "defined.ts",
    "env.ts",
    "agent",
    "annotation",
    "dataset",
    "environment",
    "model",
    "errors.ts",
    "spelling.ts",
  ],
};

/** Making data and measuring agents never import each other: the paper's held-out claim. */
const MAKING: readonly string[] = [
  "persona",
  "script",
  "trajectory",
  "verifier",
  "author",
  "synthesis",
  "generation",
  "annotation",
  "dataset",
  "tokens",
  "training",
  "publish",
];
const MEASURING: readonly string[] = ["environment", "agent", "evaluation"];

/** Rooms that put everything together. */
const OPEN: readonly string[] = ["cli", "index.ts"];

const IMPORT =
  /^(?:import|export)\b[^;"']*?from\s+["'](\.[^"']+)["']|^import\s+["'](\.[^"']+)["']|\bimport\(\s*["'](\.[^"']+)["']/gm;

interface Edge {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function sources(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.tsx?$/.test(file) && !file.includes(".test.") && !/(^|\/)testing\//.test(file),
  );
}

function roomOf(file: string): string {
  return file.split("/")[0] ?? file;
}

function edges(): Edge[] {
  return sources().flatMap((file) => {
    const text = readFileSync(join(SOURCE, file), "utf8");
    return [...text.matchAll(IMPORT)].map((match) => {
      const target = relative(SOURCE, join(SOURCE, dirname(file), match[1] ?? match[2] ?? match[3] ?? ""));
      return { file, from: roomOf(file), to: roomOf(target) };
    });
  });
}

describe("the architecture", () => {
  test("finds the imports", () => {
    expect(edges()).toContainEqual({ file: "verifier/fault.ts", from: "verifier", to: "trajectory" });
  });

  test("every import goes in an allowed direction", () => {
    const forbidden = edges().filter(
      ({ from, to }) => from !== to && !OPEN.includes(from) && !(ALLOWED[from] ?? []).includes(to),
    );
    expect(forbidden).toEqual([]);
  });

  test("making data and measuring agents are apart", () => {
    const between = edges().filter(
      ({ from, to }) =>
        (MAKING.includes(from) && MEASURING.includes(to)) ||
        (MEASURING.includes(from) && MAKING.includes(to)),
    );
    expect(between).toEqual([]);
  });

  test("every room is known and every allowed edge is used", () => {
    const rooms = new Set(sources().map(roomOf));
    expect([...rooms].sort()).toEqual([...OPEN, ...Object.keys(ALLOWED)].sort());
    const used = new Set(edges().map(({ from, to }) => `${from} -> ${to}`));
    const unused = Object.entries(ALLOWED).flatMap(([from, targets]) =>
      targets.map((to) => `${from} -> ${to}`).filter((edge) => !used.has(edge)),
    );
    expect(unused).toEqual([]);
  });

  test("help and refusals load no package that only some commands need", () => {
    const packages = new Set<string>();
    const files = new Set(["cli/main.ts"]);
    // What is added while it is walked is walked too.
    for (const file of files) {
      const text = readFileSync(join(SOURCE, file), "utf8");
      for (const [, name = ""] of text.matchAll(/^(?:import|export) (?!type )[^;"']*?from "([^"]+)"/gm)) {
        if (name.startsWith(".")) files.add(join(dirname(file), name));
        else if (!name.startsWith("node:")) packages.add(name);
      }
    }
    expect([...packages].sort()).toEqual(["@stricli/core", "string-width", "zod"]);
  });

  test("no source file is longer than 400 lines", () => {
    const long = sources().filter(
      (file) => readFileSync(join(SOURCE, file), "utf8").split("\n").length > 401,
    );
    expect(long).toEqual([]);
  });
});
