import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { createRunFolder, openRunFolder } from "./run-folder.ts";

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "agentrefine-run-"));
  folder = join(parent, "runs", "first");
});
afterEach(() => rm(parent, { recursive: true }));

const DESCRIPTION = {
  createdAt: "2026-01-02T03:04:05.000Z",
  agentrefine: "0.1.0",
  settings: { seed: 7, model: { name: "offline" }, stop: ["a", "b"] },
  prices: { offline: { prompt: 0, completion: 0 } },
};

describe("createRunFolder", () => {
  it("makes a folder that can be opened, with the settings as they were given", async () => {
    const created = await createRunFolder(folder, DESCRIPTION);
    expect(created.description).toEqual({ format: 1, ...DESCRIPTION });
    expect(await readdir(folder)).toEqual(["run.json"]);
    expect(created.paths.calls).toBe(join(folder, "calls.jsonl"));
    expect(await openRunFolder(folder)).toEqual(created);
  });

  it("keeps settings whose names are those of an object's own machinery", async () => {
    const settings: Record<string, unknown> = JSON.parse('{"__proto__":{"seed":1},"constructor":2}');
    await createRunFolder(folder, { ...DESCRIPTION, settings });
    const opened = await openRunFolder(folder);
    expect(JSON.stringify(opened.description.settings)).toBe('{"__proto__":{"seed":1},"constructor":2}');
  });

  it("is made by one of many that are started together, in folders that none had", async () => {
    for (let round = 0; round < 20; round += 1) {
      const deep = join(parent, String(round), "a", "b", "c");
      const attempts = Array.from({ length: 8 }, () => createRunFolder(deep, DESCRIPTION));
      const outcomes = await Promise.allSettled(attempts);
      const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
      expect(refused).toHaveLength(7);
      for (const reason of refused) expect(String(reason)).toMatch(/is in use by|already holds a run/);
    }
  });

  it("takes an empty folder, and one in which a creation was killed", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "run.json.0a1b2c3d.partial"), "{");
    await createRunFolder(folder, DESCRIPTION);
    expect((await openRunFolder(folder)).description.agentrefine).toBe("0.1.0");
  });

  it("refuses a folder with other things in it and leaves it as it is", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "thesis.tex"), "");
    await expect(createRunFolder(folder, DESCRIPTION)).rejects.toThrow("not a run: it holds thesis.tex");
    expect(await readdir(folder)).toEqual(["thesis.tex"]);
  });

  it("refuses a folder that holds a run, whose description stays as it is", async () => {
    await createRunFolder(folder, DESCRIPTION);
    const before = await readFile(join(folder, "run.json"), "utf8");
    const again = createRunFolder(folder, { ...DESCRIPTION, settings: { seed: 8 } });
    await expect(again).rejects.toThrow("already holds a run");
    expect(await readFile(join(folder, "run.json"), "utf8")).toBe(before);
  });

  it("gives the folder to one of several that create a run in it at once", async () => {
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4].map((seed) => createRunFolder(folder, { ...DESCRIPTION, settings: { seed } })),
    );
    const created = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(created).toHaveLength(1);
    expect(await openRunFolder(folder)).toEqual(created[0]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(AgentRefineError);
    }
  });

  it("says that a file is in the way", async () => {
    await writeFile(join(parent, "runs"), "");
    await expect(createRunFolder(folder, DESCRIPTION)).rejects.toThrow(AgentRefineError);
    await expect(createRunFolder(join(parent, "runs"), DESCRIPTION)).rejects.toThrow(AgentRefineError);
  });
});

describe("openRunFolder", () => {
  it("refuses what is not a run", async () => {
    await expect(openRunFolder(folder)).rejects.toThrow("is not a run: there is no such folder");
    await mkdir(folder, { recursive: true });
    await expect(openRunFolder(folder)).rejects.toBeInstanceOf(AgentRefineError);
    await expect(openRunFolder(folder)).rejects.toThrow("is not a run: it has no run.json");
  });

  it("says what else it is: a file, a folder around runs, a training", async () => {
    await createRunFolder(join(folder, "first"), DESCRIPTION);
    await expect(openRunFolder(folder)).rejects.toThrow("is not a run: it is a folder around first");
    await expect(openRunFolder(join(folder, "first", "run.json"))).rejects.toThrow("it is a file");
    await mkdir(join(folder, "tuned"));
    await writeFile(join(folder, "tuned", "launch.sh"), "");
    await expect(openRunFolder(join(folder, "tuned"))).rejects.toThrow("it is a training");
  });

  it.each([
    ["{", "is not valid JSON"],
    ["[]", "does not describe a run"],
    ['{"name":"an npm package"}', "does not describe a run"],
    ['{"format":2}', "has format 2, and this version reads format 1"],
    ['{"format":1}', 'has no "createdAt"'],
    ['{"format":1,"createdAt":"2026","agentrefine":"1","settings":[]}', 'has no "settings"'],
  ])("refuses the description %s", async (text, problem) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "run.json"), text);
    await expect(openRunFolder(folder)).rejects.toThrow(problem);
    await expect(openRunFolder(folder)).rejects.toBeInstanceOf(AgentRefineError);
  });
});
