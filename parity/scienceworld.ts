import { createHash } from "node:crypto";
import * as z from "zod";
import { javaExecutable, publishedFolder } from "../src/data/published.ts";
import type { AgentboardFiles } from "../src/environment/agentboard-files.ts";
import { labelsIn } from "../src/environment/labels.ts";
import { SciworldWorld } from "../src/environment/sciworld/sciworld-world.ts";
import { type Label, readLabels, scoreByLabel } from "../src/environment/sciworld/scoring.ts";
import { findJar, javaCommand } from "../src/environment/sciworld/simulator/java.ts";
import { type Simulator, startSimulator } from "../src/environment/sciworld/simulator/simulator.ts";
import { Simulators } from "../src/environment/sciworld/simulator/simulators.ts";
import { firstDifference, type Replayer, type RowReport } from "./replay.ts";

const REWARD_TOLERANCE = 1e-12;

const episodeRow = z.object({
  task_index: z.number(),
  task: z.string(),
  variation: z.number(),
  calls: z.enum(["lean", "agentboard"]),
  goal: z.string(),
  task_description: z.string(),
  init_obs: z.string(),
  steps: z.array(
    z.object({
      action: z.string(),
      observation: z.string(),
      reward: z.number(),
      done: z.boolean(),
      score: z.number().optional(),
      completed: z.boolean().optional(),
      moves: z.number().optional(),
      valid_count: z.number().optional(),
      valid_sha256: z.string().optional(),
      grounded: z.boolean().optional(),
    }),
  ),
});

type EpisodeRow = z.infer<typeof episodeRow>;

const listingSchema = z.object({ validActions: z.array(z.object({ action: z.string() })) });

/** What the simulators of a replay listed last: asking once more would move the bees. */
const listed = new WeakMap<Simulator, string>();

/** Simulators whose last listing is kept for the comparison. */
export function listeningSimulators(start: () => Promise<Simulator>): Simulators {
  return new Simulators(async () => {
    const simulator = await start();
    const list = simulator.validActionsJson.bind(simulator);
    simulator.validActionsJson = async () => {
      const listing = await list();
      listed.set(simulator, listing);
      return listing;
    };
    return simulator;
  });
}

function listingFields(simulator: Simulator): Readonly<Record<string, unknown>> {
  const listing = listed.get(simulator);
  if (listing === undefined) return {};
  const { validActions } = listingSchema.parse(JSON.parse(listing));
  const texts = [...new Set(validActions.map(({ action }) => action))].sort();
  return {
    valid_count: validActions.length,
    valid_sha256: createHash("sha256").update(texts.join("\n")).digest("hex"),
  };
}

async function stepDifference(
  world: SciworldWorld,
  simulator: Simulator,
  recorded: EpisodeRow["steps"][number],
): Promise<string | undefined> {
  const { action, reward, ...rest } = recorded;
  const { observation, scores, ending, understood } = await world.step(action);
  const progress = scores.progress ?? Number.NaN;
  if (!(Math.abs(progress - reward) <= REWARD_TOLERANCE))
    return `reward: recorded ${reward}, ours ${progress}`;
  return firstDifference(rest, {
    observation,
    done: ending !== undefined,
    score: await simulator.score(),
    completed: await simulator.completed(),
    moves: await simulator.moves(),
    grounded: understood,
    ...listingFields(simulator),
  });
}

async function replay(row: EpisodeRow, label: Label, simulators: Simulators): Promise<RowReport> {
  const simulator = await simulators.take();
  const total = row.steps.length;
  await using world = new SciworldWorld(
    {
      kind: row.task,
      variation: row.variation,
      rules: row.calls === "agentboard" ? "agentboard" : "plain",
      goal: label.goal,
      scoring: scoreByLabel(label.subgoals),
    },
    simulators,
    simulator,
  );
  const { goal, observation: init_obs } = await world.reset();
  const ours = { goal, init_obs, task_description: await simulator.taskDescription() };
  const { steps, calls: _calls, task_index: _index, task: _task, variation: _variation, ...start } = row;
  const atStart = firstDifference(start, ours);
  if (atStart !== undefined) return { equal: 0, total, difference: `at the start, ${atStart}` };
  for (const [i, step] of steps.entries()) {
    const difference = await stepDifference(world, simulator, step);
    if (difference !== undefined) return { equal: i, total, difference: `step ${i}, ${difference}` };
  }
  return { equal: total, total, difference: undefined };
}

/** Replays a recorded episode with AgentBoard's labels and compares every recorded field of every step. */
export async function replayScienceworld(
  row: unknown,
  labels: readonly Label[],
  simulators: Simulators,
): Promise<RowReport> {
  const recorded = episodeRow.parse(row);
  const label = labels[recorded.task_index];
  if (label === undefined || label.kind !== recorded.task || label.variation !== recorded.variation) {
    const difference = `there is no label for task ${recorded.task_index}`;
    return { equal: 0, total: recorded.steps.length, difference };
  }
  return await replay(recorded, label, simulators);
}

const FILES = ["gold", "solved", "walks", "walks-listing"].map((name) => `scienceworld/${name}.jsonl.gz`);

/** A simulator in which equal actions give equal steps. */
async function startExact(java: string, jar: string): Promise<Simulator> {
  const command = await javaCommand(java, jar);
  if (!command.isReproducible) throw new Error(`${java} does not take -XX:hashCode=2`);
  return await startSimulator(command);
}

/** How to replay the recordings of ScienceWorld, by their paths in a folder of recordings. */
export async function scienceworldReplayers(
  files: Pick<AgentboardFiles, "labels">,
): Promise<readonly (readonly [string, Replayer])[]> {
  const file = files.labels("scienceworld");
  const jar = await findJar(await publishedFolder("scienceworld"));
  const java = await javaExecutable();
  const unavailable = (need: string) =>
    FILES.map((name) => [name, { code: "unavailable", reason: `needs ${need}` }] as const);
  if (file === undefined) return unavailable("AgentBoard's labels of ScienceWorld (--agentboard DIR)");
  if (jar === undefined) return unavailable("the simulator (agentrefine data get scienceworld)");
  if (java === undefined) return unavailable("a Java (agentrefine data get java)");
  const labels = labelsIn(readLabels(file));
  const simulators = listeningSimulators(() => startExact(java, jar.path));
  return FILES.map((name) => [
    name,
    { code: "ready", unit: "steps", replayRow: (row) => replayScienceworld(row, labels, simulators) },
  ]);
}
