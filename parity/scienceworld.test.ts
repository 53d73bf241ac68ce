import { describe, expect, test } from "vitest";
import { agentboardFiles } from "../src/environment/agentboard-files.ts";
import { labelsIn } from "../src/environment/labels.ts";
import { type Label, readLabels } from "../src/environment/sciworld/scoring.ts";
import { openSimulator, startSimulator } from "../src/environment/sciworld/simulator/simulator.ts";
import { type FakeEpisode, startFakeGateway } from "../src/environment/sciworld/testing/fake-gateway.ts";
import { realSimulator } from "../src/environment/sciworld/testing/real-simulator.ts";
import { hasRecordings, recording } from "../src/environment/testing/recordings.ts";
import { SHARED } from "../src/testing/shared.ts";
import type { RowReport } from "./replay.ts";
import { listeningSimulators, replayScienceworld, scienceworldReplayers } from "./scienceworld.ts";

const file = agentboardFiles(`${SHARED}/agentboard`).labels("scienceworld");
const command = await realSimulator();
const isThere = hasRecordings && file !== undefined;

/** A JVM takes seconds, on a busy machine tens. */
const REAL_MS = 120_000;

interface Row extends FakeEpisode {
  readonly task: string;
  readonly task_description: string;
  readonly init_obs: string;
  readonly steps: (FakeEpisode["steps"][number] & { reward: number })[];
}

/** Rows of a recording in which the player did not ask what can be done: the fake simulator knows no such list. */
function rowsOf(name: string, every: number): readonly Row[] {
  const lines = recording(`scienceworld/${name}.jsonl.gz`).trim().split("\n");
  const rows = lines.map((line): Row => JSON.parse(line));
  const plain = rows.filter(({ steps }) =>
    steps.every(({ action }) => action.trim() !== "check valid actions"),
  );
  return plain.filter((_row, place) => place % every === 0);
}

function episodeOf({ task, variation, task_description, init_obs, steps }: Row): FakeEpisode {
  const at = init_obs.indexOf("\nIn your inventory");
  return {
    kind: task,
    variation,
    description: task_description,
    sight: init_obs.slice(0, at),
    belongings: init_obs.slice(at + 1),
    steps,
  };
}

describe.skipIf(!isThere)("recordings of ScienceWorld (needs ../shared)", () => {
  const labels: readonly Label[] = file === undefined ? [] : labelsIn(readLabels(file));
  const rows = isThere ? ["gold", "solved", "walks"].flatMap((name) => rowsOf(name, 6)) : [];
  const replay = async (row: Row, played = row): Promise<RowReport> => {
    const simulators = listeningSimulators(async () =>
      openSimulator(await startFakeGateway([episodeOf(played)]), { startSeconds: 20, answerSeconds: 20 }),
    );
    const report = await replayScienceworld(row, labels, simulators);
    simulators.close();
    return report;
  };

  test("are understood by the wrapper as by AgentBoard's, step by step", async () => {
    for (const row of rows) {
      const { equal, total, difference } = await replay(row);
      expect({ equal, difference }).toEqual({ equal: total, difference: undefined });
      expect(total).toBe(row.steps.length);
    }
    expect(rows.length).toBeGreaterThan(15);
  });

  const real = "the real simulator (needs it: agentrefine data get scienceworld java)";
  test.skipIf(command === undefined)(
    `are equal with ${real}`,
    async () => {
      const simulators = listeningSimulators(() => startSimulator(command!));
      for (const { steps, ...row } of [...rowsOf("solved", 60), ...rowsOf("walks-listing", 60)]) {
        const some = steps.slice(0, 5);
        const report = await replayScienceworld({ ...row, steps: some }, labels, simulators);
        expect(report).toEqual({ equal: some.length, total: some.length, difference: undefined });
      }
      simulators.close();
    },
    REAL_MS,
  );

  test("a changed one is found out, at its step", async () => {
    const [row] = rows;
    if (row === undefined) return;
    const steps = row.steps.map((step, i) => (i === 2 ? { ...step, reward: 0.9 } : step));
    const report = await replay({ ...row, steps }, row);
    expect(report).toMatchObject({ equal: 2, difference: "step 2, reward: recorded 0.9, ours 0" });
  });
});

test("without the labels it is said that they are missing", async () => {
  const replayers = new Map(await scienceworldReplayers({ labels: () => undefined }));
  expect(replayers.get("scienceworld/gold.jsonl.gz")).toMatchObject({
    code: "unavailable",
    reason: expect.stringContaining("labels of ScienceWorld"),
  });
});
