import { describe, expect, test } from "vitest";
import type { EpisodeEnding } from "../agent/agent.ts";
import type { EpisodeResult } from "../evaluation/episode-result.ts";
import type { EvaluationSettings } from "../evaluation/settings.ts";
import { someResult } from "../evaluation/testing/some-result.ts";
import { unlikePaper } from "./unlike-paper.ts";

/** Played as the paper's Table 1. */
const AS_THE_PAPER: EvaluationSettings = {
  kind: "evaluation",
  suites: ["babyai", "pddl"],
  compat: "agentboard",
  agentboard: "/data/agentboard",
  agent: "react",
  example: true,
  samples: 1,
  maxTurns: 30,
  seed: 1,
  episodes: 172,
  model: { name: "tuned", temperature: 0, maxTokens: 1024 },
};

const BENCHMARK = { rules: "agentboard", problems: "AgentBoard's problems", words: null } as const;
const VARIANTS = {
  babyai: { ...BENCHMARK, scoring: "labels" },
  pddl: { ...BENCHMARK, scoring: "goal facts" },
};

/** Episodes that ended so, half of them of each suite. */
function ended(
  endings: readonly EpisodeEnding[],
  variants: Partial<typeof VARIANTS> | object = {},
): readonly EpisodeResult[] {
  const both = { ...VARIANTS, ...variants };
  return endings.map((ending, place) => {
    const suite = place % 2 === 0 ? "babyai" : "pddl";
    return someResult({ suite, task: `task-${place}`, ending, variant: both[suite] });
  });
}

function unlike(
  given: Partial<EvaluationSettings>,
  endings?: readonly EpisodeEnding[],
  variants: object = {},
): readonly string[] {
  const { samples = 1, episodes = 172 * samples } = given;
  const all = endings ?? Array.from({ length: episodes }, () => "success" as const);
  return unlikePaper({ ...AS_THE_PAPER, ...given, episodes }, ended(all, variants));
}

describe("what makes an evaluation unlike the paper's", () => {
  test("is nothing when it was played as theirs", () => {
    expect(unlike({})).toEqual([]);
    expect(unlike({ limit: 112 })).toEqual([]);
  });

  const model = AS_THE_PAPER.model!;
  test.each<[Partial<EvaluationSettings>, string]>([
    [{ agent: "random" }, "the random agent played, not a model"],
    [{ reflexion: 3 }, "with Reflexion, up to 3 trials"],
    [{ samples: 4, model: { ...model, temperature: 1 } }, "4 attempts, where Table 1 has one"],
    [{ samples: 10, model: { ...model, temperature: 1 } }, "ten attempts, as in Tables 4 and 10"],
    [{ model: { ...model, temperature: 0.7 } }, "temperature 0.7, not 0"],
    [{ model: { ...model, topP: 0.9 } }, "top-p 0.9"],
    [{ model: { ...model, maxTokens: 64 } }, "at most 64 tokens in a reply, not 1024"],
    [
      { model: { ...model, body: { repetition_penalty: 1.2 } } },
      "further fields of each request (repetition_penalty)",
    ],
    [{ example: false }, "no worked example"],
  ])("%j", (given, words) => {
    expect(unlike(given)).toEqual([expect.stringContaining(words)]);
  });

  test("is told suite by suite", () => {
    const babyai = { ...VARIANTS.babyai, rules: "plain" };
    expect(unlike({ compat: "plain" }, undefined, { babyai })).toEqual([
      expect.stringContaining("babyai: the plain rules"),
    ]);
    expect(unlike({ perturbation: "swap-arguments" })).toEqual([
      "babyai: in other words (swap-arguments)",
      "pddl: in other words (swap-arguments)",
    ]);
    expect(unlike({ limit: 80, episodes: 140 })).toEqual(["babyai: the first 80 of 112 tasks"]);
    expect(unlike({ maxTurns: 10 })).toEqual([
      "babyai: at most 10 turns, not 30",
      "pddl: at most 10 turns, not 30",
    ]);
    expect(unlike({ sample: 80, episodes: 140 })).toEqual(["babyai: a sample of 80 of 112 tasks"]);
    const own = {
      babyai: { ...VARIANTS.babyai, scoring: "mission parts" },
      pddl: { ...VARIANTS.pddl, problems: "own problems of seed 0" },
    };
    expect(unlike({}, undefined, own)).toEqual([
      expect.stringContaining("babyai: no labels"),
      expect.stringContaining("pddl: problems of our own"),
    ]);
  });

  test("is a suite that the paper does not have", () => {
    const variant = { rules: "zork only, own goals", problems: "", scoring: "", words: null };
    const results = Array.from({ length: 20 }, (_value, place) =>
      someResult({ suite: "chess", task: `task-${place}`, variant }),
    );
    expect(unlikePaper({ ...AS_THE_PAPER, suites: ["chess"], episodes: 20 }, results)).toEqual([
      "chess: not of the paper (zork only, own goals)",
    ]);
  });

  test("is also another number of problems", () => {
    expect(unlike({ episodes: 116 })).toEqual(["116 tasks in all, not 172"]);
  });

  test("is also that it has not ended", () => {
    const some = Array.from({ length: 100 }, () => "success" as const);
    expect(unlike({}, some)).toEqual(["not finished: 100 of 172 episodes"]);
  });

  test("is also that the model failed", () => {
    const endings = Array.from({ length: 172 }, (_value, place) => (place < 2 ? "model-failed" : "success"));
    expect(unlike({}, endings)).toEqual(["the model failed in 2 of 172 episodes"]);
    const broken = endings.map((ending) => (ending === "model-failed" ? "world-failed" : ending));
    expect(unlike({}, broken)).toEqual(["the world failed in 2 of 172 episodes"]);
  });
});
