import { resolve } from "node:path";
import type { ResumeFlags } from "../../config/flags.ts";
import { loadConfig } from "../../config/load-config.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import { openRunFolder } from "../../runs/run-folder.ts";
import { resumeRun } from "../generate/run.ts";
import { sessionOf, withFlags } from "../run/session.ts";
import type { CliContext } from "../terminal/host.ts";
import { asUsage } from "../usage-error.ts";

/** `agentrefine resume`: resumes a run with the settings that it was started with. */
export async function runResume(this: CliContext, flags: ResumeFlags, directory: string): Promise<void> {
  const { host } = this;
  const { run, config } = await asUsage(async () => {
    const file = await loadConfig(host.directory, flags.config);
    return {
      run: await openRunFolder(resolve(host.directory, directory)),
      config: withFlags<GenerateConfig>(file.generate ?? {}, flags),
    };
  });
  const { baseUrl } = flags;
  const session = { ...sessionOf(config, flags), ...(baseUrl === undefined ? {} : { baseUrl }) };
  this.process.exitCode = await resumeRun(run, session, host, flags.apiKeyEnv);
}
