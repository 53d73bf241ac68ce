import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ChatHandler, type ChatServer, startChatServer } from "../../model/testing/chat-server.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";
import type { Check } from "./check.ts";
import { checkFolder, checkNode } from "./check-machine.ts";

let host: TestHost;
beforeEach(async () => {
  host = await createTestHost();
});
afterEach(() => host.remove());

/** A Python that has these packages, or that ends with an error when there are none to tell. */
async function installPython(
  packages?: Readonly<Record<string, string>>,
  torchProblem: string | null = null,
): Promise<string> {
  const folder = join(host.directory, "bin");
  await mkdir(folder, { recursive: true });
  const devices = packages?.torch === undefined || torchProblem !== null ? null : 2;
  const told = JSON.stringify({ packages, devices, torchProblem });
  const body = packages === undefined ? "exit 1" : `echo '${told}'`;
  await writeFile(join(folder, "python3"), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, "python3"), 0o755);
  return "bin/python3";
}

async function doctor(
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly check: (name: string) => Check | undefined }> {
  const { code, stdout } = await host.run(["doctor", "--json", ...flags], { env });
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly Check[] };
  return { code, check: (wanted) => checks.find(({ name }) => name === wanted) };
}

describe("doctor", () => {
  test("finds nothing broken on a bare machine, and says how to get the rest", async () => {
    const { code, stdout, stderr } = await host.run(["doctor"], { env: { PATH: "" } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Node +ready +\d+\.\d+/m);
    expect(stdout).toMatch(/^Python +absent +.*\n +Install Python 3/m);
    expect(stdout).toMatch(/^keys +absent +.*\n +Set OPENAI_API_KEY/m);
    expect(stdout).toContain("Nothing is broken");
  });

  test("tells which engines a Python has", async () => {
    const python = await installPython({ torch: "2.15.0", trl: "0.10", axolotl: "0.19.0" });
    const { code, check } = await doctor(["--python", python]);
    expect(code).toBe(1);
    expect(check("Python")).toMatchObject({ state: "ready", found: "with torch 2.15.0, 2 graphics cards" });
    expect(check("axolotl")).toMatchObject({ state: "ready", found: "0.19.0" });
    expect(check("trl")).toMatchObject({ state: "broken", fix: expect.stringContaining("'trl>=0.20,<2'") });
    expect(check("llamafactory")).toMatchObject({
      state: "absent",
      fix: "pip install 'llamafactory>=0.9,<1'",
    });
  });

  test("a torch that cannot be loaded is what is broken, not Python", async () => {
    const problem = "OSError: libcudart.so.12: cannot open shared object file\u009b31m";
    const python = await installPython({ torch: "2.15.0", trl: "1.16.0", axolotl: "0.1" }, problem);
    const { code, check } = await doctor(["--python", python]);
    expect(code).toBe(1);
    expect(check("Python")).toMatchObject({ state: "ready", found: "with torch 2.15.0, which is broken" });
    expect(check("torch")).toMatchObject({ state: "broken", found: problem });
    expect(check("trl")).toMatchObject({ state: "broken", found: "1.16.0, but torch is broken" });
    expect(check("axolotl")).toMatchObject({ state: "broken", found: "0.1 is not a supported version" });
    expect(check("llamafactory")).toMatchObject({ state: "absent" });
    const { stdout } = await host.run(["doctor", "--python", python]);
    expect(stdout).toMatch(
      /^torch +broken +OSError: libcudart.*\n +file[ -~\ufffd]+31m \(for train\)\n +Install/m,
    );
  });

  test("an empty AGENTREFINE_PYTHON is none", async () => {
    const { code, check } = await doctor([], { PATH: "", AGENTREFINE_PYTHON: "" });
    expect({ code, state: check("Python")?.state }).toEqual({ code: 0, state: "absent" });
  });

  test("a Python that was named and does not run is broken", async () => {
    const python = await installPython();
    for (const [flags, env] of [
      [["--python", python], {}],
      [["--python", "nowhere/python3"], {}],
      [[], { AGENTREFINE_PYTHON: python }],
    ] as const) {
      const { code, check } = await doctor(flags, env);
      expect({ code, state: check("Python")?.state }).toEqual({ code: 1, state: "broken" });
    }
  });

  test("names the keys that are set and never shows them", async () => {
    await writeFile(join(host.directory, ".env"), "ANTHROPIC_API_KEY=sk-from-file\n");
    const env = { PATH: "", OPENAI_API_KEY: "sk-secret" };
    const { stdout } = await host.run(["doctor"], { env });
    expect(stdout).toContain("OPENAI_API_KEY, ANTHROPIC_API_KEY");
    expect(stdout).not.toMatch(/sk-/);
  });

  test("a key that is only set is not called ready", async () => {
    const { check } = await doctor([], { PATH: "", OPENAI_API_KEY: "sk-secret" });
    expect(check("keys")?.state).toBe("set");
  });

  test("a folder without AgentBoard's files is broken, suite by suite", async () => {
    const { code, check } = await doctor(["--agentboard", "."], { PATH: "" });
    expect(code).toBe(1);
    expect(check("babyai")).toMatchObject({
      state: "broken",
      found: expect.stringContaining("no labels of babyai"),
    });
    expect(check("pddl")?.state).toBe("broken");
  });

  test("a Node that is too old and a folder that is not there are broken", async () => {
    expect(await checkNode("18.20.0")).toMatchObject({
      state: "broken",
      found: "18.20.0 is older than 20.19",
    });
    expect(await checkNode("20.19.0")).toMatchObject({ state: "ready" });
    expect(await checkFolder(join(host.directory, "gone"))).toMatchObject({
      state: "broken",
      found: "cannot be written to: ENOENT",
    });
  });
});

describe("doctor --model", () => {
  let server: ChatServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  const tryServer = async (handler: ChatHandler, flags: readonly string[] = []) => {
    server = await startChatServer(handler);
    return doctor(["--model", "m", "--base-url", server.url, ...flags], { AGENTREFINE_API_KEY: "sk-mine" });
  };

  test("tells what a server can do", async () => {
    const { code, check } = await tryServer(({ body }) => ({
      text: body.response_format === undefined ? "It warns ships. ".repeat(9) : '{"colour":"blue"}',
      reasoning: "Hm.",
    }));
    expect(code).toBe(0);
    expect(check("model")?.found).toMatch(/^accepts the key and answers, in \d/);
    expect(check("streaming")).toMatchObject({ state: "ready" });
    expect(check("usage")).toMatchObject({ state: "ready", found: "13 + 37 tokens" });
    expect(check("JSON Schema")).toMatchObject({ state: "ready" });
    expect(check("reasoning")).toMatchObject({ state: "ready", found: "in a field of its own" });
    expect(check("stopping")).toMatchObject({ state: "absent" });
    expect(check("context")).toMatchObject({ state: "absent" });
  });

  test("tells what it cannot, and what it wants otherwise", async () => {
    const { code, check } = await tryServer(({ body }) => {
      if (body.stream_options !== undefined)
        return { status: 422, body: { detail: "unexpected: stream_options" } };
      if (body.response_format !== undefined) return { status: 400, body: { error: "no response_format" } };
      return { text: "<think>Hm.</think>It warns ships.", usage: false, deltaLength: 1000 };
    });
    expect(code).toBe(0);
    expect(check("streaming")).toMatchObject({ state: "absent" });
    expect(check("usage")).toMatchObject({ state: "absent" });
    expect(check("JSON Schema")?.found).toBe("refused: no response_format (status 400)");
    expect(check("reasoning")?.found).toBe("inside the text");
    expect(check("note")?.found).toContain("refuses stream_options");
  });

  test.each([
    [{ status: 401 }, /--api-key-env/],
    [{ status: 404 }, /--base-url/],
    [{ status: 503, body: { error: { message: "Loading model" } } }, /loads its model .* ask again soon/],
    [{ status: 429 }, /ask again soon/],
    [{ silence: true as const }, /--timeout/],
  ])("a server that answers %j is broken, with what to do", async (answer, fix) => {
    const { code, check } = await tryServer(() => answer, ["--timeout", "1"]);
    expect(code).toBe(1);
    expect(check("model")).toMatchObject({ state: "broken", fix: expect.stringMatching(fix) });
  });

  test("an address without a model is refused", async () => {
    const { code, stderr } = await host.run(["doctor", "--base-url", "http://127.0.0.1:9/v1"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--model");
  });
});
