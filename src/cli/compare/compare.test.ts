import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestWorld, type TestWorld } from "../testing/test-world.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld();
  const evaluate = (...flags: readonly string[]): Promise<unknown> =>
    world.run(["evaluate", "--limit", "8", "--quiet", ...flags]);
  await evaluate("--suite", "babyai,pddl", "--agent", "random", "--out", "random");
  await evaluate("--suite", "babyai,pddl", "--agent", "expert", "--out", "expert");
  await evaluate("--suite", "babyai", "--agent", "random", "--samples", "3", "--out", "sampled");
  await evaluate("--suite", "babyai", "--agent", "expert", "--compat", "plain", "--out", "plain");
  await world.run(["evaluate", "--suite", "babyai", "--agent", "expert", "--limit", "4", "--out", "few"]);
});

afterAll(() => world.remove());

/** The rows of the Markdown tables as cells. */
function rows(markdown: string): readonly (readonly string[])[] {
  const lines = markdown.split("\n").filter((line) => line.startsWith("|"));
  return lines.map((line) => line.slice(2, -2).split(" | "));
}

describe("compare", () => {
  test("puts evaluations, their differences and their behaviour beside each other", async () => {
    const { code, stdout, stderr } = await world.run(["compare", "random", "expert"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [head, rule, random, expert, , , gain] = rows(stdout);
    expect(head).toEqual([
      "",
      ...["babyai", "pddl", "held-out"].flatMap((suite) => [`${suite} success`, `${suite} progress`]),
    ]);
    expect(rule?.[0]).toBe("---");
    expect(random?.[0]).toBe("random");
    expect(expert).toEqual(["expert", ...Array(6).fill("100.0 [100.0, 100.0]")]);
    expect(gain?.[0]).toBe("expert");
    const parts = /\+([\d.]+) \[/.exec(gain?.[3] ?? "");
    expect(Number(parts?.[1])).toBeCloseTo(100 - Number.parseFloat(random?.[3] ?? ""), 1);
    expect(stdout).toContain("Differences from random");
  });

  test("shows the paper's rows, with their held-out score over the same suites", async () => {
    const { stdout } = await world.run(["compare", "expert", "--paper"]);
    const paper = rows(stdout).find(([name]) => name === "paper: AgentRefine (LLaMA-3-8B; Table 1)");
    expect(paper?.slice(1)).toEqual(["37.5", "50.4", "16.6", "37.8", "30.2", "46.0"]);
    expect(stdout).not.toContain("Table 4");
  });

  test("with several samples shows the best and the mean, and the tables for them", async () => {
    const { stdout } = await world.run(["compare", "sampled", "--paper"]);
    const names = rows(stdout).map(([name]) => name);
    expect(names).toContain("sampled, best of 3");
    expect(names).toContain("sampled, mean of 3");
    expect(names).toContain("paper: AgentRefine (LLaMA-3-8B; Table 4, best of 10)");
  });

  test("takes no difference of worlds with other rules, and says so", async () => {
    const { stdout } = await world.run(["compare", "expert", "plain"]);
    expect(stdout).toContain("babyai was played under different rules (agentboard rules, ");
    expect(rows(stdout).filter(([name]) => name === "plain")[1]?.[1]).toBe("–");
  });

  test("says when the tasks are others, and when an evaluation is not finished", async () => {
    const { stdout } = await world.run(["compare", "sampled", "few"]);
    expect(stdout).toContain("- babyai was played with different tasks");
    await truncate(join(world.directory, "few", "episodes.jsonl"), 4000);
    expect((await world.run(["compare", "few"])).stdout).toMatch(/few is not finished: \d of 4 episodes/);
  });

  test("gives the same as JSON", async () => {
    const { stdout } = await world.run(["compare", "random", "expert", "--paper", "--json"]);
    const report = JSON.parse(stdout);
    expect(report.suites).toEqual(["babyai", "pddl"]);
    const [random, expert] = report.evaluations;
    expect(random.beyondFirst).toBeNull();
    expect(expert.beyondFirst.suites.pddl.progress.value).toBeCloseTo(1 - random.suites[1].progress.value);
    expect(report.paper[0].rows[6].scores.babyai).toEqual({ success: 37.5, progress: 50.4 });
  });

  test("refuses what is no evaluation with one line", async () => {
    await world.run(["generate", "--model", "offline", "--limit", "1", "--out", "run", "--quiet"]);
    expect(await world.run(["compare"])).toMatchObject({ code: 2 });
    expect(await world.run(["compare", "nowhere"])).toMatchObject({ code: 2, stdout: "" });
    const run = await world.run(["compare", "run"]);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining("run of generate") });
  });
});
