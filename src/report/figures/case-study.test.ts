import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expertAgent, randomAgent } from "../../agent/planned-agents.ts";
import { createEvaluationGround, type EvaluationGround } from "../../evaluation/testing/evaluation-ground.ts";
import { caseStudies, progressOf } from "./case-study.ts";

let ground: EvaluationGround;

beforeAll(async () => {
  ground = await createEvaluationGround();
  await ground.run("expert", { agent: expertAgent });
  await ground.run("random", { agent: randomAgent });
});

afterAll(() => ground.remove());

const named = (name: string) => ({ name, directory: ground.directory(name) });

describe("case studies", () => {
  test("show of each suite the task in which two evaluations differ most, and refuse what is no evaluation", async () => {
    const studies = await caseStudies([named("expert"), named("random")]);
    expect(studies.map(([{ suite }]) => suite)).toEqual(["lamps"]);
    for (const [expert, random] of studies) {
      expect(random.task).toBe(expert.task);
      expect(expert.ending).toBe("success");
      expect(progressOf(expert.scores)).toBe(1);
      expect(progressOf(random.scores)).toBeLessThanOrEqual(1);
      expect(expert.trials.at(-1)?.turns.at(-1)).toMatchObject({ actionIsValid: true });
      expect(random.trials.at(-1)?.turns.length).toBeGreaterThan(0);
    }
    await expect(caseStudies([named("expert"), named("nowhere")])).rejects.toThrow(
      "no episode of nowhere has ended",
    );
  });
});
