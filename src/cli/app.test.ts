import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

let host: TestHost;

beforeEach(async () => {
  host = await createTestHost();
});

afterEach(() => host.remove());

const COMMANDS = [
  "generate",
  "resume",
  "verify",
  "export",
  "train",
  "mix",
  "show",
  "init",
  "evaluate",
  "compare",
  "serve",
  "doctor",
];

describe("help", () => {
  test.each([[[]], [["--help"]], ...COMMANDS.map((command) => [[command, "--help"]])])(
    "of %j",
    async (commandLine) => {
      const { code, stdout, stderr } = await host.run(commandLine);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatchSnapshot();
    },
  );

  test.each([80, 60, 40])("fits %i columns", async (columns) => {
    for (const command of ["", ...COMMANDS, "completion", "schema", "help", "version"]) {
      const { stdout } = await host.run(["help", command].filter(Boolean), {
        isTTY: true,
        columns,
        env: { NO_COLOR: "1" },
      });
      const wide = stdout.split("\n").filter((line) => line.length > columns);
      // What can be pasted into a shell is broken between its words only.
      expect(columns === 80 ? wide : wide.filter((line) => !/agentrefine|^ /.test(line)), command).toEqual(
        [],
      );
    }
  });

  test("the version is that of the package", async () => {
    expect(await host.run(["--version"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

describe("a command line that is not understood", () => {
  test.each([
    [["genrate"], "there is no command genrate; did you mean generate?"],
    [["generate", "--modle", "x"], "there is no flag --modle; did you mean --model?"],
    [["generate", "--seed", "x"], '--seed: "x" is not a whole number'],
    [["generate", "--max-calls", "1"], "of at least 2"],
    [["generate", "--provider", "x"], '--provider: "x" is not one of openai, anthropic, ai-sdk'],
    [["generate", "--model"], "--model"],
    [["generate", "a", "b"], '"b" is too much: the command takes PERSONAS only'],
    [["resume"], "RUN"],
    [["export", "run"], "--out"],
    [["generate", "--model", "offline"], "no folder for the run was given"],
    [["generate", "--out", "run"], "no model was given"],
    [["generate", "--out", "run", "--model", "m", "--offline-faults", "2"], "--offline-faults"],
    [["generate", "--out", "run", "--model", "m", "--price", "cheap"], "is not a price"],
    [["resume", "nowhere"], "is not a run"],
    [["show", "nowhere"], "is not a run"],
    [["verify", "nowhere"], "there is no such file"],
    [["generate", "--out", "run", "--config", "nope.ts"], "there is no config file"],
  ])("%j is exit code 2 with one line", async (commandLine, words) => {
    const { code, stdout, stderr } = await host.run(commandLine);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("completion", () => {
  test("of bash is sourced, asks the program with the words of the line and takes what it proposes", async () => {
    const { stdout: script } = await host.run(["completion", "bash"]);
    const proposed = (await host.run(["__complete", "generate", "--max-c"])).stdout;
    expect(proposed.split("\n")).toEqual(expect.arrayContaining(["--max-calls", "--max-cost"]));
    await writeFile(join(host.directory, "proposed"), proposed);
    await writeFile(join(host.directory, "script"), script);
    const line = `
      agentrefine() { echo "$@" > asked; cat proposed; }
      source ./script
      COMP_WORDS=(agentrefine generate --max-c); COMP_CWORD=2; _agentrefine
      cat asked; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p agentrefine`;
    const { stdout } = await promisify(execFile)("bash", ["-c", line], { cwd: host.directory });
    const [asked, ...replies] = stdout.trim().split("\n");
    expect(asked).toBe("__complete generate --max-c");
    expect(replies).toEqual([
      ...proposed.trim().split("\n"),
      expect.stringContaining("_agentrefine agentrefine"),
    ]);
  });

  test("names the commands, and refuses a shell that it has nothing for", async () => {
    expect((await host.run(["__complete", "gen"])).stdout).toContain("generate");
    for (const shell of ["zsh", "fish"])
      expect((await host.run(["completion", shell])).stdout).toContain("agentrefine __complete");
    expect(await host.run(["completion", "tcsh"])).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("schema, help and version", () => {
  test.each(["config", "run", "evaluation", "personas", "calls", "syntheses", "episodes"])(
    "schema %s is a JSON Schema",
    async (name) => {
      const { code, stdout } = await host.run(["schema", name]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ title: `agentrefine ${name}`, $schema: expect.any(String) });
    },
  );

  test("help NAME is --help, version is --version, and unknown names are refused", async () => {
    const [asCommand, asFlag] = [await host.run(["help", "mix"]), await host.run(["mix", "--help"])];
    expect(asCommand).toEqual(asFlag);
    expect(await host.run(["version"])).toEqual(await host.run(["--version"]));
    expect(await host.run(["help", "mixx"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("did you mean mix?"),
    });
    expect(await host.run(["schema", "runn"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("did you mean run?"),
    });
  });
});

describe("sentences on a terminal", () => {
  test.each([40, 60, 80])("are wrapped at %i columns between words", async (columns) => {
    const { stderr } = await host.run(["generate", "--model", "offline", "--limit", "1", "--out", "run"], {
      isTTY: true,
      columns,
      env: { NO_COLOR: "1", TERM: "dumb" },
    });
    const said = stderr.split("Faults met")[0] ?? "";
    expect(said.replace(/\s+/g, " ")).toContain(
      "No personas were given, so those that come with agentrefine",
    );
    for (const line of said.split("\n").slice(0, 3)) expect(line.length).toBeLessThanOrEqual(columns);
    const plain = { isTTY: true, columns, env: { NO_COLOR: "1" } };
    const refused = await host.run(["generate", "--modle", "x"], plain);
    for (const line of refused.stderr.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    expect(refused.stderr.replace(/\s+/g, " ")).toContain("there is no flag --modle; did you mean --model?");
  });
});

describe("colours", () => {
  test("are for terminals, and NO_COLOR and FORCE_COLOR are heard", async () => {
    const coloured = async (isTTY: boolean, env: Record<string, string>): Promise<boolean> =>
      (await host.run(["--help"], { isTTY, env })).stdout.includes("\u001b[");
    expect(await coloured(true, {})).toBe(true);
    expect(await coloured(false, {})).toBe(false);
    expect(await coloured(true, { NO_COLOR: "1" })).toBe(false);
    expect(await coloured(false, { FORCE_COLOR: "1" })).toBe(true);
  });
});
