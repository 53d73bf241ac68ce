import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Arm, type ArmResult, alternate, ratioOf } from "./alternate.ts";
import type { Benchmark, Row } from "./benchmark.ts";
import { runChild } from "./child.ts";
import { atLeast, type Goal } from "./goal.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";
import { writeTokenizeInput } from "./tokenize-input.ts";
import type { TokenizeRun } from "./tokenize-run.ts";

const TOKENIZERS = [
  { name: "mini-llama3", template: "llama3" },
  { name: "mistral-v3", template: "mistral" },
] as const;

type Chosen = (typeof TOKENIZERS)[number];

/** The folder of a tokenizer outside the repository, beside it. */
function folderOf({ name }: Chosen): string {
  const folder = fileURLToPath(new URL(`../../../shared/tokenizers/${name}`, import.meta.url));
  if (!existsSync(folder)) throw new Error(`needs the tokenizer in ../shared/tokenizers/${name}`);
  return folder;
}

/** Runs the Python script; its caches are in `folder`, so that no round finds those of another. */
async function runDatasets(
  python: string,
  input: string,
  folder: string,
  tokenizer: string,
): Promise<TokenizeRun> {
  const script = fileURLToPath(new URL("../../bench/tokenize-datasets.py", import.meta.url));
  const [out, cache] = [join(folder, "datasets"), join(folder, "cache")];
  const environment = {
    ...process.env,
    HF_HOME: cache,
    HF_HUB_OFFLINE: "1",
    TOKENIZERS_PARALLELISM: "false",
  };
  const { stdout } = await promisify(execFile)(python, [script, input, out, tokenizer, cache], {
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
  });
  await Promise.all([out, cache].map((each) => rm(each, { recursive: true })));
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

async function runOurs(input: string, folder: string, chosen: Chosen): Promise<TokenizeRun> {
  const out = join(folder, "ours");
  const result = await runChild<TokenizeRun>(
    "./tokenize-run.js",
    [input, out, folderOf(chosen), chosen.template],
    {
      nodeOptions: [],
    },
  );
  await rm(out, { recursive: true });
  return result;
}

function rowOf(name: string, result: ArmResult<TokenizeRun>): Row {
  const mapped = result.rounds.every(({ mapSeconds }) => mapSeconds !== null);
  return {
    name,
    figures: [
      result.spread(({ rows, seconds }) => rows / seconds),
      mapped ? result.spread(({ rows, mapSeconds }) => rows / (mapSeconds ?? Number.NaN)) : null,
      result.spread(({ peak }) => peak),
      result.rounds[0] === undefined ? null : result.rounds[0].tokens / result.rounds[0].rows,
    ],
  };
}

function goalsOf(
  name: string,
  ours: ArmResult<TokenizeRun>,
  theirs: ArmResult<TokenizeRun>,
): readonly Goal[] {
  const rate = ({ rows, seconds }: TokenizeRun): number => rows / seconds;
  const mapRate = ({ rows, seconds, mapSeconds }: TokenizeRun): number => rows / (mapSeconds ?? seconds);
  return [
    atLeast(
      `${name}: our rows a second, divided by those of datasets,`,
      ratioOf(ours, theirs, rate).median,
      1,
    ),
    atLeast(
      `${name}: our rows a second in all, divided by those of its map alone,`,
      ratioOf(ours, theirs, mapRate).median,
      1,
    ),
  ];
}

/** Tokenised export against Hugging Face `datasets`. */
export const tokenize: Benchmark = {
  name: "tokenize",
  question: "How fast is a tokenised export, and how much memory does it take, against datasets.map?",
  run: ({ quick, progress }) =>
    inTemporaryFolder(async (folder) => {
      const python = process.env.AGENTREFINE_PYTHON;
      const input = join(folder, "messages.jsonl");
      const count = quick ? 1_000 : 32_000;
      await writeTokenizeInput(input, count, progress);
      const table: Row[] = [];
      const goals: Goal[] = [];
      for (const chosen of TOKENIZERS) {
        const arms: Arm<TokenizeRun>[] = [
          { name: `${chosen.name}, ours`, measure: () => runOurs(input, folder, chosen) },
        ];
        if (python !== undefined) {
          const measure = (): Promise<TokenizeRun> => runDatasets(python, input, folder, folderOf(chosen));
          arms.push({ name: `${chosen.name}, datasets`, measure });
        }
        // An arm takes minutes, so each is measured once, in a process of its own.
        const results = await alternate(arms, { rounds: 1, warmUp: false, progress });
        table.push(...results.map((result) => rowOf(result.name, result)));
        const [ours, theirs] = results;
        if (ours !== undefined && theirs !== undefined) goals.push(...goalsOf(chosen.name, ours, theirs));
      }
      const against =
        python === undefined
          ? "Ours alone: set AGENTREFINE_PYTHON to a Python with datasets and transformers to compare."
          : "datasets maps apply_chat_template over batches in two processes and makes no labels; its memory is the main process's peak and twice the largest worker's.";
      return {
        method: `${count} trajectories of the offline author, from a file of messages to a save_to_disk folder, uncut; the start of the process and its imports are not counted. Ours makes ids and labels in worker threads and compares each row with its whole text. ${against}`,
        columns: [
          { title: "rows a second", digits: 0 },
          { title: "map alone", digits: 0 },
          { title: "peak MiB", digits: 0 },
          { title: "tokens a row", digits: 0 },
        ],
        rows: table,
        goals,
        packages: ["@huggingface/tokenizers", "apache-arrow"],
      };
    }),
};
