import { describe, expect, test } from "vitest";
import type { EvaluationSettings } from "../../config/run-settings.ts";
import type { EpisodeEnding } from "../../evaluation/episode.ts";
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

function unlike(given: Partial<EvaluationSettings>, endings?: readonly EpisodeEnding[]): readonly string[] {
  const { samples = 1, episodes = 172 * samples } = given;
  return unlikePaper(
    { ...AS_THE_PAPER, ...given, episodes },
    endings ?? Array.from({ length: episodes }, () => "success" as const),
  );
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
    [{ maxTurns: 10 }, "at most 10 turns, not 30"],
    [{ example: false }, "no worked example"],
  ])("%j", (given, words) => {
    expect(unlike(given)).toEqual([expect.stringContaining(words)]);
  });

  test("is told suite by suite", () => {
    expect(unlike({ compat: "plain" })).toEqual([expect.stringContaining("babyai: the plain rules")]);
    expect(unlike({ perturbation: "swap-arguments" })).toEqual([
      "babyai: in other words (swap-arguments)",
      "pddl: in other words (swap-arguments)",
    ]);
    expect(unlike({ limit: 80, episodes: 140 })).toEqual(["babyai: the first 80 of 112 tasks"]);
    const { agentboard: _none, ...own } = AS_THE_PAPER;
    expect(
      unlikePaper(
        own,
        Array.from({ length: 172 }, () => "failure" as const),
      ),
    ).toEqual([
      expect.stringContaining("babyai: no labels"),
      expect.stringContaining("pddl: problems of our own"),
    ]);
  });

  test("is also another number of problems", () => {
    expect(unlike({ episodes: 116 })).toEqual(["116 tasks in all, not 172"]);
  });

  test("is also that it has not ended", () => {
    const ended = Array.from({ length: 100 }, () => "success" as const);
    expect(unlike({}, ended)).toEqual(["not finished: 100 of 172 episodes"]);
  });

  test("is also that the model failed", () => {
    const endings = Array.from({ length: 172 }, (_value, place) => (place < 2 ? "model-failed" : "success"));
    expect(unlike({}, endings)).toEqual(["the model failed in 2 of 172 episodes"]);
  });
});
