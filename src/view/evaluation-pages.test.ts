import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../cli/testing/test-host.ts";
import { type EvaluatedSuites, evaluateSuites } from "../evaluation/evaluate-suites.ts";
import { oneDigit } from "../numbers.ts";
import { compareEvaluations } from "../report/compare-evaluations.ts";
import { cellText } from "../report/render.ts";
import { estimateText, scoreText } from "../report/score-text.ts";
import { createApp } from "./app.tsx";
import { Library } from "./library.ts";
import { HOSTILE_TEXT, oddPlayer } from "./testing/hostile.ts";

const usage = { promptTokens: 900, completionTokens: 40, cachedTokens: 600, estimated: false };

let root: string;
let host: TestHost;
let app: ReturnType<typeof createApp>;
let random: EvaluatedSuites;
let odd: EvaluatedSuites;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#39;", "'"],
  ["&amp;", "&"],
]);

/** The text of a page as a reader sees it: markup gone, white space closed up. */
async function seen(path: string): Promise<string> {
  return (await html(path))
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES.get(entity) ?? entity)
    .replace(/\s+/g, " ");
}

async function html(path: string): Promise<string> {
  return (await app.request(path)).text();
}

beforeAll(async () => {
  host = await createTestHost();
  root = await mkdtemp(join(tmpdir(), "agentrefine-view-"));
  const options = { suites: ["babyai", "pddl"], sample: 4, maxTurns: 7 } as const;
  random = await evaluateSuites(join(root, "random"), { ...options, agent: "random", samples: 2 });
  await evaluateSuites(join(root, "expert"), { ...options, agent: "expert", maxTurns: 40 });
  const price = { prompt: 2.5, cachedPrompt: 1.25, completion: 10 };
  odd = await evaluateSuites(join(root, "odd"), {
    ...options,
    model: oddPlayer(),
    reflexion: 2,
    concurrency: 1,
    price,
  });
  app = createApp(new Library({ paths: ["."], directory: root, indexes: join(root, ".index") }));
}, 60_000);

afterAll(async () => {
  await host.remove();
  await rm(root, { recursive: true, force: true });
});

describe("the page of an evaluation", () => {
  test("has the numbers of its summary, which are those that evaluate and compare print", async () => {
    const text = await seen("/evaluation/random");
    for (const { suite, measures, scores, behaviour, groups, sampled } of random.summary.suites) {
      expect(text).toContain(`${suite} 4`);
      for (const measure of measures) {
        expect(text).toContain(estimateText(scores[measure.name], measure));
        for (const group of Object.values(groups))
          expect(text).toContain(scoreText(group.scores[measure.name], measure));
        expect(text).toContain(`${measure.name} % ${scoreText(sampled?.best[measure.name], measure)}`);
      }
      expect(text).toContain(`${oneDigit(100 * behaviour.grounding)} %`);
    }
    const { heldOut } = random.summary;
    for (const measure of heldOut?.measures ?? [])
      expect(text).toContain(estimateText(heldOut?.scores[measure.name], measure));
  });

  test("has a curve that ends at the mean of what the episodes came to", async () => {
    const text = await seen("/evaluation/random");
    for (const { suite, groups } of random.summary.suites) {
      const all = Object.values(groups);
      const count = all.reduce((sum, { episodes }) => sum + episodes, 0);
      const progress = all.reduce((sum, { episodes, scores }) => sum + episodes * (scores.progress ?? 0), 0);
      const end = scoreText(progress / count, { name: "progress", range: [0, 1], over: "highest" });
      expect(text).toContain(`${suite}: progress over turns`);
      expect(text).toMatch(new RegExp(` 7 ${end.replace(".", "\\.")} `));
    }
  });

  test("has what was spent, and what was wrong with replies", async () => {
    const text = await seen("/evaluation/odd");
    expect(text).toContain(`$${odd.spending.cost?.toFixed(2)}`);
    expect(text).toContain("replies that could not be read");
    expect(text).toContain("odd-7b, Reflexion");
  });
});

describe("the list of episodes", () => {
  test("has the episodes under the numbers that show gives them", async () => {
    const { stdout } = await host.run(["show", join(root, "odd"), "--json"]);
    const shown: readonly { number: number; suite: string; task: string; turns: number }[] =
      JSON.parse(stdout);
    const text = await seen("/evaluation/odd/episodes");
    for (const { number, suite, task } of shown) expect(text).toContain(`${number} ${suite}: ${task}`);
    const filtered = await seen("/evaluation/odd/episodes?suite=pddl&sort=-malformed");
    expect(filtered).toContain("1–4 of 4 episodes");
  });
});

