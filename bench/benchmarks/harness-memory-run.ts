import type { EvaluationView } from "../../src/evaluation/evaluate.ts";
import { answerWith } from "../support/child.ts";
import { fullStack } from "../support/full-stack.ts";
import { AT_ONCE, benchSuite } from "./harness-load.ts";
import { playEpisodes } from "./play-episodes.ts";

/** What an evaluation in a process of its own came to. */
export interface MemoryOfEvaluation {
  /** The most memory that the process ever held, in MiB. */
  readonly peak: number;
  readonly seconds: number;
  readonly turns: number;
}

const TASKS_OF_EACH = 10;
const PROGRESS_EVERY = 15_000;

async function run(baseUrl: string, episodes: number): Promise<MemoryOfEvaluation> {
  const began = performance.now();
  const suite = benchSuite(TASKS_OF_EACH);
  const model = await fullStack({ baseUrl, atOnce: AT_ONCE, stream: false });
  let timer: NodeJS.Timeout | undefined;
  const turns = await playEpisodes(model, {
    suite,
    attempts: episodes / suite.tasks.length,
    onStart: ({ planned, results }: EvaluationView) => {
      timer = setInterval(() => {
        console.error(`harness-memory: ${results().size} of ${planned} episodes`);
      }, PROGRESS_EVERY);
    },
  });
  clearInterval(timer);
  const peak = process.resourceUsage().maxRSS / 1024;
  return { peak, seconds: (performance.now() - began) / 1000, turns };
}

const [url = "", episodes = ""] = process.argv.slice(2);
await answerWith(() => run(url, Number(episodes)));
