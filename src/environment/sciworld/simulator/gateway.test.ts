import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { fakeJvm, hasGone, holdSimulator } from "../testing/processes.ts";
import { type CommandLine, type Gateway, startGateway } from "./gateway.ts";
import { openSimulator } from "./simulator.ts";

function node(script: string): CommandLine {
  return { file: process.execPath, options: ["-e", script] };
}

function folders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("agentrefine-sciworld-"));
}

const started: Gateway[] = [];

afterEach(() => {
  for (const gateway of started.splice(0)) gateway.close();
});

async function start(command: CommandLine): Promise<Gateway> {
  const gateway = await startGateway(command, 20);
  started.push(gateway);
  return gateway;
}

describe("a program that is started as a gateway", () => {
  test.each([
    ["console.log('Hello')", "Java told something else than a port"],
    ["process.stdout.write('1'.repeat(2000))", "Java told something else than a port"],
    ["console.error('no main class'); process.exit(1)", "Java ended with code 1: no main class"],
    ["process.kill(process.pid, 'SIGKILL')", "Java was ended by SIGKILL"],
  ])("%s: it is said, and nothing is left", async (script, words) => {
    const before = folders();
    await expect(startGateway(node(script), 20)).rejects.toThrow(words);
    expect(folders()).toEqual(before);
  });

  test("that tells no port is given up", async () => {
    await expect(startGateway(node("setInterval(() => {}, 1000)"), 0.2)).rejects.toThrow("within 0.2 s");
  });

  test("that is not there is named", async () => {
    const command = { file: "/nowhere/java", options: [] };
    await expect(startGateway(command, 20)).rejects.toThrow("cannot be started: spawn /nowhere/java ENOENT");
  });

  test("does not learn this process's keys", async () => {
    process.env.SOME_API_KEY = "12345";
    const script = "console.log(process.env.SOME_API_KEY ?? 1); setInterval(() => {}, 1000)";
    expect((await start(node(script))).port).toBe(1);
    delete process.env.SOME_API_KEY;
  });

  test("plays, and takes its folder with it when it is closed", async () => {
    const gateway = await start(fakeJvm);
    const simulator = await openSimulator(gateway, { startSeconds: 20, answerSeconds: 20 });
    expect(await simulator.step("look around")).toBe("You see a lamp.");
    expect(existsSync(gateway.folder)).toBe(true);
    simulator.close();
    expect(existsSync(gateway.folder)).toBe(false);
    expect(await hasGone(gateway.pid)).toBe(true);
  });

  test.skipIf(process.platform === "win32")(
    "that is stopped ends a step by its deadline, and can be ended",
    async () => {
      const gateway = await start(fakeJvm);
      const simulator = await openSimulator(gateway, { startSeconds: 20, answerSeconds: 0.3 });
      process.kill(gateway.pid, "SIGSTOP");
      await expect(simulator.step("look around")).rejects.toThrow("no answer within 0.3 s");
      simulator.close();
      expect(await hasGone(gateway.pid)).toBe(true);
    },
  );

  test("leaves when the process that holds it is killed", async () => {
    const holder = await holdSimulator(fakeJvm);
    holder.process.kill("SIGKILL");
    expect(await hasGone(holder.pid)).toBe(true);
    // A real JVM removes it.
    rmSync(holder.folder, { recursive: true });
  });

  test("that dies in a step is told of", async () => {
    const gateway = await start(fakeJvm);
    const simulator = await openSimulator(gateway, { startSeconds: 20, answerSeconds: 20 });
    const step = simulator.step("hang");
    process.kill(gateway.pid, "SIGTERM");
    await expect(step).rejects.toThrow("the simulator: was ended by SIGTERM");
  });
});
