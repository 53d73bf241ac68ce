import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Rules, SciworldWorld } from "../../src/environment/sciworld/sciworld-world.ts";
import { type Scoring, scoreByLabel, scoreBySimulator } from "../../src/environment/sciworld/scoring.ts";
import { startGateway } from "../../src/environment/sciworld/simulator/gateway.ts";
import type { JavaCommand } from "../../src/environment/sciworld/simulator/java.ts";
import { openSimulator, SIMPLIFICATIONS } from "../../src/environment/sciworld/simulator/simulator.ts";
import { Simulators } from "../../src/environment/sciworld/simulator/simulators.ts";
import { realSimulator } from "../../src/environment/sciworld/testing/real-simulator.ts";
import { hasRecordings, recording } from "../../src/environment/testing/recordings.ts";
import { type Arm, alternate, ratioOf } from "../support/alternate.ts";
import { atLeast, type Benchmark, notMeasured } from "../support/benchmark.ts";
import { inTemporaryFolder } from "../support/work.ts";

const GOAL = 5;
/** The first episodes are not counted, of ours and of the package's: the JVM still compiles its code then. */
const WARM_UP = 2;
const PATIENCE = { startSeconds: 300, answerSeconds: 300 };
/** Names a Python that has the package. */
const PYTHON_VARIABLE = "AGENTREFINE_SCIENCEWORLD_PYTHON";

interface Episode {
  readonly kind: string;
  readonly variation: number;
  readonly actions: readonly string[];
}

/** What playing the episodes came to. */
interface Played {
  readonly steps: number;
  readonly seconds: number;
  /** Milliseconds until the first world could be loaded; only ours. */
  readonly start?: number;
  /** The JVM's memory at its highest, in MiB; only ours, and only on Linux. */
  readonly peak?: number;
}

interface RecordedWalk {
  readonly task: string;
  readonly variation: number;
  readonly steps: readonly { readonly action: string }[];
}

/** One recorded walk of every few tasks, so that all kinds are there. */
function recordedEpisodes(every: number): readonly Episode[] {
  const lines = recording("scienceworld/walks.jsonl.gz").trim().split("\n");
  return lines
    .filter((_, place) => place % every === 0)
    .map((line) => {
      const { task, variation, steps }: RecordedWalk = JSON.parse(line);
      return { kind: task, variation, actions: steps.map(({ action }) => action) };
    });
}

function peakOf(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

/** The episodes in a JVM of their own, one after the other; loading is not counted. */
async function playOurs(
  command: JavaCommand,
  episodes: readonly Episode[],
  rules: Rules,
  scoring: () => Scoring,
): Promise<Played> {
  const began = performance.now();
  const gateway = await startGateway(command, PATIENCE.startSeconds);
  const simulators = new Simulators(() => openSimulator(gateway, PATIENCE));
  simulators.giveBack(await simulators.take());
  const start = performance.now() - began;
  let milliseconds = 0;
  for (const [place, { actions, ...problem }] of episodes.entries()) {
    const play = { ...problem, rules, goal: undefined, scoring: scoring() };
    await using world = new SciworldWorld(play, simulators, await simulators.take());
    await world.reset();
    const before = performance.now();
    for (const action of actions) await world.step(action);
    if (place >= WARM_UP) milliseconds += performance.now() - before;
  }
  const peak = process.platform === "linux" ? peakOf(gateway.pid) : Number.NaN;
  simulators.close();
  const steps = episodes.slice(WARM_UP).reduce((sum, { actions }) => sum + actions.length, 0);
  return { steps, seconds: milliseconds / 1000, start, peak };
}

/** The same with the Python package, whose JVM is told to be as reproducible as ours. */
async function playPackage(python: string, episodes: readonly Episode[]): Promise<Played> {
  return await inTemporaryFolder(async (folder) => {
    const file = join(folder, "episodes.json");
    await writeFile(file, JSON.stringify(episodes));
    const script = fileURLToPath(new URL("../../../bench/benchmarks/sciworld-package.py", import.meta.url));
    const env = {
      ...process.env,
      JAVA_TOOL_OPTIONS: "-XX:+UnlockExperimentalVMOptions -XX:hashCode=2",
    };
    const { stdout } = await promisify(execFile)(python, [script, file, SIMPLIFICATIONS, String(WARM_UP)], {
      env,
      cwd: folder,
    });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  });
}

/** As by a label that is never reached: the simulator is asked for neither score nor completion. */
function scoreByNoLabel(): Scoring {
  return scoreByLabel([{ source: "", occursIn: () => false }]);
}

function rate({ steps, seconds }: Played): number {
  return steps / seconds;
}

/** ScienceWorld through the bridge, against the Python package of the original. */
export const sciworld: Benchmark = {
  name: "sciworld",
  question: "How many steps a second does ScienceWorld make, and what does a world take to start and hold?",
  async run({ quick, progress }) {
    const command = await realSimulator();
    if (command === undefined || !hasRecordings) {
      return notMeasured("the simulator, a Java (HotSpot) and the recordings in ../shared/parity");
    }
    const episodes = recordedEpisodes(quick ? 20 : 5);
    const python = process.env[PYTHON_VARIABLE];
    const arms: Arm<Played>[] = [
      { name: "ours, lean", measure: () => playOurs(command, episodes, "plain", scoreBySimulator) },
      { name: "ours, by labels", measure: () => playOurs(command, episodes, "plain", scoreByNoLabel) },
      {
        name: "ours, as AgentBoard",
        measure: () => playOurs(command, episodes, "agentboard", scoreBySimulator),
      },
    ];
    if (python !== undefined) {
      arms.push({ name: "the Python package", measure: () => playPackage(python, episodes) });
    }
    const results = await alternate(arms, { rounds: quick ? 1 : 3, warmUp: false, progress });
    const [lean, , , theirs] = results;
    const against =
      python === undefined
        ? `Ours alone: set ${PYTHON_VARIABLE} to a Python with scienceworld 1.2.2 to compare.`
        : "The package lists what can be done at every step.";
    return {
      method: `${episodes.length} recorded walks, each round in a new JVM, loading and the first ${WARM_UP} walks not counted, with -XX:hashCode=2 everywhere. Lean is the step, the score and whether the task is completed; by labels is the step alone; as AgentBoard is the first with two lists of what can be done. ${against}`,
      columns: [
        { title: "steps a second", digits: 1 },
        { title: "ms to start", digits: 0 },
        { title: "peak MiB", digits: 0 },
      ],
      rows: results.map(({ name, rounds, spread }) => {
        const isOurs = rounds.every(({ start }) => start !== undefined);
        return {
          name,
          figures: [
            spread(rate),
            isOurs ? spread(({ start }) => start ?? Number.NaN) : null,
            isOurs ? spread(({ peak }) => peak ?? Number.NaN) : null,
          ],
        };
      }),
      goals:
        lean === undefined || theirs === undefined
          ? []
          : [
              atLeast(
                "our lean steps a second, divided by the package's,",
                ratioOf(lean, theirs, rate).median,
                GOAL,
              ),
            ],
      packages: [],
    };
  },
};
