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
