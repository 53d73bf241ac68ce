import type { DoctorFlags } from "../../config/flags.ts";
import { printableLine } from "../../printable.ts";
import { programVersion } from "../../runs/program-version.ts";
import { doctorWords } from "../doctor-words.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { givenPython } from "../given-python.ts";
import type { CliContext, Host } from "../terminal/host.ts";
import { paintFor, type Style } from "../terminal/paint.ts";
import type { Check } from "./check.ts";
import { checkAgentboard } from "./check-agentboard.ts";
import { checkEngines } from "./check-engines.ts";
import { checkKeys } from "./check-keys.ts";
import { checkFolder, checkNode } from "./check-machine.ts";

const STYLES: Readonly<Record<Check["state"], Style>> = { ready: "green", absent: "dim", broken: "red" };

function checkLines({ stdout, env }: Host, checks: readonly Check[]): readonly string[] {
  const paint = paintFor(stdout, env);
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.flatMap(({ name, state, found, fix, neededBy }) => {
    const head = `${name.padEnd(width)}  ${paint(STYLES[state], state.padEnd("absent".length))}  `;
    const indent = " ".repeat(width + "absent".length + 4);
    return [
      `${head}${printableLine(doctorWords.line(found, neededBy))}`,
      ...(fix === undefined ? [] : [`${indent}${printableLine(fix)}`]),
    ];
  });
}

/** `agentrefine doctor`: what this machine has of what the commands may need, and how to get the rest. */
export async function runDoctor(this: CliContext, flags: DoctorFlags): Promise<void> {
  const { host } = this;
  const { env, directory } = host;
  const checks = (
    await Promise.all([
      checkNode(process.versions.node),
      checkFolder(directory),
      checkKeys(env, directory),
      checkEngines(givenPython(flags.python, host), env),
      checkAgentboard(flags.agentboard, directory),
    ])
  ).flat();
  const version = await programVersion();
  const broken = checks.filter(({ state }) => state === "broken").length;
  if (flags.json === true) host.stdout.write(`${JSON.stringify({ version, checks })}\n`);
  else {
    const lines = [doctorWords.title(version), "", ...checkLines(host, checks), "", doctorWords.end(broken)];
    host.stdout.write(`${lines.join("\n")}\n`);
  }
  this.process.exitCode = broken > 0 ? EXIT_CODE.failed : EXIT_CODE.done;
}
