import { compile } from "vega-lite";
import { describe, expect, test, vi } from "vitest";
import type { Measure } from "../../environment/suite.ts";
import type { Episode } from "../../evaluation/episode.ts";
import { summarize } from "../../evaluation/summary.ts";
import { someResult } from "../../evaluation/testing/some-result.ts";
import { progressByTurn } from "../progress-by-turn.ts";
import { renderChart } from "../render-chart.ts";
import { someStatistics } from "../testing/some-statistics.ts";
import { type Chart, chartCsv } from "./chart.ts";
import { COLOURS, chartVariables, GROUND } from "./colours.ts";
import {
  acceptanceFunnel,
  actionsOfScripts,
  errorRunChart,
  faultsByKind,
  goalThemes,
  lengthsInTokens,
  lengthsInTurns,
  objectsOfScripts,
} from "./data-charts.ts";
import { groupCharts, progressOverTurns } from "./evaluation-charts.ts";

const OF_DATA = [
  acceptanceFunnel,
  faultsByKind,
  errorRunChart,
  lengthsInTurns,
  lengthsInTokens,
  actionsOfScripts,
  objectsOfScripts,
  goalThemes,
];
const one = [someStatistics()];
const HOSTILE = `<script>alert(1)</script>" onload="x`;
const several = [...one, someStatistics(HOSTILE)];

/** What Vega-Lite has to say of a specification. */
function warningsOf(chart: Chart): readonly unknown[] {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  try {
    compile(JSON.parse(JSON.stringify(chart)));
    return warn.mock.calls.flat();
  } finally {
    warn.mockRestore();
  }
}

describe("charts of data sets", () => {
  test.each(OF_DATA.map((make) => [make.name, make] as const))(
    "%s is a sound specification",
    (_name, make) => {
      for (const data of [one, several]) {
        const chart = make(data);
        expect(chart.data.values.length).toBeGreaterThan(0);
        expect(chart.description).not.toContain("undefined");
        expect(warningsOf(chart)).toEqual([]);
      }
    },
  );

  test("have the numbers of the statistics", () => {
    expect(chartCsv(acceptanceFunnel(one))).toMatchInlineSnapshot(`
      "run,call,outcome,personas,order
      runs/a,1,accepted,0,0
      runs/a,1,rejected,0,1
      runs/a,1,failed,1,2
      runs/a,1,asked again,9,3
      runs/a,2,accepted,4,0
      runs/a,2,rejected,0,1
      runs/a,2,failed,0,2
      runs/a,2,asked again,5,3
      runs/a,3,accepted,3,0
      runs/a,3,rejected,0,1
      runs/a,3,failed,0,2
      runs/a,3,asked again,2,3
      runs/a,4,accepted,0,0
      runs/a,4,rejected,2,1
      runs/a,4,failed,0,2
      runs/a,4,asked again,0,3
      "
    `);
    expect(chartCsv(faultsByKind(one))).toBe(
      "run,fault,count\nruns/a,unmatched-action,5\nruns/a,unfinished,2\nruns/a,script/wrong-keys,1\n",
    );
    expect(errorRunChart(one).data.values).toContainEqual({
      set: "runs/a",
      length: "2",
      share: 4,
      runs: 1,
      turns: 2,
    });
    expect(errorRunChart(one).data.values).toContainEqual(
      expect.objectContaining({ set: "paper", length: "1", share: 16 }),
    );
    expect(lengthsInTurns(one).data.values.map(({ size, trajectories }) => [size, trajectories])).toEqual([
      ["6", 3],
      ["7", 2],
      ["8", 0],
      ["9", 0],
      ["10", 2],
    ]);
    const shares = goalThemes(one).data.values.map(({ theme, goals }) => [theme, goals]);
    expect(shares).toEqual([
      ["bakery", 5],
      ["other", 2],
    ]);
  });

  test("are told in words to who does not see them", () => {
    expect(acceptanceFunnel(one).description).toBe(
      "runs/a: of 10 personas 7 were accepted (4 after 2 calls, 3 after 3 calls).",
    );
    expect(errorRunChart(one).description).toContain("runs/a: 1: 16 %, 2: 4 %, 3: 0 %, >3: 0 %.");
  });

  test("leave out files where only runs have a part", () => {
    const { making: _making, goals: _goals, ...file } = someStatistics("rows.jsonl");
    const names = (chart: Chart) => new Set(chart.data.values.map((row) => row.run ?? row.set));
    expect(names(acceptanceFunnel([...one, file]))).toEqual(new Set(["runs/a"]));
    expect(names(goalThemes([...one, file]))).toEqual(new Set(["runs/a"]));
    expect(names(lengthsInTurns([...one, file]))).toEqual(new Set(["runs/a", "rows.jsonl"]));
  });
});

