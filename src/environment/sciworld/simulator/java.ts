import { execFile } from "node:child_process";
import { fetchFix } from "../../../data/published.ts";
import { AgentRefineError, shortWords } from "../../../errors.ts";
import type { CommandLine } from "./gateway.ts";

/** How ScienceWorld is started. */
export interface JavaCommand extends CommandLine {
  /** Equal actions give equal steps, in every JVM; else small things differ from one to the next. */
  readonly isReproducible: boolean;
}

/** 128 MB are twice what the largest of AgentBoard's tasks needs; the serial collector has no threads of its own. */
const LEAN = ["-XX:+UseSerialGC", "-Xmx128m"];
/**
 * Makes all identity hashes equal, by which ScienceWorld orders its sets, so that they fall back to the order of
 * insertion.
 */
const REPRODUCIBLE = ["-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2"];
const VERSION_MS = 30_000;

/** What `java … -version` complains of; undefined when it takes the options. */
function complaint(java: string, options: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(java, [...options, "-version"], { timeout: VERSION_MS }, (error, stdout, stderr) => {
      resolve(error === null ? undefined : shortWords(`${stdout}${stderr}` || error.message));
    });
  });
}

/** The command line of a Java for a jar. Throws an AgentRefineError when the Java does not run. */
export async function javaCommand(java: string, jar: string): Promise<JavaCommand> {
  const gateway = ["-cp", jar, "py4j.GatewayServer", "--die-on-broken-pipe", "0"];
  if ((await complaint(java, [...LEAN, ...REPRODUCIBLE])) === undefined) {
    return { file: java, options: [...LEAN, ...REPRODUCIBLE, ...gateway], isReproducible: true };
  }
  // Other makes than HotSpot have neither.
  const problem = await complaint(java, ["-Xmx128m"]);
  if (problem === undefined) {
    return { file: java, options: ["-Xmx128m", ...gateway], isReproducible: false };
  }
  throw new AgentRefineError(`${java} does not run: ${problem}`, {
    fix: `Name another one in JAVA_HOME. ${fetchFix("java")}`,
  });
}