describe("an episode", () => {
  test("is the dialogue that show prints, turn by turn", async () => {
    const { stdout } = await host.run(["show", join(root, "odd"), "1", "--json"]);
    const { trials } = JSON.parse(stdout);
    const text = await seen("/evaluation/odd/episodes/1");
    for (const trial of trials) {
      for (const { action, observation } of trial.turns.slice(0, 3)) {
        if (action !== null && !action.includes("<")) expect(text).toContain(action);
        expect(text).toContain(observation.replace(/\s+/g, " ").trim().slice(0, 60));
      }
    }
    for (const mark of ["malformed missing-action", "repeated", "irregular", "not understood"])
      expect(text).toContain(mark);
    expect(text).toContain("Trial 2");
    expect(text).toContain("Noted for the next trial");
    expect(text).toContain("the conversation exactly as it was sent");
    await html("/evaluation/expert");
    expect(await seen("/evaluation/odd/episodes/1")).toContain("Side by side with");
  });

  test("without a model begins with what was to be done, too", async () => {
    const { stdout } = await host.run(["show", join(root, "expert"), "1", "--json"]);
    const [trial] = JSON.parse(stdout).trials;
    const text = await seen("/evaluation/expert/episodes/1");
    expect(text).toContain("what the player was told at first");
    expect(text).toContain(trial.start.goal.replace(/\s+/g, " ").trim().slice(0, 60));
  });

  test("is text, whatever was written in it", async () => {
    const page = await html("/evaluation/odd/episodes/1");
    expect(page).not.toContain("<script>window");
    expect(page).not.toContain("<img");
    expect(page).not.toContain("\u202e");
    expect(page).not.toContain("\u001b");
    expect(page).toContain("\\u202e");
  });

  test("that there is none of is told of", async () => {
    for (const number of ["0", "99", "-1", "x"])
      expect((await app.request(`/evaluation/odd/episodes/${number}`)).status).toBe(404);
  });
});

describe("what is said of an episode", () => {
  const at = "/evaluation/odd/episodes/1";
  let annotated: ReturnType<typeof createApp>;

  beforeAll(() => {
    const library = new Library({ paths: ["."], directory: root, indexes: join(root, ".index") });
    annotated = createApp(library, { annotator: "ana" });
  });

  function post(fields: Readonly<Record<string, string>>, to = annotated, path = at) {
    const body = new URLSearchParams(fields).toString();
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(body.length),
    };
    return Promise.resolve(
      to.request(`${path}/annotations?sort=-turns`, { method: "POST", body, headers }),
    ).then(({ status, headers: answered }) => [status, answered.get("location")]);
  }

  test("is kept by the same forms as of a trajectory, and shown, listed, filtered and printed", async () => {
    const { trials } = JSON.parse((await host.run(["show", join(root, "odd"), "1", "--json"])).stdout);
    const first: number = trials[0].turns.length;
    expect(await post({ kind: "tag", tag: "loops", on: "yes" })).toEqual([
      303,
      `${at}?sort=-turns#annotations`,
    ]);
    expect(await post({ kind: "thumbs", thumbs: "down" })).toEqual([303, `${at}?sort=-turns#annotations`]);
    const wrong = { kind: "turn", verdict: "wrong", fault: "logic", note: "again" };
    // Turns are counted through all trials: the first of the second trial comes behind the last of the first.
    expect(await post({ ...wrong, turn: String(first + 1) })).toEqual([
      303,
      `${at}?sort=-turns#trial-2-turn-1`,
    ]);
    expect(await post({ kind: "star" })).toEqual([400, null]);
    expect(await post({ kind: "thumbs", thumbs: "up" }, annotated, "/evaluation/odd/episodes/99")).toEqual([
      404,
      null,
    ]);
    expect(await post({ kind: "thumbs", thumbs: "up" }, app)).toEqual([400, null]);
    const page = await (await annotated.request(at)).text();
    const behind = page.slice(page.indexOf('id="trial-2-turn-1"'));
    expect(behind.indexOf("ana: wrong (logic)")).toBeGreaterThan(0);
    expect(behind.indexOf("ana: wrong (logic)")).toBeLessThan(behind.indexOf('id="trial-2-turn-2"'));
    expect(await html(at)).not.toContain('method="post"');
    expect(await seen(at)).toContain("ana : thumbs down, loops");
    expect(await seen("/evaluation/odd/episodes?tag=loops&thumbs=down")).toContain("1–1 of 1 episode");
    expect(await seen("/evaluation/odd/episodes?thumbs=up")).toContain("no episodes");
    const { stdout } = await host.run(["show", join(root, "odd"), "1"]);
    for (const words of [
      "Said of it",
      "thumbs down",
      "tag loops",
      `turn ${first + 1} is wrong (logic): again`,
    ])
      expect(stdout).toContain(words);
    const listed = await host.run(["show", join(root, "odd"), "--only", "tag=loops", "--json"]);
    expect(JSON.parse(listed.stdout)).toHaveLength(1);
  });
});

