import { join } from "node:path";
import { authorRun, benchRun } from "../support/author-run.ts";
import { answerWith } from "../support/child.ts";
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
    let timer: NodeJS.Timeout | undefined;
    const { tally, pause } = await authorRun(await benchRun(join(folder, "run")), count, (view) => {
      timer = setInterval(() => {
        const { accepted, rejected } = view.tally().outcomes;
        console.error(`memory: ${accepted + rejected} of ${count} personas`);
      }, PROGRESS_EVERY);
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
