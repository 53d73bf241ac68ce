import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DATA_SET_NAMES } from "../../data/data-sets.ts";
import { zipOf } from "../../data/testing/zip.ts";
import { createTestHost, type Ran, type TestHost } from "../testing/test-host.ts";

let host: TestHost;
beforeEach(async () => {
  host = await createTestHost();
});
afterEach(() => host.remove());

function data(...words: string[]): Promise<Ran> {
  return host.run(["data", ...words], { env: { AGENTREFINE_HOME: join(host.directory, "home") } });
}

/** As many games as the benchmark has, each of nothing. */
function games(): Buffer {
  const paths = Array.from(
    { length: 134 },
    (_value, place) => `json_2.1.1/valid_unseen/t/${place}/game.tw-pddl`,
  );
  return zipOf([
    ...paths.map((path) => ({ path, content: path })),
    { path: "README", content: "not wanted" },
  ]);
}

test("list tells of each data set within 80 columns", async () => {
  // A Java has another size on each platform.
  const { code, stdout } = await data("list", ...DATA_SET_NAMES.filter((name) => name !== "java"));
  expect(code).toBe(0);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toMatchSnapshot();
  const { data: all } = JSON.parse((await data("list", "--json")).stdout);
  expect(all.map(({ name }: { name: string }) => name)).toEqual(DATA_SET_NAMES);
});

test("a file brings a data set; check tells what has changed in it; get fetches it anew", async () => {
  const zip = join(host.directory, "json_2.1.3_tw-pddl.zip");
  await writeFile(zip, games());
  const got = await data("get", "alfworld", "--from", "json_2.1.3_tw-pddl.zip", "--json");
  expect(got.code).toBe(0);
  expect(got.stderr).toContain(
    "alfworld is here: 134 files, 0.0 MB in home/data/alfworld.\nIts files: json_2.1.1/valid_unseen/ (134).\nIts licence: MIT.\n",
  );
  expect(JSON.parse(got.stdout).data).toMatchObject([{ name: "alfworld", licence: "MIT", files: 134 }]);
  expect(await data("check", "alfworld", "zork")).toMatchObject({
    code: 0,
    stdout: "alfworld: whole (134 files)\nzork: not here\n",
  });
  const game = join(host.directory, "home/data/alfworld/json_2.1.1/valid_unseen/t/7/game.tw-pddl");
  const was = await readFile(game, "utf8");
  await writeFile(game, was.toUpperCase());
  const checked = await data("check");
  expect(checked.code).toBe(1);
  expect(checked.stdout).toContain(
    "alfworld: damaged; fetch it again: agentrefine data get alfworld\n  json_2.1.1/valid_unseen/t/7/game.tw-pddl has changed\n",
  );
  expect((await data("get", "alfworld", "--from", zip)).stderr).toContain("was damaged and was fetched anew");
  expect((await data("get", "alfworld")).stderr).toContain("was here and is whole");
  expect(await readFile(game, "utf8")).toBe(was);
  expect((await data("list", "alfworld")).stdout).toContain("in home/data/alfworld\n");
});

test("what is wrong is told in one line", async () => {
  const wrong = async (...words: string[]): Promise<string> => {
    const { code, stderr, stdout } = await data(...words);
    expect(stdout).toBe("");
    return `${code} ${stderr.replaceAll(host.directory, "DIR")}`;
  };
  await writeFile(join(host.directory, "foreign.zip"), zipOf([{ path: "a", content: "b" }]));
  await mkdir(join(host.directory, "folder"));
  expect([
    await wrong("fetch"),
    await wrong("get"),
    await wrong("get", "alfwrold"),
    await wrong("get", "all", "--from", "x"),
    await wrong("get", "alfworld", "--from", "none.zip"),
    await wrong("get", "alfworld", "--from", "foreign.zip"),
    await wrong("get", "mt-bench", "--from", "foreign.zip"),
    await wrong("get", "jericho", "--from", "folder"),
  ]).toMatchInlineSnapshot(`
    [
      "2 Error: data does not know fetch. It knows list, get, check.
    ",
      "2 Error: data get needs to know what. Name it, or all; see agentrefine data list.
    ",
      "2 Error: there is no data set alfwrold; did you mean alfworld? See agentrefine data list.
    ",
      "2 Error: --from brings one data set. Name it: agentrefine data get NAME --from PATH.
    ",
      "1 Error: there is nothing at none.zip. Give a file, a folder or an address.
    ",
      "1 Error: foreign.zip lacks 134 games of valid_unseen of alfworld. Give another file or folder with --from.
    ",
      "1 Error: mt-bench consists of several files, and one is given. Give a folder that has them, such as that of another machine's cache.
    ",
      "1 Error: folder lacks 905.z5 of jericho. Give another file or folder with --from.
    ",
    ]
  `);
  expect(await readdir(join(host.directory, "home", "data")).catch(() => [])).toEqual([]);
});
