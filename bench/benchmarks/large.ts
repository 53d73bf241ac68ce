import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { exists } from "../../src/runs/atomic-file.ts";
import { runPaths } from "../../src/runs/run-folder.ts";
import { atLeast, atMost, type Benchmark, type Goal, type Row } from "../support/benchmark.ts";
import { runChild } from "../support/child.ts";
import { type CommandFigures, startCommand, timeCommand } from "../support/command.ts";
import { serveLean } from "../support/lean-server.ts";
import { inTemporaryFolder } from "../support/work.ts";
import type { MemoryOfRun } from "./memory-run.ts";

const FEW = 2_000;
const NODE = { nodeOptions: [] };

/** How long `resume` takes until it asks for the first time; it is then killed, as any process may be. */
async function resumeSeconds(run: string, home: string): Promise<number> {
  let arrived = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const url = await serveLean(() => arrived());
  const began = performance.now();
  const child = startCommand(["resume", run, "--base-url", url], home);
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const early = await Promise.race([first, ended.then((code) => ({ code }))]);
  const seconds = (performance.now() - began) / 1000;
  child.kill("SIGKILL");
  await ended;
  if (early !== undefined) throw new Error(`resume ended with ${early.code} before it asked:\n${said}`);
  return seconds;
}

/**
 * Makes the run that is measured when it is not there, which takes minutes. Gives what that took, which nobody knows of
 * a run that was made otherwise.
 */
async function makeRun(
  path: string,
  count: number,
  progress: (note: string) => void,
): Promise<MemoryOfRun | undefined> {
  if (!(await exists(runPaths(path).run))) {
    progress(`making a run of ${count} personas`);
    await runChild("benchmarks/large-run.js", [path, String(count)], NODE);
  }
  const made = join(path, "made.json");
  return (await exists(made)) ? (JSON.parse(await readFile(made, "utf8")) as MemoryOfRun) : undefined;
}

/** The bytes of a run's journals; packed ones end in `.gz`. */
async function bytesOf(run: string, ending = ""): Promise<number> {
  const { calls, syntheses } = runPaths(run);
  const sizes = await Promise.all([calls, syntheses].map(async (path) => (await stat(path + ending)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What a command prints as JSON. */
async function told<Value>(args: readonly string[], home: string): Promise<Value> {
  const child = startCommand([...args, "--json"], home);
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text) as Value;
}

function rowOf(name: string, figures: CommandFigures | MemoryOfRun): Row {
  return { name, figures: [figures.seconds, "cpu" in figures ? figures.cpu : null, figures.peak] };
}

/** What commands take on a run of a hundred thousand personas. */
export const large: Benchmark = {
  name: "large",
  question: "What do commands take on a run of 100,000 personas?",
  async run({ quick, size, path, progress }) {
    const few = quick ? 100 : FEW;
    return await inTemporaryFolder(async (folder) => {
      const home = join(folder, "home");
      await mkdir(home);
      const run = path === undefined ? join(folder, "run") : resolve(path);
      const made = await makeRun(run, size ?? (quick ? 400 : 100_000), progress);
      const small = await runChild<MemoryOfRun>("benchmarks/memory-run.js", [String(few)], NODE);
      const bytes = await bytesOf(run);
      const rows: Row[] = [];
      const goals: Goal[] = [];
      if (made !== undefined)
        goals.push(atMost("generate's peak, divided by that of few personas,", made.peak / small.peak, 1.3));
      const measure = async (name: string, args: readonly string[], most?: number): Promise<void> => {
        progress(name);
        const figures = await timeCommand(args, home);
        rows.push(rowOf(name, figures));
        if (most !== undefined) goals.push(atMost(`seconds of ${name}`, figures.seconds, most));
      };
      await measure("show RUN, first", ["show", run]);
      await measure("show RUN", ["show", run], 1);
      const { total } = await told<{ total: { ended: number } }>(["status", run], home);
      progress("resume");
      const asked = await resumeSeconds(run, home);
      rows.push({ name: "resume, to its first call", figures: [asked, null, null] });
      goals.push(atMost("seconds of resume to its first call", asked, 2));
      await measure("stats RUN", ["stats", run]);
      await measure("export RUN", ["export", run, "--out", join(folder, "data")]);
      await rm(join(folder, "data"), { recursive: true, force: true });
      await measure("verify RUN", ["verify", run]);
      await measure("merge OUT RUN", ["merge", join(folder, "merged"), run, "--allow-missing"]);
      await rm(join(folder, "merged"), { recursive: true, force: true });
      const [{ id } = { id: "" }] = await told<readonly { id: string }[]>(["show", run], home);
      await measure("show RUN ID", ["show", run, id], 1);
      await measure("runs pack RUN", ["runs", "pack", run]);
      goals.push(
        atLeast("how many times smaller the packed journals are", bytes / (await bytesOf(run, ".gz")), 4),
      );
      await measure("show RUN, packed", ["show", run], 1);
      await measure("show RUN ID, packed", ["show", run, id], 1);
      await measure("verify RUN, packed", ["verify", run]);
      await measure("runs unpack RUN", ["runs", "unpack", run]);
      return {
        method: `Each row is a process of its own with its own cache, timed from its start to its end as a user would wait; a run of ${total.ended} personas of the offline author, ${(bytes / 2 ** 30).toFixed(2)} GiB of records. "few" are ${few} personas.`,
        columns: [
          { title: "seconds", digits: 2 },
          { title: "CPU s", digits: 2 },
          { title: "peak MiB", digits: 0 },
        ],
        rows: [
          ...(made === undefined ? [] : [rowOf(`generate, ${total.ended} personas`, made)]),
          rowOf(`generate, ${few} personas`, small),
          ...rows,
        ],
        goals,
        packages: [],
      };
    });
  },
};
