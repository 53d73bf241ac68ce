import { resolve } from "node:path";
import type { GenerateFlags } from "../../config/flags.ts";
import { loadConfig, withDotEnv } from "../../config/load-config.ts";
import {
  completeRun,
  givenRun,
  OFFLINE,
  type PartialRunSettings,
  type RunSettings,
  SHIPPED_PERSONAS,
  STANDARD_INPUT,
} from "../../config/run-settings.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import { openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { isRun } from "../is-run.ts";
import { type Session, sessionOf, withFlags } from "../run/session.ts";
import type { CliContext, Host } from "../terminal/host.ts";
import { asUsage, UsageError } from "../usage-error.ts";
import { generateWords } from "../words.ts";
import { beginRun } from "./begin-run.ts";
import { continueRun } from "./continue-run.ts";
import { driveRun } from "./drive-run.ts";
import { openGenerateModel } from "./open-generate-model.ts";
import { checkSource, selectForRun } from "./personas-of-run.ts";
import { priceOfGenerate } from "./price-of-generate.ts";
import { refuseContradictions } from "./settings-check.ts";

/** `agentrefine generate`: begins a run, or goes on with one. */
export async function runGenerate(this: CliContext, flags: GenerateFlags, personas?: string): Promise<void> {
  const { host } = this;
  const { config, session, given, directory } = await asUsage(() => readCommand(host, flags, personas));
  if (await isRun(directory)) {
    const run = await asUsage(() => openRunFolder(directory));
    refuseContradictions(run, given, host);
    this.process.exitCode = await continueRun(run, session, host, config.apiKeyEnv);
  } else {
    this.process.exitCode = await startRun(directory, given, session, host);
  }
}

/** Where the personas come from, as it is saved; undefined when it was not said. */
function sourceOf(given: string | undefined, directory: string): string | undefined {
  return given === undefined || given === STANDARD_INPUT ? given : resolve(directory, given);
}

async function readCommand(
  host: Host,
  flags: GenerateFlags,
  personas: string | undefined,
): Promise<{
  readonly config: GenerateConfig;
  readonly session: Session;
  readonly given: PartialRunSettings;
  readonly directory: string;
}> {
  const file = await loadConfig(host.directory, flags.config);
  const settings = withFlags<GenerateConfig>(file.generate ?? {}, flags);
  const config = personas === undefined ? settings : { ...settings, personas };
  if (config.out === undefined) throw new UsageError(generateWords.noOut, { fix: generateWords.noOutFix });
  return {
    config,
    session: sessionOf(config, flags),
    given: givenRun(config, sourceOf(config.personas, host.directory)),
    directory: resolve(host.directory, config.out),
  };
}

async function newSettings(given: PartialRunSettings): Promise<RunSettings> {
  const { name } = given.model;
  if (name === undefined) throw new UsageError(generateWords.noModel, { fix: generateWords.noModelFix });
  if (given.offlineFaults !== undefined && name !== OFFLINE) {
    throw new UsageError(generateWords.onlyOffline, { fix: generateWords.onlyOfflineFix });
  }
  const settings = completeRun(given, name);
  await checkSource(settings.personas.source);
  return settings;
}

async function startRun(
  directory: string,
  given: PartialRunSettings,
  session: Session,
  host: Host,
): Promise<number> {
  const settings = await asUsage(() => newSettings(given));
  const price = await asUsage(() => priceOfGenerate(settings.model.name, session, undefined, host.directory));
  const opened = await asUsage(async () => {
    const env = await withDotEnv(host.env, host.directory);
    return openGenerateModel(settings, { session, env, price, spent: 0 });
  });
  if (settings.personas.source === SHIPPED_PERSONAS) host.stderr.write(`${generateWords.shippedPersonas}\n`);
  const strict = session.options.strict === true;
  return beginRun(directory, settings, price, host, (run: RunFolder) =>
    driveRun(
      {
        run,
        settings,
        session,
        opened,
        personas: (stop) => selectForRun(settings, host, { strict, stop }),
      },
      host,
    ),
  );
}
