import type { DoctorFlags } from "../../config/flags.ts";
import { givenPython } from "../../config/load-config.ts";
import { programVersion } from "../../runs/run-folder.ts";
import { EXIT_CODE, type ExitCode } from "../failure.ts";
import type { Host } from "../terminal/host.ts";
import { optionsAsFlags } from "../terminal/text.ts";
import { type Check, checkLines } from "./check.ts";

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
    machine.checkSuites(flags.agentboard, directory),
  ]);
  return checks.flat();
}

/** `agentrefine doctor`: what this machine has of what the commands may need, or what the server of a model can do. */
export async function runDoctor(host: Host, flags: DoctorFlags): Promise<ExitCode> {
  const [version, checks] = await Promise.all([programVersion(), findChecks(flags, host)]);
  const broken = checks.filter(({ state }) => state === "broken").length;
  if (flags.json === true) host.stdout.write(`${JSON.stringify({ version, checks })}\n`);
  else {
    const optional = checks.some(({ state }) => state === "absent") ? " What is absent is optional." : "";
    const end = broken === 0 ? `Nothing is broken.${optional}` : `${broken} to be fixed.`;
    const lines = [`agentrefine ${version}`, "", ...checkLines(host, checks), "", end];
    host.stdout.write(`${optionsAsFlags(lines.join("\n"))}\n`);
  }
  return broken > 0 ? EXIT_CODE.failed : EXIT_CODE.done;
}
