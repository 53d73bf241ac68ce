import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { fetchedFolder } from "../../data/testing/fetched.ts";
import { worldContract } from "../testing/world-contract.ts";
import { HOTPOTQA } from "./definition.ts";
import { article, startWiki } from "./testing/wiki-server.ts";

const home = await mkdtemp(join(tmpdir(), "agentrefine-home-"));
const folder = await fetchedFolder(home, "hotpotqa");
const wiki = await startWiki((address) => ({ html: article(`A page about ${address}. It is short.`) }));

const rows = Array.from({ length: 310 }, (_, row) => ({ question: `Which ${row}?`, answer: `the ${row}` }));
await writeFile(join(folder, "hotpot_dev_v1_simplified.json"), JSON.stringify(rows));
vi.stubEnv("AGENTREFINE_HOME", home);
const OPTIONS = { wikipedia: wiki.url, pages: join(home, "pages") };
const suites = {
  agentboard: await HOTPOTQA.load({ compat: "agentboard", ...OPTIONS }),
  plain: await HOTPOTQA.load({ compat: "plain", ...OPTIONS }),
  train: await HOTPOTQA.load({ compat: "plain", split: "train", ...OPTIONS }),
};

afterAll(async () => {
  vi.unstubAllEnvs();
  await wiki[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

const ODD = [
  "search[a]",
  "Search[a]",
  "lookup[short]",
  "lookup[]",
  "finish[the 3]",
  "search[",
  "think[x]",
  "search[#]",
];

for (const compat of ["agentboard", "plain"] as const) {
  worldContract(`hotpotqa, ${compat} rules`, {
    // They differ in nothing but their words.
    suite: { ...suites[compat], tasks: suites[compat].tasks.slice(0, 60) },
    oddActions: ODD,
    maximumActions: 8,
    randomActions: 500,
  });
}

describe("the questions to train on", () => {
  test("are others than those that are scored", () => {
    const scored = new Set(suites.agentboard.tasks.map(({ id }) => id));
    expect(scored.size).toBe(300);
    expect(suites.train.tasks).toHaveLength(10);
    expect(suites.train.tasks.filter(({ id }) => scored.has(id))).toEqual([]);
  });
});

test("what is unlike the paper is told of the variant", async () => {
  const { paper, needs } = HOTPOTQA;
  expect(paper?.unlike(suites.plain.variant)).toEqual(["plain rules", "pages of a mirror"]);
  const real = { ...suites.agentboard.variant, problems: "300 questions drawn with seed 1" };
  expect(paper?.unlike(real)).toEqual([]);
  expect((await needs({ compat: "plain" })).every(({ found }) => found)).toBe(true);
  vi.stubEnv("AGENTREFINE_HOME", join(home, "other"));
  expect(await needs({ compat: "plain" })).toContainEqual({
    need: "HotpotQA's questions",
    found: false,
    detail: "`agentrefine data get hotpotqa`",
    data: "hotpotqa",
  });
  vi.stubEnv("AGENTREFINE_HOME", home);
});
