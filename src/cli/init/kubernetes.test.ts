import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ChatServer } from "../../model/testing/chat-server.ts";
import { type BuiltProgram, buildProgram } from "../testing/built-program.ts";
import { startOfflineServer } from "../testing/offline-server.ts";
import { createTestHost } from "../testing/test-host.ts";

let program: BuiltProgram;
let server: ChatServer;

beforeAll(async () => {
  program = await buildProgram();
  server = await startOfflineServer({ latency: 100 });
  // As the image has it.
  await mkdir(join(program.directory, "bin"));
  const main = join(program.directory, "bin/agentrefine");
  await writeFile(main, `#!/bin/sh\nexec ${process.execPath} ${program.main} "$@"\n`);
  await chmod(main, 0o755);
  const generate = { model: "author", baseUrl: server.url, limit: 8, out: "runs/first", concurrency: 2 };
  await writeFile(join(program.directory, "agentrefine.config.json"), JSON.stringify({ generate }));
  const host = await createTestHost(program.directory);
  const { code } = await host.run(["init", "--kubernetes", "--shards", "2"]);
  expect(code).toBe(0);
}, 60_000);
afterAll(async () => {
  await server.close();
  await program.remove();
});

/** The container of a Job, as a node would run it, but for the place of its volume. */
async function containerOf(job: string): Promise<readonly string[]> {
  const manifest = parse(await readFile(join(program.directory, `kubernetes/${job}.yaml`), "utf8"));
  const [{ command, args }] = manifest.spec.template.spec.containers;
  return [...command, ...args];
}

async function start(job: string, variables: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const [command = "", ...args] = await containerOf(job);
  const env = { ...variables, PATH: `${join(program.directory, "bin")}:${process.env.PATH}` };
  return spawn(command, args, { cwd: program.directory, env, stdio: "ignore" });
}

async function codeOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, "exit");
  return code;
}

describe("the Jobs for Kubernetes", () => {
  test("run by hand with an index's variables: a container that was killed goes on as another, and the merge has all", async () => {
    const killed = await start("shards", { JOB_COMPLETION_INDEX: "1" });
    while (server.counts.requests < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    killed.kill("SIGKILL");
    expect(await codeOf(killed)).toBeNull();
    // The shell has given its place to the program, which is what was killed.
    const lock = JSON.parse(await readFile(join(program.directory, "runs/first-shards/1/lock"), "utf8"));
    expect(lock.process).toBe(killed.pid);
    // An index that is none of the shards is code 2, which ends it.
    const ends = await Promise.all(
      ["0", "1", "2"].map(async (index) => codeOf(await start("shards", { JOB_COMPLETION_INDEX: index }))),
    );
    expect(ends).toEqual([0, 0, 2]);
    expect(await codeOf(await start("merge"))).toBe(0);
    const personas = await readFile(join(program.directory, "runs/first/personas.jsonl"), "utf8");
    expect(personas.trim().split("\n")).toHaveLength(8);
    const calls = (await readFile(join(program.directory, "runs/first/calls.jsonl"), "utf8")).trim();
    // Two were on the wire at the kill.
    expect(server.counts.requests - calls.split("\n").length).toBeLessThanOrEqual(2);
    // Five programs start, three of them at once: on a busy machine each takes seconds.
  }, 90_000);

  const validator = spawnSync("kubernetes-validate", ["--help"]).status === 0;
  test.skipIf(!validator)("are valid by Kubernetes' own schemas", () => {
    const files = ["volume", "shards", "merge"].map((name) =>
      join(program.directory, `kubernetes/${name}.yaml`),
    );
    const { status, stdout, stderr } = spawnSync("kubernetes-validate", ["--strict", ...files], {
      encoding: "utf8",
    });
    expect({ status, output: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
  });
});
