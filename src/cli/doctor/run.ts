import { printableLine } from "../../printable.ts";
import { doctorWords } from "../doctor-words.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { givenPython } from "../given-python.ts";
import { paintFor, type Style } from "../paint.ts";
import { programVersion } from "../program-version.ts";
import type { CliContext, World } from "../world.ts";
import type { Check } from "./check.ts";
import { checkAgentboard } from "./check-agentboard.ts";
import { checkEngines } from "./check-engines.ts";
import { checkKeys } from "./check-keys.ts";
import { checkFolder, checkNode } from "./check-machine.ts";

/** The flags of `doctor`. */
export interface DoctorFlags {
  readonly python?: string | undefined;
  readonly agentboard?: string | undefined;
  readonly json?: boolean | undefined;
}

const STYLES: Readonly<Record<Check["state"], Style>> = { ready: "green", absent: "dim", broken: "red" };

function checkLines({ stdout, environment }: World, checks: readonly Check[]): readonly string[] {
  const paint = paintFor(stdout, environment);
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
  const { world } = this;
  const { environment, directory } = world;
  const checks = (
    await Promise.all([
      checkNode(process.versions.node),
      checkFolder(directory),
      checkKeys(environment, directory),
      checkEngines(givenPython(flags.python, world), environment),
      checkAgentboard(flags.agentboard, directory),
    ])
  ).flat();
  const version = await programVersion();
  const broken = checks.filter(({ state }) => state === "broken").length;
  if (flags.json === true) world.stdout.write(`${JSON.stringify({ version, checks })}\n`);
  else {
    const lines = [doctorWords.title(version), "", ...checkLines(world, checks), "", doctorWords.end(broken)];
    world.stdout.write(`${lines.join("\n")}\n`);
  }
  this.process.exitCode = broken > 0 ? EXIT_CODE.failed : EXIT_CODE.done;
}
