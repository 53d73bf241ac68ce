import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyTokenizer, writeTokenizer } from "../../tokens/testing/tiny-tokenizer.ts";
import { createTestHost, type RunOptions, type TestHost } from "../testing/test-host.ts";

let host: TestHost;
let accepted = "";
let rejected = "";

beforeAll(async () => {
  host = await createTestHost();
  const faults = ["--offline-faults", "3", "--max-calls", "2"];
  await host.run(["generate", "--model", "offline", "--limit", "14", ...faults, "--out", "run"]);
  await writeTokenizer(join(host.directory, "tiny"), tinyTokenizer());
  const lines = (await readFile(join(host.directory, "run", "syntheses.jsonl"), "utf8")).trim().split("\n");
  const records = lines.map((line) => JSON.parse(line));
  const idOf = (outcome: string): string => records.find((record) => record.outcome === outcome).id;
  [accepted, rejected] = [idOf("accepted"), idOf("rejected")];
});

afterAll(() => host.remove());

const TOKENS = ["--tokenizer", "tiny", "--template", "llama3"];
const show = (id: string, flags: readonly string[] = [], options: RunOptions = {}) =>
  host.run(["show", "run", id, ...TOKENS, ...flags], options);

describe("show --tokenizer", () => {
  test("marks what is trained: the texts of the turns with loss and their ends, nothing else", async () => {
    await host.run(["export", "run", "--format", "messages", "--out", "m.jsonl", "--force"]);
    const rows = (await readFile(join(host.directory, "m.jsonl"), "utf8")).trim().split("\n");
    const { messages } = rows.map((line) => JSON.parse(line)).find(({ id }) => id === accepted);
    const trained = messages.flatMap(({ train, content }: { train?: boolean; content: string }) =>
      train === true ? [`${content}<|eot_id|>`] : [],
    );
    const { code, stdout, stderr } = await show(accepted);
    expect(code).toBe(0);
    expect([...stdout.matchAll(/⟦([^⟧]*)⟧/g)].map(([, text]) => text)).toEqual(trained);
    expect(stdout.startsWith("<|begin_of_text|><|start_header_id|>user")).toBe(true);
    expect(stderr).toMatch(/^[\d,]+ tokens, [\d,]+ of them in the loss \([\d.]+ %\), between ⟦ and ⟧\.\n$/);
  });

  test("colours it on a terminal instead", async () => {
    const { stdout, stderr } = await show(accepted, [], { isTTY: true });
    expect(stdout).toContain("\u001b[32mThought:");
    expect(stdout).not.toContain("⟦");
    expect(stderr).toContain("in green");
  });

  test("gives the same as JSON", async () => {
    const shown = JSON.parse((await show(accepted, ["--json"])).stdout);
    const plain = (await show(accepted)).stdout.replaceAll(/[⟦⟧]/g, "");
    expect(shown).toMatchObject({ id: accepted, template: "llama3", cut: false });
    const text = shown.spans.map((span: { text: string }) => span.text).join("");
    expect(`${text}\n`).toBe(plain);
    expect(shown.supervised).toBeLessThan(shown.tokens);
  });

  test("says when turns are cut", async () => {
    const { tokens } = JSON.parse((await show(accepted, ["--json"])).stdout);
    const limit = String(tokens - 1);
    const { stderr } = await show(accepted, ["--max-tokens", limit]);
    expect(stderr).toContain("Cut at a turn: the whole has more than");
  });

  test("refuses what is not trained", async () => {
    expect(await show(rejected)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${rejected} was rejected, so none of its tokens is trained`),
    });
    expect(await show(accepted, ["--max-tokens", "9"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("would be left out of an export"),
    });
  });

  test.each([
    [["run", "x", "--tokenizer", "tiny"], "--tokenizer and --template belong together"],
    [["run", "x", "--max-tokens", "9"], "--max-tokens is for --tokenizer only"],
    [["run", ...TOKENS], "--tokenizer is for one trajectory only"],
  ])("%j is refused", async (words, problem) => {
    expect(await host.run(["show", ...words])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(problem),
    });
  });
});
