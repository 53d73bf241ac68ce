import { mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let host: TestHost;

beforeAll(async () => {
  host = await createTestHost();
  const evaluate = (...flags: readonly string[]): Promise<unknown> =>
    host.run(["evaluate", "--limit", "8", "--quiet", ...flags]);
  await evaluate("--suite", "babyai,pddl", "--agent", "random", "--out", "random");
  await evaluate("--suite", "babyai,pddl", "--agent", "expert", "--out", "expert");
  await evaluate("--suite", "babyai", "--agent", "random", "--samples", "3", "--out", "sampled");
  await evaluate("--suite", "babyai", "--agent", "expert", "--compat", "plain", "--out", "plain");
  const perturbed = (perturbation: string): Promise<unknown> =>
    evaluate("--suite", "babyai,pddl", "--agent", "random", "--perturb", perturbation, "--out", perturbation);
  await perturbed("rename-verbs");
  await perturbed("reorder-actions");
  await host.run(["evaluate", "--suite", "babyai", "--agent", "expert", "--limit", "4", "--out", "few"]);
}, 60_000);

afterAll(() => host.remove());

const EXPERT = ["--agent", "expert", "--limit", "8", "--quiet"];

/** What is said of an evaluation beside the paper's rows. */
async function unlike(name: string): Promise<unknown> {
  const { stdout } = await host.run(["compare", name, "--paper", "--json"]);
  return JSON.parse(stdout).evaluations[0].unlikePaper;
}

/** The rows of the Markdown tables as cells. */
function rows(markdown: string): readonly (readonly string[])[] {
  const lines = markdown.split("\n").filter((line) => line.startsWith("|"));
  return lines.map((line) => line.slice(2, -2).split(" | "));
}

describe("compare", () => {
  test("puts evaluations, their differences and their behaviour beside each other", async () => {
    const { code, stdout, stderr } = await host.run(["compare", "random", "expert"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [head, rule, random, expert, , , gain] = rows(stdout);
    expect(head).toEqual([
      "",
      ...["babyai", "pddl", "babyai + pddl (App. A's weights)"].flatMap((suite) => [
        `${suite} success`,
        `${suite} progress`,
      ]),
    ]);
    expect(rule?.[0]).toBe("---");
    expect(random?.[0]).toBe("random");
    const all = [...Array(4).fill("100.0 [67.6, 100.0]"), ...Array(2).fill("100.0 [76.0, 100.0]")];
    expect(expert).toEqual(["expert", ...all]);
    expect(gain?.[0]).toBe("expert");
    const parts = /\+([\d.]+) \[/.exec(gain?.[3] ?? "");
    expect(Number(parts?.[1])).toBeCloseTo(100 - Number.parseFloat(random?.[3] ?? ""), 1);
    expect(stdout).toContain("Differences from random");
  });

  test("shows the paper's rows, with their held-out score over the same suites", async () => {
    const { stdout } = await host.run(["compare", "expert", "--paper"]);
    const paper = rows(stdout).find(([name]) => name === "paper: AgentRefine (LLaMA-3-8B; Table 1)");
    expect(paper?.slice(1)).toEqual(["37.5", "50.4", "16.6", "37.8", "30.2", "46.0"]);
    expect(stdout).not.toContain("Table 4");
  });

  test("with several samples shows the best and the mean, and the tables for them", async () => {
    const { stdout } = await host.run(["compare", "sampled", "--paper"]);
    const names = rows(stdout).map(([name]) => name);
    expect(names).toContain("sampled †, best of 3");
    expect(names).toContain("sampled †, mean of 3");
    expect(names).toContain("paper: AgentRefine (LLaMA-3-8B; Table 4, best of 10)");
  });

  test("takes no difference of worlds with other rules, and says so", async () => {
    const { stdout } = await host.run(["compare", "expert", "plain"]);
    expect(stdout).toContain("babyai was played under different rules (agentboard rules, ");
    expect(rows(stdout).filter(([name]) => name === "plain")[1]?.[1]).toBe("–");
  });

  test("says on stderr what stands under tables that are written alone", async () => {
    const { stdout, stderr } = await host.run(["compare", "expert", "plain", "--as", "csv"]);
    expect(stdout).not.toContain("different rules");
    expect(stderr).toContain("babyai was played under different rules (agentboard rules, ");
    expect((await host.run(["compare", "expert", "plain", "--as", "markdown"])).stderr).toBe("");
  });

  test("says nothing of other tasks where rules differ, so that there is no difference over any", async () => {
    const { stdout } = await host.run(["compare", "plain", "few"]);
    expect(stdout).toContain("- babyai was played under different rules");
    expect(stdout).not.toContain("different tasks");
    const { stdout: table } = await host.run(["compare", "plain", "few", "--as", "table"]);
    expect(table).not.toContain("Differences");
    const { stdout: three } = await host.run(["compare", "sampled", "few", "plain"]);
    expect(three).toContain("- babyai was played under different rules");
    expect(three).toContain("- babyai was played with different tasks");
  });

  test("says when the tasks are others, and when an evaluation is not finished", async () => {
    const { stdout } = await host.run(["compare", "sampled", "few"]);
    expect(stdout).toContain("- babyai was played with different tasks");
    await truncate(join(host.directory, "few", "episodes.jsonl"), 4000);
    expect((await host.run(["compare", "few"])).stdout).toMatch(/few is not finished: \d of 4 episodes/);
  });

  test("marks rates over other tasks than those beside them at the number", async () => {
    const { stdout } = await host.run(["compare", "expert", "few"]);
    const few = rows(stdout).find(([name]) => name === "few");
    expect(few?.[1]).toMatch(/ ‡$/);
    expect(rows(stdout).find(([name]) => name === "expert")?.[1]).not.toContain("‡");
    expect(stdout).toMatch(/- few: \d of 8 tasks of babyai/);
  });

  test("is an aligned table on a terminal, with bold as bold, and Markdown on request", async () => {
    const args = ["compare", "random", "expert"];
    const { stdout } = await host.run(args, { isTTY: true, env: { FORCE_COLOR: "1" } });
    expect(stdout).not.toContain("|");
    expect(stdout).not.toContain("**");
    expect(stripVTControlCharacters(stdout)).not.toBe(stdout);
    expect(stdout).toMatch(/^ {2}expert {2,}100\.0 \[67\.6, 100\.0\] +100\.0/m);
    const piped = await host.run(args);
    const asked = await host.run([...args, "--as", "markdown"], { isTTY: true });
    expect(asked.stdout).toBe(piped.stdout);
    const plain = await host.run([...args, "--as", "table"]);
    expect(plain.stdout).toBe(stripVTControlCharacters(stdout));
  });

  test("gives its tables as CSV and for LaTeX, one format at a time", async () => {
    const csv = await host.run(["compare", "random", "expert", "--as", "csv"]);
    expect(csv.stdout).toContain('\nexpert,"100.0 [67.6, 100.0]","100.0 [67.6, 100.0]",');
    const latex = await host.run(["compare", "random", "expert", "--paper", "--as", "latex"]);
    expect(latex.stdout).toContain("\\begin{tabular}{lrrrrrr}");
    expect(latex.stdout).toMatch(/^expert \$\\dagger\$ & 100\.0 \[67\.6, 100\.0\] & /m);
    expect(latex.stdout).toMatch(/\\textbf\{\+/);
    const { code, stderr } = await host.run(["compare", "random", "--as", "csv", "--json"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--as and --json are two formats");
  });

  test("gives the same as JSON", async () => {
    const { stdout } = await host.run(["compare", "random", "expert", "--paper", "--json"]);
    const report = JSON.parse(stdout);
    const [random, expert] = report.evaluations;
    expect(report.suites).toEqual(["babyai", "pddl"]);
    expect(expert.unlikePaper).toEqual(await unlike("expert"));
    const bar = { evaluation: "expert", group: expect.any(String), value: 100, episodes: 4 };
    expect(report.charts.babyai.data.values).toContainEqual(bar);
    // All of pddl's tasks here are of one group.
    expect(Object.keys(report.charts)).toEqual(["babyai"]);
    expect(report.notes).toEqual([expect.stringContaining("are not public")]);
    expect(random.beyondFirst).toBeNull();
    expect(expert.beyondFirst.suites.pddl.scores.progress.value).toBeCloseTo(
      1 - random.suites[1].scores.progress.value,
    );
    expect(report.paper[0].rows[6].scores.babyai).toEqual({
      success: { value: 37.5 },
      progress: { value: 50.4 },
    });
  });

  test("says under the tables what the suites said of themselves", async () => {
    await host.run(["evaluate", "--suite", "babyai", ...EXPERT, "--out", "remarked"]);
    const file = join(host.directory, "remarked", "run.json");
    const run = JSON.parse(await readFile(file, "utf8"));
    run.settings.remarks = { babyai: ["One level can never be achieved."] };
    await writeFile(file, JSON.stringify(run));
    const { stdout } = await host.run(["compare", "expert", "remarked"]);
    expect(stdout).toContain("\n- babyai: One level can never be achieved.\n");
    const { stderr } = await host.run(["evaluate", "--out", "remarked"]);
    expect(stderr).toContain("babyai: One level can never be achieved.\n");
  });

  test("has the suites in one order, whichever episode ended first and whichever was named first", async () => {
    await host.run(["evaluate", "--suite", "pddl,babyai", ...EXPERT, "--out", "other-order"]);
    const { stdout } = await host.run(["compare", "other-order", "--json"]);
    const expert = await host.run(["compare", "expert", "--json"]);
    const withoutName = ({ stdout: text }: { readonly stdout: string }): unknown => {
      const { evaluations, charts: _ofNames, ...report } = JSON.parse(text);
      return { ...report, evaluations: evaluations.map((each: object) => ({ ...each, name: "" })) };
    };
    expect(JSON.stringify(withoutName({ stdout }))).toBe(JSON.stringify(withoutName(expert)));
  });

  test("sends no control character of somebody else's episodes to the terminal", async () => {
    await host.run(["evaluate", "--suite", "babyai", ...EXPERT, "--out", "hostile"]);
    const file = join(host.directory, "hostile", "episodes.jsonl");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replaceAll('"rules":"', '"rules":"\u009b31m'));
    const { stdout } = await host.run(["compare", "expert", "hostile"]);
    expect(stdout).toContain("\\u009b31m");
    expect(stdout).not.toContain("\u009b");
  });

  test("gives no score over several suites to an evaluation that has not played them all", async () => {
    const { stdout } = await host.run(["compare", "expert", "few"]);
    const [, , , few, , , gain] = rows(stdout);
    expect(few?.slice(3)).toEqual(Array(4).fill("–"));
    expect(gain?.slice(3)).toEqual(Array(4).fill("–"));
  });

  test.each([
    ["nowhere", "Error: there is no folder nowhere. Give the folders of evaluations"],
    ["empty", "Error: empty is not the folder of an evaluation: it has no run.json. Give"],
    ["file.txt", "Error: file.txt is a file. Give"],
    ["run", "Error: run is a run of generate and no evaluation. Give another folder."],
    ["begun", "Error: no episode of begun has ended yet. Resume it: agentrefine evaluate --out begun"],
  ])("refuses %s with one line that says what it is", async (name, words) => {
    await host.run(["generate", "--model", "offline", "--limit", "1", "--out", "run", "--quiet"]);
    await mkdir(join(host.directory, "empty"), { recursive: true });
    await writeFile(join(host.directory, "file.txt"), "");
    await host.run(["evaluate", "--suite", "babyai", ...EXPERT, "--out", "begun"]);
    await truncate(join(host.directory, "begun", "episodes.jsonl"), 0);
    const { code, stdout, stderr } = await host.run(["compare", "expert", name]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(words)).toBe(true);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("wants a folder", async () => {
    expect(await host.run(["compare"])).toMatchObject({ code: 2 });
  });
});

describe("compare of the same worlds in other words", () => {
  test("takes differences on purpose, and labels them", async () => {
    const { stdout } = await host.run(["compare", "random", "rename-verbs"]);
    expect(stdout).toContain("Differences from random (as it is) over the same tasks");
    expect(stdout).not.toContain("different rules");
    const gain = rows(stdout).find(([name]) => name === "rename-verbs (rename-verbs)");
    expect(gain?.slice(1).every((cell) => cell.includes("["))).toBe(true);
    const { stdout: other } = await host.run(["compare", "random", "expert"]);
    expect(other).not.toContain("as it is");
  });

  test("shows robustness: each score, average and deviation, for each suite", async () => {
    const folders = ["expert", "rename-verbs", "random", "reorder-actions"];
    const { stdout } = await host.run(["compare", ...folders]);
    const table = rows(stdout.slice(stdout.indexOf("Robustness:")));
    expect(table[0]).toEqual(["", "as it is", "rename-verbs", "reorder-actions", "average", "deviation"]);
    expect(stdout).toContain(
      "as in the paper's Tables 3 and 11; App. K has none of babyai, pddl, where they are over all words.",
    );
    expect(table.slice(2, 6).map(([name]) => name)).toEqual([
      "random: babyai success",
      "random: babyai progress",
      "random: pddl success",
      "random: pddl progress",
    ]);
    const [, ...cells] = table[3]?.map(Number) ?? [];
    const [average = 0, deviation = 0] = cells.splice(3);
    const middle = cells.reduce((sum, cell) => sum + cell, 0) / 3;
    expect(average).toBeCloseTo(middle, 0);
    expect(deviation).toBeCloseTo(Math.hypot(...cells.map((cell) => cell - middle)) / Math.sqrt(3), 0);
    const { robustness } = JSON.parse((await host.run(["compare", ...folders, "--json"])).stdout);
    expect(robustness).toHaveLength(2);
    expect(robustness[0]).toMatchObject({
      suite: "babyai",
      scores: [
        { name: "random", perturbation: null },
        { name: "rename-verbs", perturbation: "rename-verbs" },
        { name: "reorder-actions", perturbation: "reorder-actions" },
      ],
    });
    expect((100 * robustness[0].spread.progress.mean).toFixed(1)).toBe(average.toFixed(1));
  });

  test("shows none without the world's own words, and none of two agents", async () => {
    for (const folders of [
      ["rename-verbs", "reorder-actions"],
      ["expert", "rename-verbs"],
    ]) {
      expect((await host.run(["compare", ...folders])).stdout).not.toContain("Robustness");
    }
  });
});

describe("beside the paper's rows compare says what makes an evaluation unlike them", () => {
  test.each([
    [
      "expert",
      [
        "the expert agent played, not a model",
        expect.stringContaining("babyai: no labels of AgentBoard"),
        "babyai: the first 8 of 112 tasks",
        "pddl: problems of our own, not AgentBoard's",
        "pddl: the first 8 of 60 tasks",
      ],
    ],
    [
      "plain",
      [
        "the expert agent played, not a model",
        expect.stringContaining("babyai: no labels of AgentBoard"),
        "babyai: the plain rules, which are fairer to a player than AgentBoard's",
        "babyai: the first 8 of 112 tasks",
      ],
    ],
  ])("%s", async (name, words) => {
    expect(await unlike(name)).toEqual(words);
    const { stdout } = await host.run(["compare", name, "--paper"]);
    expect(rows(stdout).map(([label]) => label)).toContain(`${name} †`);
    for (const each of words) {
      if (typeof each === "string") expect(stdout).toContain(`\n- ${name}: ${each}\n`);
    }
    expect(stdout).toContain(
      "† not played as the rows of the paper's Table 1 were, so not comparable with them:",
    );
  });

  test("only where the paper's rows are", async () => {
    const { stdout } = await host.run(["compare", "expert"]);
    expect(stdout).not.toContain("†");
    const { stdout: json } = await host.run(["compare", "expert", "--json"]);
    expect(JSON.parse(json).evaluations[0]).not.toHaveProperty("unlikePaper");
  });
});
