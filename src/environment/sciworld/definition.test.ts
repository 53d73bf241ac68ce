import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SCIWORLD } from "./definition.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-definition-"));
  vi.stubEnv("AGENTREFINE_HOME", folder);
  vi.stubEnv("AGENTREFINE_SCIENCEWORLD", "");
  vi.stubEnv("AGENTREFINE_AGENTBOARD", "");
  vi.stubEnv("JAVA_HOME", "");
  vi.stubEnv("PATH", folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("what is missing is told with the command that brings it", async () => {
  const needs = await SCIWORLD.needs({ compat: "agentboard" });
  expect(needs.map(({ found, detail, optional = false }) => ({ found, detail, optional }))).toEqual([
    { found: false, detail: "`agentrefine data get scienceworld`", optional: false },
    { found: false, detail: "`agentrefine data get java`", optional: false },
    { found: false, detail: expect.stringContaining("agentrefine data get agentboard"), optional: true },
  ]);
  await expect(SCIWORLD.load({ compat: "agentboard" })).rejects.toMatchObject({
    fix: "Run `agentrefine data get scienceworld java`.",
  });
});

test("with a simulator the Java is asked for", async () => {
  await writeFile(join(folder, "scienceworld.jar"), "another jar");
  vi.stubEnv("AGENTREFINE_SCIENCEWORLD", folder);
  await expect(SCIWORLD.load({ compat: "agentboard" })).rejects.toMatchObject({
    fix: "Run `agentrefine data get java`.",
  });
});

test("results without labels, of other problems or rules stand beside the paper's with a word", () => {
  const papers = { rules: "agentboard", problems: "AgentBoard's problems", scoring: "labels", words: null };
  const unlike = SCIWORLD.paper?.unlike;
  expect(unlike?.(papers)).toEqual([]);
  expect(
    unlike?.({ ...papers, rules: "plain", problems: "others", scoring: "the simulator's score" }),
  ).toHaveLength(3);
});