describe("charts of evaluations", () => {
  const results = [
    someResult({ task: "a", group: "easy one", success: true, progress: 1 }),
    someResult({ task: "b", group: "easy one" }),
    someResult({ task: "c", group: "hard one", progress: 0.5 }),
  ];
  const SUCCESS: Measure = { name: "success", range: [0, 1], over: "last" };
  const measures = new Map([["babyai", [SUCCESS]]]);
  const evaluation = { name: "evals/a", summary: summarize(results), beyondFirst: undefined };

  test("have each group's mean, in per cent", () => {
    const { babyai } = groupCharts({ evaluations: [evaluation], suites: ["babyai"], measures });
    expect(babyai && warningsOf(babyai)).toEqual([]);
    expect(babyai?.data.values).toEqual([
      { evaluation: "evals/a", group: "easy one", value: 50, episodes: 2 },
      { evaluation: "evals/a", group: "hard one", value: 0, episodes: 1 },
    ]);
    expect(babyai?.description).toContain("evals/a: easy one 50, hard one 0.");
  });

  test("show no suite of one group", () => {
    const summary = summarize(results.slice(0, 2));
    const evaluations = [{ name: "evals/a", summary, beyondFirst: undefined }];
    expect(groupCharts({ evaluations, suites: ["babyai"], measures })).toEqual({});
  });

  test("have mean progress after each turn, of the last trial, and keep what was reached", async () => {
    const progress = await progressByTurn([
      someEpisode([[0.9], [0, 0.5, 0.25, 1]]),
      someEpisode([[0.5]]),
      someEpisode([[]]),
    ]);
    expect(progress).toEqual([
      { suite: "babyai", episodes: 3, means: [0, 0.5 / 3, 1 / 3, 1 / 3, 0.5].map(close) },
    ]);
    const chart = progressOverTurns("babyai", [
      { name: "evals/a", progress },
      { name: "evals/b", progress: [{ suite: "babyai", episodes: 1, means: [0, 1] }] },
    ]);
    expect(warningsOf(chart)).toEqual([]);
    expect(chart.data.values.at(-1)).toEqual({ evaluation: "evals/b", turn: 4, progress: 100 });
    expect(chart.description).toContain("evals/a: 50 % after 4 turns, over 3 episodes.");
  });
});

function close(value: number): unknown {
  return expect.closeTo(value, 9);
}

function someEpisode(trials: readonly (readonly number[])[]): Episode {
  const { trials: _count, ...result } = someResult({});
  return {
    ...result,
    trials: trials.map((progress) => ({
      messages: [],
      ending: "turn-limit",
      reason: null,
      scores: {},
      turns: progress.map((each) => ({
        action: "look",
        observation: "A room.",
        actionIsValid: true,
        scores: { success: 0, progress: each },
      })),
    })),
  };
}

describe("the data of a chart as CSV", () => {
  test("is no formula, and quoted where it must be", () => {
    const values = [{ name: "=1+1", value: -0.5, note: 'a "b", c' }];
    const chart = { ...errorRunChart(one), data: { values } };
    expect(chartCsv(chart)).toBe('name,value,note\n\'=1+1,-0.5,"a ""b"", c"\n');
  });
});

describe("a drawn chart", () => {
  test("is text without script, style or address, whatever its data are called", async () => {
    const svg = await renderChart(acceptanceFunnel(several), "page");
    const tags = svg.match(/<[^>]*>/g) ?? [];
    const names = new Set(tags.map((tag) => /^<\/?([a-zA-Z]+)/.exec(tag)?.[1]));
    expect([...names].sort()).toEqual(["desc", "g", "line", "path", "svg", "text", "title"]);
    const attributes = new Set(tags.slice(1).flatMap((tag) => tag.match(/(?<= )[a-z-]+(?==)/g) ?? []));
    for (const name of ["style", "href", "id", "role", "onload"]) expect(attributes).not.toContain(name);
    expect(tags[0]).toMatch(
      /^<svg xmlns="[^"]*" class="marks" width="\d+" height="\d+" viewBox="[^"]*" role="img" aria-label="Personas by call\. [^"]*&lt;script&gt;[^"]*&quot; onload=&quot;x[^"]*">$/,
    );
    expect(svg.indexOf(">runs/a</text>")).toBeLessThan(svg.indexOf(">&lt;script&gt;"));
  });

  test("has the colours of its ground", async () => {
    const chart = errorRunChart(one);
    const [light, dark, page] = [
      await renderChart(chart),
      await renderChart(chart, "dark"),
      await renderChart(chart, "page"),
    ];
    const { accent } = COLOURS;
    expect(light.includes(`fill="${accent.light}"`)).toBe(true);
    expect(dark.includes(`fill="${accent.dark}"`)).toBe(true);
    expect(dark.includes(accent.light)).toBe(false);
    expect(page.match(/="#[0-9a-f]{6}"/g)).toBeNull();
    expect(page.includes(`fill="var(--chart-accent,${accent.light})"`)).toBe(true);
    expect(chartVariables()).toContain(`--chart-accent:${accent.dark}`);
    expect((await renderChart(chart)) === light).toBe(true);
  });
});

describe("the colours", () => {
  test("have each a light form of its own, by which the drawing knows it", () => {
    const light = Object.values(COLOURS).map((colour) => colour.light);
    expect(new Set(light).size).toBe(light.length);
  });

  test.each(Object.entries(COLOURS).filter(([name]) => !["line", "pale"].includes(name)))(
    "%s can be read on its ground (WCAG AA)",
    (_name, colour) => {
      for (const ground of ["light", "dark"] as const)
        expect(contrast(colour[ground], GROUND[ground])).toBeGreaterThanOrEqual(4.5);
    },
  );
});

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
