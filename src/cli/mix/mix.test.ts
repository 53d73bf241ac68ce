import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tinyTokenizer, writeTokenizer } from "../../tokens/testing/tiny-tokenizer.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

/** A finished run that the tests only read. */
let shared: TestHost;
let run: string;
let accepted: readonly string[];
let host: TestHost;

/** What the tests look at in rows and in records of a run. */
interface Row {
  readonly id: string;
  readonly outcome: string;
  readonly messages: readonly object[];
}

async function rowsAt(path: string): Promise<readonly Row[]> {
  return (await readFile(path, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const rowsOf = (name: string): Promise<readonly Row[]> => rowsAt(join(host.directory, name));
const write = (name: string, content: string | Uint8Array): Promise<void> =>
  writeFile(join(host.directory, name), content);

beforeAll(async () => {
  shared = await createTestHost();
  await shared.run(["generate", "--model", "offline", "--limit", "10", "--out", "run"]);
  run = join(shared.directory, "run");
  const records = await rowsAt(join(run, "syntheses.jsonl"));
  const order = (await rowsAt(join(run, "personas.jsonl"))).map(({ id }) => id);
  const ids = new Set(records.filter(({ outcome }) => outcome === "accepted").map(({ id }) => id));
  accepted = order.filter((id) => ids.has(id));
}, 60_000);

afterAll(() => shared.remove());

beforeEach(async () => {
  host = await createTestHost();
});

afterEach(() => host.remove());

function shareGpt(count: number, idOf = (number: number): string => `g${number}`): object[] {
  return Array.from({ length: count }, (_unused, number) => ({
    id: idOf(number),
    conversations: [
      { from: "human", value: `Question ${number}?` },
      { from: "gpt", value: `Answer ${number}.` },
    ],
  }));
}

describe("mix", () => {
  test("lays general rows between those of a run, at a ratio and by a seed", async () => {
    await write("general.json", JSON.stringify(shareGpt(50)));
    const flags = ["--agent", run, "--data", "general.json", "--ratio", "2", "--format", "messages"];
    const { code, stderr, stdout } = await host.run(["mix", "m.jsonl", ...flags, "--json"]);
    const rows = await rowsOf("m.jsonl");
    const general = rows.filter(({ id }) => id.startsWith("g") && !accepted.includes(id));
    expect(code).toBe(0);
    expect(rows.filter(({ id }) => accepted.includes(id)).map(({ id }) => id)).toEqual(accepted);
    expect(general).toHaveLength(2 * accepted.length);
    expect(general[0]?.messages.at(-1)).toMatchObject({ role: "assistant", train: true });
    expect(JSON.parse(stdout)).toMatchObject({
      format: "messages",
      agent: accepted.length,
      general: general.length,
      rows: rows.length,
      bad: 0,
      excluded: 0,
      replaced: false,
    });
    expect(stderr).toContain(
      `Mixed ${accepted.length} agent rows and ${general.length} general rows into m.jsonl.`,
    );
    const readme = await readFile(join(host.directory, "m.jsonl.README.md"), "utf8");
    expect(readme).toContain(`- general rows: ${general.length}, from general.json`);
    await host.run(["mix", "again.jsonl", ...flags]);
    expect(await rowsOf("again.jsonl")).toEqual(rows);
    await host.run(["mix", "other.jsonl", ...flags, "--seed", "2"]);
    expect(await rowsOf("other.jsonl")).not.toEqual(rows);
  });

  test("reads compressed files, alpaca and messages, and takes all without a ratio", async () => {
    const lines = [
      { instruction: "Add.", input: "1 and 2", output: "3" },
      {
        messages: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "Hello", train: false },
          { role: "user", content: "So?" },
          { role: "assistant", content: "Yes" },
        ],
      },
    ];
    await write("a.jsonl.gz", gzipSync(lines.map((line) => JSON.stringify(line)).join("\n")));
    await write(
      "b.jsonl",
      shareGpt(3)
        .map((row) => JSON.stringify(row))
        .join("\n"),
    );
    const flags = ["--agent", "b.jsonl", "--data", "a.jsonl.gz", "--format", "messages"];
    const { code } = await host.run(["mix", "m.jsonl", ...flags]);
    expect(code).toBe(0);
    const texts = (await rowsOf("m.jsonl")).map(({ messages }) => messages);
    expect(texts).toHaveLength(5);
    expect(texts).toContainEqual([
      { role: "user", content: "Add.\n\n1 and 2" },
      { role: "assistant", content: "3", train: true, loss: true },
    ]);
    expect(texts.flat()).toContainEqual({ role: "assistant", content: "Hello", train: false, loss: false });
  });

  test("sends no control character of a bad row to the terminal", async () => {
    await write(
      "g.jsonl",
      `${JSON.stringify({ messages: [{ role: "\u009b31m", content: "a" }] })}\n{"a": "\u009b`,
    );
    await write("agent.json", JSON.stringify(shareGpt(1)));
    const { stderr } = await host.run(["mix", "m.jsonl", "--agent", "agent.json", "--data", "g.jsonl"]);
    expect(stderr).toContain('g.jsonl: row 1 the role "\\u009b31m" is not known; left out\n');
    expect(stderr).toContain("g.jsonl: row 2 ");
    expect(stderr).not.toContain("\u009b");
  });

  test("reads Parquet, whatever the file is called", async () => {
    await host.run(["export", run, "--format", "conversations", "--out", "agent.parquet"]);
    await rename(join(host.directory, "agent.parquet"), join(host.directory, "agent"));
    const { code } = await host.run(["mix", "m.jsonl", "--agent", "agent", "--format", "messages"]);
    await host.run(["export", run, "--format", "messages", "--out", "direct.jsonl"]);
    expect(code).toBe(0);
    expect(await rowsOf("m.jsonl")).toEqual(await rowsOf("direct.jsonl"));
  });

  test("leaves out the environments that are held in", async () => {
    const names = ["alfworld", "webshop"];
    await write("flan.json", JSON.stringify(shareGpt(6, (number) => `${names[number % 2]}_${number}`)));
    const flags = ["--agent", "flan.json", "--exclude-environment", "ALFWorld"];
    const { stderr, stdout } = await host.run(["mix", "held-out.jsonl", ...flags, "--json"]);
    expect((await rowsOf("held-out.jsonl")).map(({ id }) => id)).toEqual([
      "webshop_1",
      "webshop_3",
      "webshop_5",
    ]);
    expect(stderr).toContain("Excluded 3 rows by environment.");
    expect(JSON.parse(stdout)).toMatchObject({ agent: 3, general: 0, excluded: 3 });
  });

  test("tells rows that it cannot use, and goes on", async () => {
    const bad = Array.from({ length: 25 }, () => "{}");
    await write("mixed.jsonl", [...bad, JSON.stringify(shareGpt(1)[0])].join("\n"));
    const { code, stderr, stdout } = await host.run(["mix", "m.jsonl", "--agent", "mixed.jsonl", "--json"]);
    expect(code).toBe(0);
    expect(stderr).toContain("mixed.jsonl: row 1 has neither conversations nor messages");
    expect(stderr.match(/; left out\n/g)).toHaveLength(20);
    expect(stderr).toContain("and 5 more bad rows, left out as well");
    expect(JSON.parse(stdout)).toMatchObject({ bad: 25, rows: 1 });
  });

  test("loses of a file only its bad lines, and the README tells of them", async () => {
    const lines = shareGpt(100).map((row) => JSON.stringify(row));
    await write("agent.jsonl", lines.with(49, "not json").join("\n"));
    const { code, stderr } = await host.run(["mix", "m.jsonl", "--agent", "agent.jsonl"]);
    expect(code).toBe(0);
    expect(stderr).toContain("agent.jsonl: row 50 is not JSON; left out");
    expect(stderr).toContain("Mixed 99 agent rows");
    const readme = await readFile(join(host.directory, "m.jsonl.README.md"), "utf8");
    expect(readme).toContain("- bad rows left out: 1\n");
  });

  test("tells which environment excludes nothing, and of rows whose environment is not known", async () => {
    const ids = ["alfworld_1", "alfworld_2", "mind2web_3", "17", "webshop_4"];
    await write("agent.json", JSON.stringify(shareGpt(5, (number) => ids[number] ?? "")));
    const names = ["AlfWorld", "mind2web", "sciwrold"];
    const flags = ["--agent", "agent.json", ...names.flatMap((name) => ["--exclude-environment", name])];
    const { stderr, stdout } = await host.run(["mix", "m.jsonl", ...flags, "--json"]);
    expect(stderr).toContain("Excluded 3 rows by environment.\n");
    expect(stderr).toContain(
      "No row's id names the environment sciwrold, so that nothing is excluded by it.\n",
    );
    expect(stderr).toContain("1 row kept whose id names no known environment: they may be of any.\n");
    expect(JSON.parse(stdout)).toMatchObject({ agent: 2, excluded: 3, unplaced: 1 });
    const readme = await readFile(join(host.directory, "m.jsonl.README.md"), "utf8");
    expect(readme).toContain("- rows left out by environment: AlfWorld 2, mind2web 1, sciwrold 0\n");
    expect(readme).toContain("- rows kept whose id names no known environment: 1\n");
  });

  test("says it when every row is of an excluded environment", async () => {
    await write("agent.json", JSON.stringify(shareGpt(3, (number) => `alfworld_${number}`)));
    const flags = ["--agent", "agent.json", "--exclude-environment", "alfworld"];
    expect(await host.run(["mix", "m.jsonl", ...flags])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        "agent.json has no row left: 3 that could be used are of an excluded environment",
      ),
    });
  });

  test("refuses an export in the format prefix, which carries no mask", async () => {
    const file = join(host.directory, "prefix.jsonl");
    await host.run(["export", run, "--format", "prefix", "--out", file]);
    const { code, stderr } = await host.run(["mix", "m.jsonl", "--agent", "prefix.jsonl"]);
    expect(code).toBe(1);
    expect(stderr).toContain("prefix.jsonl is in the format prefix");
    expect(stderr).toContain("Give the run itself, or export it as messages.");
    for (const format of ["conversations", "messages", "openai", "together"]) {
      await host.run(["export", run, "--format", format, "--out", join(host.directory, `${format}.jsonl`)]);
      expect((await host.run(["mix", `m-${format}.jsonl`, "--agent", `${format}.jsonl`])).code).toBe(0);
    }
  });

  test("names no flag of export when every answer is masked", async () => {
    const messages = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello", train: false },
    ];
    await write("agent.json", JSON.stringify([{ messages }]));
    const { code, stderr } = await host.run(["mix", "m.jsonl", "--agent", "agent.json"]);
    expect(code).toBe(1);
    expect(stderr).toContain("there is no row with a turn to train");
    expect(stderr).not.toContain("--ablation");
  });

  test("tokenises like export", async () => {
    await writeTokenizer(join(host.directory, "tiny"), tinyTokenizer());
    await write("general.json", JSON.stringify(shareGpt(4)));
    const tokens = ["--engine", "llamafactory", "--tokenizer", "tiny", "--template", "llama3"];
    const { code, stderr } = await host.run([
      "mix",
      "disk",
      "--agent",
      run,
      "--data",
      "general.json",
      ...tokens,
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain("In LLaMA-Factory: tokenized_path: DIR");
    expect((await readdir(join(host.directory, "disk"))).sort()).toEqual([
      "README.md",
      "dataset_dict.json",
      "train",
    ]);
  });

  test.each([
    [[], "no agent data was given"],
    [["--agent", "general.json", "--ratio", "1"], "--ratio is for --data only"],
    [["--agent", "general.json", "--format", "trajectories"], "trajectories cannot be mixed"],
    [["--agent", "nowhere.json"], "there is no such file"],
    [["--agent", "."], "it is a folder"],
    [["--agent", "general.json", "--engine", "trl", "--format", "messages"], "would train on error turns"],
  ])("%j is refused", async (flags, words) => {
    await write("general.json", JSON.stringify(shareGpt(2)));
    const { code, stderr } = await host.run(["mix", "m.jsonl", ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(await readdir(host.directory)).toEqual(["general.json"]);
  });

  test("never replaces what it reads", async () => {
    await write("general.jsonl", JSON.stringify(shareGpt(1)[0]));
    const { code, stderr } = await host.run(["mix", "general.jsonl", "--agent", "general.jsonl", "--force"]);
    expect(code).toBe(2);
    expect(stderr).toContain("general.jsonl is what the rows are read from");
  });

  test.each([
    ["too few general rows for the ratio", JSON.stringify(shareGpt(1)), "a --ratio of at most 0.5"],
    ["a file without a usable row", "[{}]", "general.json has no row that can be used"],
    ["a damaged Parquet file", "PAR1....", "general.json: it is a damaged or unknown Parquet file"],
    ["a damaged gzip file", Buffer.from([0x1f, 0x8b, 8, 0, 0]), "damaged or incomplete gzip file"],
  ])("%s leaves nothing", async (_name, content, words) => {
    await write("general.json", content);
    await write("agent.json", JSON.stringify(shareGpt(2)));
    const flags = ["--agent", "agent.json", "--data", "general.json", "--ratio", "3"];
    const { code, stderr } = await host.run(["mix", "m.jsonl", ...flags]);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect((await readdir(host.directory)).sort()).toEqual(["agent.json", "general.json"]);
  });
});
