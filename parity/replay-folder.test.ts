import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agentboardFiles, NO_AGENTBOARD_FILES } from "../src/environment/agentboard-files.ts";
import { generateLevel } from "../src/environment/babyai/levels/generate-level.ts";
import { LEVELS } from "../src/environment/babyai/levels/level-list.ts";
import { describeWorld } from "../src/environment/babyai/testing/describe-world.ts";
import { main } from "./main.ts";
import { type FolderReport, replayFolder } from "./replay-folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-parity-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, content: string | Buffer): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

function record(name: string, rows: readonly object[]): Promise<void> {
  return write(name, gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
}

/** A recorded grid as this program generates it. */
function gridRow(seed: number): { readonly text: string } {
  const { level, name } = LEVELS[0]!;
  const { world, mission } = generateLevel(level, seed);
  return { ...{ level: 1, env_id: name, seed }, text: describeWorld(world, mission) };
}

const GRIDS = "babyai/grids-text.jsonl.gz";

async function replay(): Promise<FolderReport & { readonly lines: readonly string[] }> {
  const lines: string[] = [];
  return { ...(await replayFolder(folder, NO_AGENTBOARD_FILES, (line) => lines.push(line))), lines };
}

describe("a folder of recordings", () => {
  test("that are equal is equal, and what has no world yet is not compared", async () => {
    await record(GRIDS, [gridRow(1), gridRow(2)]);
    await record("lamps/games.jsonl.gz", [{}]);
    await record("babyai/novel.jsonl.gz", [{}]);
    await record("pddl/walks.jsonl.gz", [{}]);
    const { compared, isEqual, lines } = await replay();
    expect({ compared, isEqual }).toEqual({ compared: 1, isEqual: true });
    expect(lines.map((line) => line.replace(/ +/g, " "))).toEqual([
      `${GRIDS} 2/2 grids equal (100.00 %), 2/2 rows`,
      "babyai/novel.jsonl.gz not compared: nothing is known of such a recording",
      "lamps/games.jsonl.gz not compared: there is no world of lamps yet",
      "pddl/walks.jsonl.gz not compared: needs AgentBoard's PDDL problems (--agentboard DIR)",
    ]);
  });

  test("with a difference is not equal, and tells it", async () => {
    await record(GRIDS, [gridRow(1), { ...gridRow(2), text: "mission: fly\n" }]);
    const { isEqual, lines } = await replay();
    expect(isEqual).toBe(false);
    expect(lines[1]).toMatch(/^ {4}row 1: text: /);
  });

  test("in which nothing can be compared is not equal", async () => {
    expect(await replay()).toEqual({ compared: 0, isEqual: false, lines: [] });
    await record("grids-text.jsonl.gz", [gridRow(1)]);
    expect(await replay()).toMatchObject({ compared: 0, isEqual: false });
    await record(GRIDS, []);
    expect(await replay()).toMatchObject({ compared: 1, isEqual: false });
  });

  test("that lacks what its manifest lists is not equal", async () => {
    await record(GRIDS, [gridRow(1)]);
    await write("manifest.json", JSON.stringify([{ file: GRIDS, lines: 1 }]));
    expect((await replay()).isEqual).toBe(true);
    await write("manifest.json", JSON.stringify([{ file: GRIDS, lines: 2 }]));
    expect(await replay()).toMatchObject({ isEqual: false });
    expect((await replay()).lines.at(-1)).toBe("    2 rows are expected (manifest.json)");
    await write("manifest.json", JSON.stringify([{ file: "rng/pcg64.jsonl.gz", lines: 20 }]));
    expect(await replay()).toMatchObject({ isEqual: false });
    expect((await replay()).lines.at(-1)).toMatch(
      /^rng\/pcg64\.jsonl\.gz +missing \(manifest\.json lists it\)$/,
    );
  });

  test.each([
    ["that is no archive", Buffer.from("no gzip")],
    ["that was cut off", gzipSync(JSON.stringify({ seed: 1 }).repeat(100)).subarray(0, -12)],
    ["of another form", gzipSync("{}\n")],
    ["that is no JSON", gzipSync("{\n")],
  ])("with a file %s tells why it cannot be read, and goes on with the rest", async (_kind, content) => {
    await write("babyai/grids.jsonl.gz", content);
    await record(GRIDS, [gridRow(1)]);
    const { compared, isEqual, lines } = await replay();
    expect({ compared, isEqual }).toEqual({ compared: 2, isEqual: false });
    // The first of them comes first, and the other is compared all the same.
    expect(lines[1]).toMatch(/^babyai\/grids\.jsonl\.gz +cannot be read: .+$/);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^babyai\/grids-text\.jsonl\.gz +1\/1 grids equal/);
  });

  test("with a manifest that cannot be read is refused", async () => {
    await write("manifest.json", "{}");
    await expect(replay()).rejects.toThrow("manifest.json is not a list of recordings");
  });
});

describe("AgentBoard's files", () => {
  test.each([
    ["babyai.jsonl", "pddl/gripper/prob01.pddl"],
    ["data/babyai/test.jsonl", "agentboard/environment/pddl_env/pddlgym/pddl/gripper/prob01.pddl"],
  ])("are found as %s and %s", async (labels, problem) => {
    await write(labels, "the labels");
    await write(problem, "the problem");
    const files = agentboardFiles(folder);
    expect(files.labels("babyai")).toEqual({ path: join(folder, labels), text: "the labels" });
    expect(files.problem("gripper", "prob01.pddl")).toBe("the problem");
    expect([files.labels("pddl"), files.problem("barman", "p01.pddl")]).toEqual([undefined, undefined]);
  });
});

describe("the command", () => {
  async function parity(
    ...commandLine: readonly string[]
  ): Promise<{ readonly code: number; readonly lines: string[] }> {
    const lines: string[] = [];
    const print = (line: string): number => lines.push(line);
    return { code: await main(commandLine, { print, complain: print }), lines };
  }

  test("refuses what it does not understand, with exit code 2 and no stack trace", async () => {
    const usage = "usage: npm run parity -- DIR [--agentboard DIR]";
    const nowhere = join(folder, "nowhere");
    expect(await parity()).toMatchObject({ code: 2, lines: [expect.stringContaining(usage)] });
    expect(await parity(folder, folder)).toMatchObject({ code: 2 });
    const unknown = await parity(folder, "--agentbord", folder);
    expect(unknown.code).toBe(2);
    expect(unknown.lines).toEqual([expect.stringContaining(`Unknown option '--agentbord'\n${usage}`)]);
    expect(await parity(nowhere)).toEqual({ code: 2, lines: [`there is no folder ${nowhere}`] });
    expect(await parity(folder, "--agentboard", nowhere)).toMatchObject({ code: 2 });
  });

  test("ends with 0 when all is equal, with 1 when something differs or nothing was compared", async () => {
    expect(await parity(folder)).toEqual({
      code: 1,
      lines: [expect.stringContaining("nothing was compared")],
    });
    await record(GRIDS, [gridRow(1)]);
    expect(await parity(folder)).toMatchObject({ code: 0 });
    await record(GRIDS, [{ ...gridRow(2), text: "mission: fly\n" }]);
    expect(await parity(folder)).toMatchObject({ code: 1 });
  });

  test("says which manifest or labels are of no use", async () => {
    await write("manifest.json", "{}");
    expect(await parity(folder)).toEqual({
      code: 2,
      lines: [expect.stringContaining("manifest.json is not a list of recordings")],
    });
  });
});
