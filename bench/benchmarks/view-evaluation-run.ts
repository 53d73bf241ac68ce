import { createApp } from "../../src/view/app.tsx";
import { Library } from "../../src/view/library.ts";
import { answerWith } from "../support/child.ts";
import { clockWork } from "../support/work.ts";

/** What the pages over an evaluation took, in milliseconds, and the most memory of their process in MiB. */
export interface PagesOfEvaluation {
  /** From the start of the process's work to the first page with numbers. */
  readonly first: number;
  /** The CPU time of the process up to then, which other work on the machine changes less. */
  readonly firstCpu: number;
  readonly list: number;
  readonly grid: number;
  readonly episodes: readonly number[];
  readonly peak: number;
}

const EPISODES = 60;

async function run(directory: string, indexes: string, count: number): Promise<PagesOfEvaluation> {
  const began = performance.now();
  const app = createApp(new Library({ paths: [directory], directory, indexes }));
  const ask = async (path: string): Promise<string> => (await app.request(path)).text();
  const timed = async (path: string): Promise<number> => (await clockWork(() => ask(path))).wall;
  const [, key = ""] = /href="\/evaluation\/([^"/?]+)"/.exec(await ask("/")) ?? [];
  let page = "";
  while (!page.includes('id="came-to"')) {
    page = await ask(`/evaluation/${key}`);
    await new Promise((done) => setTimeout(done, 10));
  }
  const first = performance.now() - began;
  const { user, system } = process.cpuUsage();
  const firstCpu = (user + system) / 1000;
  const list = await timed(`/evaluation/${key}/episodes?sort=-turns&having=repeated&page=3`);
  const grid = await timed(`/evaluation/${key}/tasks`);
  const episodes: number[] = [];
  for (let place = 0; place < EPISODES; place += 1)
    episodes.push(
      await timed(`/evaluation/${key}/episodes/${1 + Math.floor((place * (count - 1)) / EPISODES)}`),
    );
  return { first, firstCpu, list, grid, episodes, peak: process.resourceUsage().maxRSS / 1024 };
}

const [directory = "", indexes = "", count = "1"] = process.argv.slice(2);
await answerWith(() => run(directory, indexes, Number(count)));
