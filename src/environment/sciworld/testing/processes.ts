import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { CommandLine } from "../simulator/gateway.ts";

// It answers every question with an object, but those for a step and for its version with a text, and leaves when its
// standard input ends. It prints more than a pipe holds: who does not read it stops it.
const FAKE_JVM = `
  const server = require("node:net").createServer((socket) => {
    let lines = [];
    let unread = "";
    socket.on("error", () => {});
    socket.on("data", (part) => {
      const parts = (unread + part).split("\\n");
      unread = parts.pop();
      for (const line of parts) {
        if (line !== "e") lines.push(line);
        else {
          const texts = { step: "!ysYou see a lamp.", getProperty: "!ys17" };
          if (lines[3] !== "shang") socket.write((texts[lines[2]] ?? "!yro1") + "\\n");
          lines = [];
        }
      }
    });
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port + "\\n" + "noise ".repeat(50000)));
  process.stdin.resume().on("end", () => process.exit());
`;

/** A program that does what a JVM with a gateway does, as far as processes go. */
export const fakeJvm: CommandLine = { file: process.execPath, options: ["-e", FAKE_JVM] };

/** A process that holds a simulator. */
interface Holder {
  readonly process: ChildProcess;
  /** The simulator's. */
  readonly pid: number;
  readonly folder: string;
}

/** Starts a process of ours that starts a simulator and holds it. */
export async function holdSimulator(command: CommandLine): Promise<Holder> {
  const path = fileURLToPath(new URL("hold-simulator.ts", import.meta.url));
  const options = ["--import", "jiti/register", path, JSON.stringify(command)];
  const holder = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(holder.stdout, "data");
  return { process: holder, ...JSON.parse(String(line)) };
}

/** Whether a process has gone; where nobody fetches what it ended with, it may stay as a name. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    return !(
      error instanceof Error &&
      "code" in error &&
      error.code === "ENOENT" &&
      process.platform !== "linux"
    );
  }
}

/** Waits until a process has gone; false when it is still there after a while. */
export async function hasGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 200; i += 1) {
    if (isGone(pid)) return true;
    await delay(25);
  }
  return false;
}
