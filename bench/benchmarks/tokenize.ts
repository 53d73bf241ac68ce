import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Arm, type ArmResult, alternate, ratioOf } from "../support/alternate.ts";
import { atLeast, type Benchmark, type Goal, type Row } from "../support/benchmark.ts";
import { runChild } from "../support/child.ts";
import { inTemporaryFolder } from "../support/work.ts";
import { besideRepository, type TokenizeData, writeTokenizeData } from "./tokenize-data.ts";
import type { TokenizeRun } from "./tokenize-run.ts";

const TOKENIZERS = [
  { name: "mini-llama3", template: "llama3" },
  { name: "mistral-v3", template: "mistral" },
] as const;

type Chosen = (typeof TOKENIZERS)[number];

/** Runs the Python script; its caches are in `folder`, so that no round finds those of another. */
async function runDatasets(
  python: string,
  input: string,
  folder: string,
  tokenizer: string,
): Promise<TokenizeRun> {
  const script = fileURLToPath(new URL("../../../bench/benchmarks/tokenize-datasets.py", import.meta.url));
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
    "benchmarks/tokenize-run.js",
    [input, out, besideRepository(`tokenizers/${chosen.name}`), chosen.template],
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

/** One kind of data with one tokenizer; an arm takes a minute or more, so each is measured once, in its own process. */
async function compare(
  folder: string,
  { name, path }: TokenizeData,
  chosen: Chosen,
  progress: (note: string) => void,
): Promise<{ readonly rows: readonly Row[]; readonly goals: readonly Goal[] }> {
  const python = process.env.AGENTREFINE_PYTHON;
  const title = `${name}, ${chosen.name}`;
  const arms: Arm<TokenizeRun>[] = [{ name: `${title}, ours`, measure: () => runOurs(path, folder, chosen) }];
  if (python !== undefined) {
    const tokenizer = besideRepository(`tokenizers/${chosen.name}`);
    arms.push({ name: `${title}, datasets`, measure: () => runDatasets(python, path, folder, tokenizer) });
  }
  const results = await alternate(arms, { rounds: 1, warmUp: false, progress });
  const [ours, theirs] = results;
  return {
    rows: results.map((result) => rowOf(result.name, result)),
    goals: ours !== undefined && theirs !== undefined ? goalsOf(title, ours, theirs) : [],
  };
}

function methodOf([plain, varied]: readonly TokenizeData[]): string {
  const against =
    process.env.AGENTREFINE_PYTHON === undefined
      ? "Ours alone: set AGENTREFINE_PYTHON to a Python with datasets and transformers to compare."
      : "datasets maps apply_chat_template over batches in two processes and makes no labels; its memory is the main process's peak and twice the largest worker's.";
  return `${plain?.rows} trajectories of the offline author, which repeats itself; and ${varied?.rows} of them in which each word is drawn from those of 3,000 personas, as often as it is said there, 5 % of the words are made up and digits are others. From a file of messages to a save_to_disk folder, uncut; the start of the process and its imports are not counted. Ours makes ids and labels on one thread and makes sure that each row has the tokens of its whole text. ${against}`;
}

/** Tokenised export against Hugging Face `datasets`. */
export const tokenize: Benchmark = {
  name: "tokenize",
  question: "How fast is a tokenised export, and how much memory does it take, against datasets.map?",
  run: ({ quick, progress }) =>
    inTemporaryFolder(async (folder) => {
      progress("writing trajectories");
      const data = await writeTokenizeData(folder, quick ? 1_000 : 32_000, quick ? 1_000 : 16_000);
      const table: Row[] = [];
      const goals: Goal[] = [];
      for (const each of data) {
        for (const chosen of TOKENIZERS) {
          const compared = await compare(folder, each, chosen, progress);
          table.push(...compared.rows);
          goals.push(...compared.goals);
        }
      }
      return {
        method: methodOf(data),
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