describe("the grid of tasks", () => {
  test("has what compare says, and finds flipped tasks at once", async () => {
    const text = await seen("/evaluation/random/tasks?with=expert&show=flipped");
    const { report } = await compareEvaluations([join(root, "random"), join(root, "expert")], {
      nameOf: (directory) => directory.slice(root.length + 1),
    });
    for (const part of report("tall")) {
      if (part.kind !== "table") continue;
      for (const row of part.rows)
        for (const cell of row) expect(text).toContain(cellText(cell).replace(/\s+/g, " ").trim());
    }
    expect(text).toMatch(/[1-9]\d* flipped tasks/);
    expect(text).toContain("▲ won");
    expect(text).not.toContain("▼ lost");
  });

  test("leads to the episodes of a task side by side", async () => {
    const page = await html("/evaluation/random/tasks?with=expert");
    const [href = ""] = /\/evaluation\/random\/beside\/\d+\?with=expert/.exec(page) ?? [];
    const text = await seen(href);
    expect(text).toContain("the random agent");
    expect(text).toContain("the expert agent");
    expect(text).toMatch(/they part in turn \d+|they did the same to the end/);
  });
});

describe("an evaluation that is odd", () => {
  test("is shown as far as it goes, with a mark for each thing that cannot be read", async () => {
    const directory = join(root, "damaged");
    await mkdir(directory);
    const run = JSON.parse(await readFile(join(root, "odd/run.json"), "utf8"));
    await writeFile(
      join(directory, "run.json"),
      JSON.stringify({ ...run, settings: { kind: "evaluation" } }),
    );
    const [first = ""] = (await readFile(join(root, "odd/episodes.jsonl"), "utf8")).split("\n");
    const { scores: _scores, trials, ...old } = JSON.parse(first);
    // As the first version wrote them.
    const written = { ...old, success: false, progress: 0.25, variant: "agentboard rules", trials: [] };
    const long = Array.from({ length: 1000 }, () => trials[0].turns[0]);
    await writeFile(
      join(directory, "episodes.jsonl"),
      [
        "{torn",
        JSON.stringify(written),
        JSON.stringify({
          ...JSON.parse(first),
          task: HOSTILE_TEXT,
          suite: "of-my-own",
          trials: [{ ...trials[0], turns: long }],
        }),
        "",
      ].join("\n"),
    );
    const text = await seen("/evaluation/damaged");
    expect(text).toContain("episodes.jsonl: line 1 is not valid JSON");
    expect(text).toContain("its settings are of another version");
    expect(text).toContain("of-my-own");
    expect(text).toContain("25.0");
    expect(await seen("/evaluation/damaged/episodes/1")).toContain("turn-limit");
    const part = await html("/evaluation/damaged/episodes/2?turns=5");
    expect(part.replaceAll("\u202e", "").length).toBe(part.length);
    expect(part).toContain('id="turn-801"');
    expect(part).not.toContain('id="turn-800"');
  });

  test("and has nothing yet says so, and grows", async () => {
    const directory = join(root, "empty");
    await mkdir(directory);
    await writeFile(join(directory, "run.json"), await readFile(join(root, "odd/run.json"), "utf8"));
    expect(await seen("/evaluation/empty")).toContain("No episode has ended yet.");
    const [first = ""] = (await readFile(join(root, "odd/episodes.jsonl"), "utf8")).split("\n");
    await appendFile(join(directory, "episodes.jsonl"), `${first}\n`);
    const text = await seen("/evaluation/empty");
    expect(text).toContain("1 of 8");
    expect(text).toContain("7 are still to be played");
    const events = await app.request("/evaluation/empty/events");
    const reader = events.body?.getReader();
    const read = await reader?.read();
    expect(new TextDecoder().decode(read?.value)).toContain("event: ready");
    await reader?.cancel();
  });

  test("and was graded has its grades and the verdicts behind them", async () => {
    const directory = join(root, "graded");
    await mkdir(directory);
    const run = JSON.parse(await readFile(join(root, "odd/run.json"), "utf8"));
    await writeFile(join(directory, "run.json"), JSON.stringify(run));
    const [first = ""] = (await readFile(join(root, "odd/episodes.jsonl"), "utf8")).split("\n");
    const { trials, ...record } = JSON.parse(first);
    const scores = { score: 7.5 };
    const turns = [{ ...trials[0].turns[0], scores }];
    const own = { ...record, suite: "mt-bench", task: "81", group: "writing", ending: "success", scores };
    await writeFile(
      join(directory, "episodes.jsonl"),
      `${JSON.stringify({ ...own, trials: [{ ...trials[0], turns, scores }] })}\n`,
    );
    const key = { suite: "mt-bench", task: "81", attempt: 0, request: "0" };
    const calls = [
      { ...key, call: 2, by: "gpt-4o", cost: 0.01, text: "Clear. Rating: [[7.5]]", finish: "stop", usage },
      { suite: "mt-bench", task: "81", attempt: 0, key: "page https://x", answer: { title: "A page" } },
    ];
    await writeFile(
      join(directory, "calls.jsonl"),
      calls.map((each) => `${JSON.stringify(each)}\n`).join(""),
    );
    expect(await seen("/evaluation/graded")).toContain("7.50");
    const text = await seen("/evaluation/graded/episodes/1");
    for (const words of ["world score 7.50", "Verdicts", "Clear. Rating: [[7.5]]", "page https://x"])
      expect(text).toContain(words);
  });
});
