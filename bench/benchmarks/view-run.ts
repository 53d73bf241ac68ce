import { createApp } from "../../src/view/app.tsx";
import { Library } from "../../src/view/library.ts";
import { answerWith } from "../support/child.ts";
import { clockWork } from "../support/work.ts";

/** What the pages over a run took, in milliseconds, and the most memory of their process in MiB. */
export interface PagesOfRun {
  /** From the start of the process's work to the first list of personas. */
  readonly first: number;
  readonly list: number;
  readonly search: number;
  readonly trajectories: readonly number[];
  /** The processor's time for the same, which says more on a machine that does other things too. */
  readonly trajectoryCpu: readonly number[];
  readonly peak: number;
}

const TRAJECTORIES = 60;

async function run(directory: string, indexes: string): Promise<PagesOfRun> {
  const began = performance.now();
  const app = createApp(new Library({ paths: [directory], directory, indexes }));
  const ask = async (path: string): Promise<string> => (await app.request(path)).text();
  const [, key = ""] = /href="\/run\/([^"/?]+)"/.exec(await ask("/")) ?? [];
  let page = "";
  while (!page.includes("<tbody")) {
    page = await ask(`/run/${key}/list`);
    if (!page.includes("<tbody")) await new Promise((done) => setTimeout(done, 50));
  }
  const first = performance.now() - began;
  const list = await clockWork(() => ask(`/run/${key}/list?sort=-errors&outcome=accepted&page=7`));
  const trajectories: number[] = [];
  const trajectoryCpu: number[] = [];
  for (let place = 0; place < TRAJECTORIES; place += 1) {
    const rows = await ask(`/run/${key}/list?page=${1 + place * 17}`);
    const [, href] = new RegExp(`href="(/run/${key}/[0-9a-f]{16}[^"]*)"`).exec(rows) ?? [];
    if (href === undefined) break;
    const { wall, cpu } = await clockWork(() => ask(href.replaceAll("&amp;", "&")));
    trajectories.push(wall);
    trajectoryCpu.push(cpu);
  }
  const search = await clockWork(() => ask(`/run/${key}/list?q=small+lamp`));
  return {
    first,
    list: list.wall,
    search: search.wall,
    trajectories,
    trajectoryCpu,
    peak: process.resourceUsage().maxRSS / 1024,
  };
}

const [directory = "", indexes = ""] = process.argv.slice(2);
await answerWith(() => run(directory, indexes));
