import { join } from "node:path";
import { createRunFolder } from "../../src/runs/run-folder.ts";
import { generate } from "../../src/synthesis/generate.ts";
import { authorModel } from "../support/author-model.ts";
import { answerWith } from "../support/child.ts";
import { personas } from "../support/personas.ts";
import { inTemporaryFolder } from "../support/work.ts";

/** What a run of its own process came to. */
export interface MemoryOfRun {
  /** The most memory that the process ever held, in MiB. */
  readonly peak: number;
  readonly seconds: number;
  readonly accepted: number;
}

const PROGRESS_EVERY = 15_000;

async function run(count: number): Promise<MemoryOfRun> {
  const began = performance.now();
  return await inTemporaryFolder(async (folder) => {
    const description = {
      createdAt: new Date().toISOString(),
      agentrefine: "bench",
      settings: {},
      prices: null,
    };
    let timer: NodeJS.Timeout | undefined;
    const { tally, pause } = await generate(await createRunFolder(join(folder, "run"), description), {
      model: authorModel(1),
      personas: () => personas(count),
      maximumCalls: 4,
      concurrency: 64,
      costOf: () => 0,
      retryFailed: false,
      stop: new AbortController().signal,
      onStart: (view) => {
        timer = setInterval(() => {
          const { accepted, rejected } = view.tally().outcomes;
          console.error(`memory: ${accepted + rejected} of ${count} personas`);
        }, PROGRESS_EVERY);
      },
    });
    clearInterval(timer);
    if (pause !== undefined) throw pause.error;
    const { accepted, rejected } = tally.outcomes;
    if (accepted + rejected !== count) throw new Error(`${accepted + rejected} of ${count} personas ended`);
    const peak = process.resourceUsage().maxRSS / 1024;
    return { peak, seconds: (performance.now() - began) / 1000, accepted };
  });
}

await answerWith(() => run(Number(process.argv[2])));
