import { describe, expect, it } from "vitest";
import { trainingExample } from "../from-trajectory.ts";
import { bakeryTrajectory } from "../testing/trajectories.ts";
import type { TrainingExample } from "../training-example.ts";
import { EXAMPLE_FORMATS } from "./example-format.ts";
import { type ExampleCounts, exampleRows } from "./example-rows.ts";

const bakery = trainingExample("p1", bakeryTrajectory)!;
const masked: TrainingExample = {
  id: "p2",
  messages: bakery.messages.map((each) => (each.role === "user" ? each : { ...each, loss: false })),
};

describe("exampleRows", () => {
  it.each([
    ["conversations", 1],
    ["prefix", 3],
  ] as const)("gives the rows of %s and leaves out what trains nothing", async (name, perExample) => {
    const format = EXAMPLE_FORMATS[name];
    let counts: ExampleCounts | undefined;
    const rows: object[] = [];
    for await (const row of exampleRows([bakery, masked, bakery], format, (so) => (counts = so)))
      rows.push(row);
    expect(rows).toEqual([...format.rows(bakery), ...format.rows(bakery)]);
    expect(counts).toEqual({ examples: 3, untrainable: 1, rows: 2 * perExample });
  });
});
