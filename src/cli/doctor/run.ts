import type { DoctorFlags } from "../../config/flags.ts";
import { givenPython } from "../../config/load-config.ts";
import { programVersion } from "../../runs/run-folder.ts";
import { EXIT_CODE } from "../failure.ts";
import type { CliContext, Host } from "../terminal/host.ts";
import { paintFor, type Style, wrapText } from "../terminal/text.ts";

/** What was found of one thing that a command may need. */
export interface Check {
  readonly name: string;
  /**
   * `set`: it is there, and whether it works is not known. `absent`: it is not there, and only what `neededBy` names
   * is impossible without it. `broken`: nothing goes without it, or it was named by the user, or is there and cannot
   * be used.
   */
  readonly state: "ready" | "set" | "absent" | "broken";
  /** What it is, or what is wrong with it. */
  readonly found: string;
  /** What to do, where something is to be done. */
  readonly fix?: string;
  /** What it is good for, where its name does not say so. */
  readonly neededBy?: string;
}

const STYLES: Readonly<Record<Check["state"], Style>> = {
  ready: "green",
  set: "yellow",
  absent: "dim",
  broken: "red",
};
const STATE_WIDTH = "absent".length;

function checkLines({ stdout, env }: Host, checks: readonly Check[]): readonly string[] {
  const paint = paintFor(stdout, env);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = width + STATE_WIDTH + 4;
  const wrapped = (words: string): readonly string[] => wrapText(words, { width: stdout.columns, indent });
  return checks.flatMap(({ name, state, found, fix, neededBy }) => {
    const words = wrapped(neededBy === undefined ? found : `${found} (for ${neededBy})`).join("\n");
    return [
      `${name.padEnd(width)}  ${paint(STYLES[state], state.padEnd(STATE_WIDTH))}  ${words.slice(indent)}`,
      ...(fix === undefined ? [] : wrapped(fix)),
    ];
  });
}

async function findChecks(flags: DoctorFlags, host: Host): Promise<readonly Check[]> {
  if (flags.model !== undefined || flags.baseUrl !== undefined) {
    const { checkModel } = await import("./check-model.ts");
    return checkModel(flags, host);
  }
  const machine = await import("./check-machine.ts");
  const { env, directory } = host;
  const checks = await Promise.all([
    machine.checkNode(process.versions.node),
    machine.checkFolder(directory),
    machine.checkKeys(env, directory),
    machine.checkEngines(givenPython(flags.python, host), env),
    machine.checkAgentboard(flags.agentboard, directory),
  ]);
  return checks.flat();
}

/** `agentrefine doctor`: what this machine has of what the commands may need, or what the server of a model can do. */
export async function runDoctor(this: CliContext, flags: DoctorFlags): Promise<void> {
  const { host } = this;
  const [version, checks] = await Promise.all([programVersion(), findChecks(flags, host)]);
  const broken = checks.filter(({ state }) => state === "broken").length;
  this.process.exitCode = broken > 0 ? EXIT_CODE.failed : EXIT_CODE.done;
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify({ version, checks })}\n`);
    return;
  }
  const optional = checks.some(({ state }) => state === "absent") ? " What is absent is optional." : "";
  const end = broken === 0 ? `Nothing is broken.${optional}` : `${broken} to be fixed.`;
  host.stdout.write(`${[`agentrefine ${version}`, "", ...checkLines(host, checks), "", end].join("\n")}\n`);
}
