import { resolve } from "node:path";
import { oneDigit } from "../../numbers.ts";
import { packRun, unpackRun } from "../../runs/pack-run.ts";
import { openGeneratedRun } from "../../runs/run-folder.ts";
import { didYouMean } from "../../spelling.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";

const ACTIONS = { pack: packRun, unpack: unpackRun } as const;

function isAction(word: string): word is keyof typeof ACTIONS {
  return Object.hasOwn(ACTIONS, word);
}

/** `agentrefine runs`: packs the journals of runs, or makes them plain again. */
export async function runRuns(
  host: Host,
  _flags: object,
  action: string,
  ...directories: readonly string[]
): Promise<void> {
  if (!isAction(action)) {
    throw new UsageError(`there is no ${action}${didYouMean(action, Object.keys(ACTIONS))}`, {
      fix: "Give pack or unpack, and then runs.",
    });
  }
  const runs = await asUsage(async () => {
    if (directories.length === 0) throw new UsageError("no run was given", { fix: "Give their folders." });
    return Promise.all(directories.map((path) => openGeneratedRun(resolve(host.directory, path))));
  });
  for (const run of runs) {
    const { plain, packed } = await ACTIONS[action](run);
    const name = showPath(run.directory, host.directory);
    const journals = `${oneDigit(plain / 1e6)} MB of journals`;
    if (action === "unpack") {
      tell(host.stderr, `${name}: ${packed === 0 ? "was not packed" : "unpacked"}; ${journals}.`);
      continue;
    }
    const times = packed === 0 ? "" : `, 1 to ${oneDigit(plain / packed)}`;
    tell(host.stderr, `${name}: packed; ${journals}, ${oneDigit(packed / 1e6)} MB packed${times}.`);
  }
}
