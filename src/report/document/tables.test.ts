import { describe, expect, test } from "vitest";
import type { EpisodeResult } from "../../evaluation/episode-result.ts";
import { EVALUATION_DEFAULTS, type EvaluationSettings } from "../../evaluation/settings.ts";
import { someResult } from "../../evaluation/testing/some-result.ts";
import type { ComparedEvaluations } from "../compare-evaluations.ts";
import { compareResults } from "../comparison.ts";
import { cellText, type Part } from "../render.ts";
import { someStatistics } from "../testing/some-statistics.ts";
import { CONTENTS } from "./contents.ts";
import type { Material, ReportedEvaluation, Section, TrainedOn } from "./material.ts";

interface Given {
  readonly name: string;
  readonly results: readonly EpisodeResult[];
  readonly settings?: Partial<EvaluationSettings>;
  readonly trained?: Omit<TrainedOn, "evaluation">;
  readonly unlike?: readonly string[];
}

/** Material of evaluations as they would be read from their folders. */
function materialOf(given: readonly Given[], data: Material["data"] = []): Material {
  const named = given.map(({ name, results }) => ({ name, player: "one", results }));
  const comparison = compareResults(named);
  const evaluations = given.map(
    ({ name, results, settings, trained, unlike = [] }, place): ReportedEvaluation => {
      const compared = comparison.evaluations[place];
      if (compared === undefined) throw new Error("an evaluation is missing");
      return {
        name,
        path: name,
        results,
        settings: {
          kind: "evaluation",
          ...EVALUATION_DEFAULTS,
          suites: ["babyai"],
          agent: "react",
          episodes: results.length,
          model: { name: "m" },
          ...settings,
        },
        compared,
        unlike,
        trained: trained && { evaluation: name, ...trained },
        progress: [],
      };
    },
  );
  const compared: ComparedEvaluations = {
    read: [],
    comparison,
    paper: undefined,
    notes: [],
    report: () => [],
  };
  const rest = { data, runs: [], texts: async () => [], figures: { seed: 1 } };
  return { evaluations, compared: given.length === 0 ? undefined : compared, ...rest };
}

async function made(key: string, material: Material): Promise<Section> {
  const entry = CONTENTS.find((each) => each.key === key);
  const section = await entry?.make(material);
  if (section === undefined || "missing" in section) throw new Error(`no ${key}: ${section?.missing}`);
  return section;
}

async function missing(key: string, material: Material): Promise<string> {
  const section = await CONTENTS.find((each) => each.key === key)?.make(material);
  return section !== undefined && "missing" in section ? section.missing : "";
}

/** The cells of a row under the heads of a table. */
function row(parts: readonly Part[] | undefined, name: string): Readonly<Record<string, string>> {
  for (const part of parts ?? []) {
    if (part.kind !== "table") continue;
    const found = part.rows.find(([first]) => first !== undefined && cellText(first) === name);
    if (found !== undefined)
      return Object.fromEntries(part.head.map((head, place) => [head, cellText(found[place] ?? "")]));
  }
  return {};
}

const task = (number: number, more: Parameters<typeof someResult>[0]) =>
  someResult({ task: `task-${number}`, ...more });
const half = [task(1, { success: true, progress: 1 }), task(2, { progress: 0.5 })];
const none = [task(1, {}), task(2, { progress: 0.5 })];

