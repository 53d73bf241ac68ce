import { createWriteStream } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { episodesPath } from "../../src/evaluation/episode.ts";
import { evaluateSuites } from "../../src/evaluation/evaluate-suites.ts";
import { spreadOf } from "../support/alternate.ts";
import { atMost, type Benchmark } from "../support/benchmark.ts";
import { runChild } from "../support/child.ts";
import { inTemporaryFolder } from "../support/work.ts";
import type { PagesOfEvaluation } from "./view-evaluation-run.ts";

const TASKS = 60;
const TURNS = 30;

/** An evaluation of a random player, of which the episodes are repeated as further attempts at the same tasks. */
async function largeEvaluation(directory: string, attempts: number): Promise<void> {
  await evaluateSuites(directory, {
    suites: ["babyai"],
    agent: "random",
    sample: TASKS,
    maxTurns: TURNS,
    seed: 1,
  });
  const lines = (await readFile(episodesPath(directory), "utf8")).trim().split("\n");
  const out = createWriteStream(episodesPath(directory));
  for (let attempt = 0; attempt < attempts; attempt += 1)
    for (const line of lines) out.write(`${line.replace('"attempt":0', `"attempt":${attempt}`)}\n`);
  out.end();
  await finished(out);
  const path = join(directory, "run.json");
  const run = JSON.parse(await readFile(path, "utf8"));
  const settings = { ...run.settings, samples: attempts, episodes: TASKS * attempts };
  await writeFile(path, JSON.stringify({ ...run, settings }));
}

/** Opening a large evaluation as pages. */
export const viewEvaluation: Benchmark = {
  name: "view-evaluation",
  question:
    "How long do the pages over an evaluation of 60 tasks and 100 attempts take, and how much memory?",
  async run({ quick, progress }) {
    const attempts = quick ? 2 : 100;
    return await inTemporaryFolder(async (folder) => {
      const directory = join(folder, "evaluation");
      progress(`an evaluation of ${TASKS * attempts} episodes`);
      await largeEvaluation(directory, attempts);
      const { size } = await stat(episodesPath(directory));
      const opened: PagesOfEvaluation[] = [];
      for (const round of [1, 2, 3]) {
        progress(`opened, ${round}`);
        const inputs = [directory, join(folder, "indexes"), String(TASKS * attempts)];
        opened.push(
          await runChild<PagesOfEvaluation>("benchmarks/view-evaluation-run.js", inputs, { nodeOptions: [] }),
        );
      }
      const first = spreadOf(opened.map((each) => each.first));
      const episodes = spreadOf(opened.flatMap((each) => each.episodes));
      return {
        method: `Each opening is a process of its own that asks the program for its pages, without a browser; ${(size / 2 ** 20).toFixed(0)} MiB of episodes of a random player in BabyAI, of at most ${TURNS} turns, repeated as further attempts. Each asks for 60 episodes all over the evaluation.`,
        columns: [
          { title: "first page, ms", digits: 0 },
          { title: "its CPU ms", digits: 0 },
          { title: "sorted list, ms", digits: 0 },
          { title: "task grid, ms", digits: 0 },
          { title: "episode, ms", digits: 1 },
          { title: "peak MiB", digits: 0 },
        ],
        rows: [
          {
            name: `${TASKS * attempts} episodes`,
            figures: [
              first,
              spreadOf(opened.map(({ firstCpu }) => firstCpu)),
              spreadOf(opened.map(({ list }) => list)),
              spreadOf(opened.map(({ grid }) => grid)),
              episodes,
              spreadOf(opened.map(({ peak }) => peak)),
            ],
          },
        ],
        goals: [
          atMost("milliseconds to the first page", first.median, 2000),
          atMost("milliseconds of the slowest episode", episodes.maximum, 100),
        ],
        packages: ["hono"],
      };
    });
  },
};
