import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fetchFix } from "../../../data/published.ts";
import type { Env } from "../../../env.ts";
import { AgentRefineError, shortWords, storageError } from "../../../errors.ts";
import type { CommandLine } from "./gateway.ts";

/** The jar that ScienceWorld is played with. */
export interface Jar {
  readonly path: string;
  /** Its release; undefined for another one, which was named by hand. */
  readonly version: "1.2.2" | "1.1.3" | undefined;
  readonly sha256: string;
}

/** The variable that names a jar by hand, or the folder that it is in. */
const JAR_VARIABLE = "AGENTREFINE_SCIENCEWORLD";

/** Jars that play AgentBoard's tasks alike, step by step. From 1.2.3 on containers really start open. */
const KNOWN: Readonly<Record<string, "1.2.2" | "1.1.3">> = {
  acf78433198e5464659df7f6bdeb0503bc9b5802c10c27ebc5aa2eb9afe05e90: "1.2.2",
  "2a83ba73718c50b2ed51f2819ddc3e564c7b3468a4999dd2d757c8bbb077b8ff": "1.1.3",
};

async function jarAt(place: string): Promise<string> {
  try {
    return (await stat(place)).isDirectory() ? join(place, "scienceworld.jar") : place;
  } catch (error) {
    throw storageError(error, "read", place);
  }
}

/**
 * The jar that the variable names, else the one that was fetched; undefined when there is none.
 * @param fetched the folder of the fetched one
 * @throws AgentRefineError for a jar that cannot be read, and for a fetched one that is not a known release.
 */
export async function findJar(fetched: string | undefined, env: Env = process.env): Promise<Jar | undefined> {
  const named = env[JAR_VARIABLE];
  const place = named || fetched;
  if (place === undefined) return undefined;
  const path = await jarAt(place);
  const content = await readFile(path).catch((error: unknown) => {
    throw storageError(error, "read", path);
  });
  const sha256 = createHash("sha256").update(content).digest("hex");
  const version = KNOWN[sha256];
  if (version === undefined && !named) {
    throw new AgentRefineError(
      `${path} is neither ScienceWorld 1.2.2 nor 1.1.3, and others are other worlds`,
      {
        fix: `${fetchFix("scienceworld")} Or name it in ${JAR_VARIABLE} to play it nevertheless.`,
      },
    );
  }
  return { path, version, sha256 };
}

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
