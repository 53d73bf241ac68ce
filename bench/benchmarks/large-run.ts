import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRunFolder } from "../../src/runs/run-folder.ts";
import { authorRun } from "../support/author-run.ts";
import { answerWith } from "../support/child.ts";
import { personas } from "../support/personas.ts";
import type { MemoryOfRun } from "./memory-run.ts";

/** Personas of the run that have not ended, for `resume`. */
const PENDING = 64;

/** What `generate` would save of a run with a served model, so that it can be resumed with another address. */
const SETTINGS = {
  personas: { source: "shipped" },
  seed: 1,
  maxCalls: 4,
  errors: true,
  model: { name: "served", baseUrl: "http://127.0.0.1:9/v1", maxTokens: 8192 },
};

async function make(directory: string, count: number): Promise<MemoryOfRun> {
  const began = performance.now();
  const createdAt = new Date().toISOString();
  const run = await createRunFolder(directory, {
    createdAt,
    agentrefine: "bench",
    settings: SETTINGS,
    prices: null,
  });
  const { tally, pause } = await authorRun(run, count);
  if (pause !== undefined) throw pause.error;
  const figures = {
    peak: process.resourceUsage().maxRSS / 1024,
    seconds: (performance.now() - began) / 1000,
    accepted: tally.outcomes.accepted,
  };
  await writeFile(join(directory, "made.json"), JSON.stringify(figures));
  const lines: string[] = [];
  for await (const { id, text } of personas(count + PENDING))
    lines.push(JSON.stringify({ id, persona: text }));
  const had = (await readFile(run.paths.personas, "utf8")).endsWith("\n") ? "" : "\n";
  await appendFile(run.paths.personas, `${had}${lines.slice(count).join("\n")}\n`);
  return figures;
}

const [directory = "", count = ""] = process.argv.slice(2);
await answerWith(() => make(directory, Number(count)));
