import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expertAgent, randomAgent } from "../../agent/planned-agents.ts";
import { createEvaluationGround, type EvaluationGround } from "../../evaluation/testing/evaluation-ground.ts";
import { caseStudies } from "./case-study.ts";

let ground: EvaluationGround;

beforeAll(async () => {
  ground = await createEvaluationGround();
  await ground.run("expert", { agent: expertAgent });
  await ground.run("random", { agent: randomAgent });
});

afterAll(() => ground.remove());

const named = (name: string) => ({ name, directory: ground.directory(name) });

describe("case studies", () => {
  test("show of each suite the task in which two evaluations differ most", async () => {
    const studies = await caseStudies([named("expert"), named("random")]);
    expect(studies.map(({ suite }) => suite).sort()).toEqual(["lamps"]);
    for (const { episodes } of studies) {
      const [expert, random] = episodes;
      expect([expert.evaluation, random.evaluation]).toEqual(["expert", "random"]);
      expect(expert).toMatchObject({ ending: "success", progress: 1 });
      expect(random.progress).toBeLessThanOrEqual(1);
      expect(expert.turns.at(-1)).toMatchObject({ isValid: true, progress: 1, isRepeated: false });
      expect(random.turns.length).toBeGreaterThan(0);
    }
  });

  test("show the task that is asked for, and refuse one that was not played", async () => {
    const [first] = await caseStudies([named("expert"), named("random")]);
    const asked = await caseStudies([named("random"), named("expert")], first?.task);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      task: first?.task,
      episodes: [{ evaluation: "random" }, { evaluation: "expert" }],
    });
    await expect(caseStudies([named("expert"), named("random")], "none")).rejects.toThrow(
      "not both played a task none",
    );
    await expect(caseStudies([named("expert"), named("nowhere")])).rejects.toThrow(
      "no episode of nowhere has ended",
    );
  });
});