describe("the tables of a report", () => {
  test("have our rates above the paper's own rows", async () => {
    const { parts } = await made("table-1", materialOf([{ name: "evals/a", results: half }]));
    const ours = row(parts, "evals/a");
    expect(ours["babyai success"]).toMatch(/^50\.0 \[/);
    expect(ours["babyai progress"]).toMatch(/^75\.0 \[/);
    expect(ours["alfworld success"]).toBe("–");
    expect(row(parts, "AgentRefine, LLaMA-3-8B")).toMatchObject({
      "alfworld success": "44.8",
      "babyai progress": "50.4",
      "jericho success": "10.0",
    });
  });

  test("mark with a dagger what is not comparable, and say why", async () => {
    const { parts } = await made(
      "table-1",
      materialOf([{ name: "evals/a", results: half, unlike: ["the first 2 of 112 tasks"] }]),
    );
    expect(row(parts, "evals/a †")["babyai success"]).toMatch(/^50\.0/);
    expect(parts?.at(-1)).toEqual({ kind: "list", items: ["evals/a: the first 2 of 112 tasks"] });
  });

  test("of ablations have those trainings that are told to be ones", async () => {
    const material = materialOf([
      { name: "evals/all", results: half, trained: { rows: 8000 } },
      { name: "evals/nr", results: none, trained: { rows: 8000, otherwise: "no-refinement-loss" } },
      { name: "evals/by", results: none, trained: { rows: 4000, otherwise: "deepseek" } },
    ]);
    const { parts } = await made("table-2", material);
    expect(row(parts, "evals/nr (8000 rows, w/o refinement loss)")["babyai success"]).toMatch(/^0\.0/);
    expect(row(parts, "evals/all (8000 rows)")["babyai success"]).toMatch(/^50\.0/);
    expect(row(parts, "evals/by (4000 rows, data of deepseek)")).toEqual({});
    expect(row(parts, "w/o refinement loss, LLaMA-3-8B")["sciworld progress"]).toBe("22.7");
    const writers = await made("table-5", material);
    expect(row(writers.parts, "evals/by (4000 rows, data of deepseek)")["babyai progress"]).toMatch(/^25\.0/);
    expect(await missing("table-8", material)).toContain("--trained EVALUATION=ROWS,no-held-in");
  });

  test("of several attempts have the best, what it gains, and means", async () => {
    const attempts = [...half, ...none.map((each) => ({ ...each, attempt: 1 }))];
    const material = materialOf([
      { name: "evals/one", results: none },
      { name: "evals/two", results: attempts, settings: { samples: 2 } },
    ]);
    const { parts } = await made("table-4", material);
    expect(row(parts, "evals/two, best of 2")["babyai success"]).toBe("50.0");
    expect(row(parts, "evals/two, gain")["babyai success"]).toBe("+50.0");
    const same = { name: "m", maxTokens: 512 };
    const paired = await made(
      "table-4",
      materialOf([
        { name: "evals/warm", results: none, settings: { model: { ...same, temperature: 0.7 } } },
        { name: "evals/short", results: none, settings: { model: { ...same, maxTokens: 64 } } },
        { name: "evals/cold", results: none, settings: { model: { ...same, temperature: 0 } } },
        {
          name: "evals/two",
          results: attempts,
          settings: { samples: 2, model: { ...same, temperature: 1 } },
        },
      ]),
    );
    const ours = paired.parts?.[0]?.kind === "table" ? paired.parts[0].rows.slice(1, 4) : [];
    expect(ours.map(([name = ""]) => cellText(name))).toEqual([
      "evals/cold, one attempt",
      "evals/two, best of 2",
      "evals/two, gain",
    ]);
    const means = await made("table-10", material);
    expect(row(means.parts, "evals/two, mean of 2")["babyai success"]).toBe("25.0 ± 25.0");
    expect(await missing("table-9", material)).toContain("--reflexion");
  });

  test("of robustness have the words that were played, with the paper's beside them", async () => {
    const alfworld = (words: string | null, success: boolean) => [
      task(1, {
        suite: "alfworld",
        success,
        progress: Number(success),
        variant: { rules: "r", problems: "", scoring: "", words },
      }),
    ];
    const material = materialOf([
      { name: "evals/own", results: alfworld(null, true) },
      {
        name: "evals/1",
        results: alfworld("rename-verbs", false),
        settings: { perturbation: "rename-verbs" },
      },
    ]);
    const { parts } = await made("table-3", material);
    expect(row(parts, "evals/own success")).toMatchObject({
      "as it is": "100.0",
      "2: rename-verbs": "0.0",
      average: "50.0",
    });
    expect(row(parts, "AgentRefine success")).toMatchObject({ average: "48.5", deviation: "3.73" });
    expect(await missing("table-11", material)).toContain("no-verification");
    const [own, other] = material.evaluations;
    const trained = { evaluation: "evals/own", rows: 8000, otherwise: "no-verification" };
    const ablated = await made("table-11", { ...material, evaluations: [{ ...own!, trained }, other!] });
    const [, table] = ablated.parts ?? [];
    expect(table?.kind === "table" ? table.head.map((head) => head.split(":")[0]) : []).toEqual([
      "alfworld",
      "as it is",
      "1",
      "2",
      "3",
      "4",
      "average",
      "deviation",
    ]);
    expect(row(ablated.parts, "evals/own (8000 rows, w/o verification) progress")["as it is"]).toBe("100.0");
    expect(row(ablated.parts, "w/o verification success")).toMatchObject({ "as it is": "25.4" });
    const main = await made("table-1", material);
    expect(row(main.parts, "evals/1")).toEqual({});
  });
});

describe("the figures of a report", () => {
  test("5 has our sizes, and those that the paper's tables print", async () => {
    const material = materialOf([
      { name: "evals/4k", results: none, trained: { rows: 4000 } },
      { name: "evals/8k", results: half, trained: { rows: 8000 } },
      { name: "evals/mixed", results: half, trained: { rows: 8000, general: 100 } },
    ]);
    const values = (await made("figure-5", material)).charts?.[0]?.chart.data.values ?? [];
    const of = (source: string, measure: string) =>
      values
        .filter((each) => each.of === source && each.measure === measure)
        .map(({ rows, value }) => [rows, value]);
    expect(of("ours", "success")).toEqual([
      [4000, 0],
      [8000, 50],
    ]);
    expect(of("paper", "success")).toEqual([
      [4000, 33.9],
      [8000, 37.1],
      [32_000, 37.5],
    ]);
    const mixed = (await made("figure-11", material)).charts?.[0]?.chart.data.values ?? [];
    expect(mixed.map(({ general, success }) => [general, success])).toEqual([
      [0, 0],
      [0, 50],
      [100, 50],
    ]);
  });

  test("say what they need when it was not given", async () => {
    const material = materialOf([{ name: "evals/a", results: half, trained: { rows: 4000 } }]);
    expect(await missing("figure-5", material)).toContain("two sizes");
    expect(await missing("figure-11", material)).toContain("ROWS+GENERAL");
    expect(await missing("figure-13", material)).toBe("a run or a file of data");
    expect(await missing("table-1", materialOf([]))).toContain("agentrefine evaluate");
  });

  test("of data sets are over the statistics of all", async () => {
    const { making: _making, ...file } = someStatistics("rows.jsonl");
    const section = await made("data", materialOf([], [someStatistics(), file]));
    expect(row(section.parts, "runs/a")).toMatchObject({
      trajectories: "7",
      "accepted %": "70.0",
      "errors %": "20.0",
      "near goals": "1",
      "$ each": "0.20",
    });
    expect(row(section.parts, "rows.jsonl")).toMatchObject({ trajectories: "7", "accepted %": "–" });
    expect(section.charts?.map(({ file: name }) => name)).toContain("funnel");
  });
});
