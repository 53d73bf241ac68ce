import { resolve } from "node:path";
import type { GenerateFlags, ResumeFlags } from "../../config/flags.ts";
import { loadConfig, requirePointed, withDotEnv } from "../../config/load-config.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import {
  type PreparedRun,
  prepareResumed,
  prepareRun,
  type WantedRun,
  wantedAgain,
} from "../../generation/prepare-run.ts";
import { type Surroundings, settingsGiven } from "../../generation/settings-of-run.ts";
import { openRunFolder } from "../../runs/run-folder.ts";
import { asUsage, type ExitCode, UsageError } from "../failure.ts";
import { drive, type Hooks } from "../run/drive.ts";
import { indexOptions } from "../run/indexed.ts";
import { type Session, sessionOf, withFlags } from "../run/session.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";
import { finishRun, progressOfRun } from "./finish-run.ts";

/** What a command says of a run. */
interface RunCommand extends WantedRun {
  readonly driving: Session;
  /** An absolute path. */
  readonly directory: string;
}

async function readCommand(
  flags: GenerateFlags,
  personas: string | undefined,
  host: Host,
): Promise<RunCommand> {
  const file = await loadConfig(host.directory, flags.config);
  await requirePointed(file.generate ?? {}, flags, host);
  const settings = withFlags<GenerateConfig>(file.generate ?? {}, flags);
  const config = { ...settings, ...(personas === undefined ? {} : { personas }) };
  if (config.out === undefined) {
    throw new UsageError("no folder for the run was given", {
      fix: "Give one with --out DIR, or in a config file.",
    });
  }
  const directory = resolve(host.directory, config.out);
  const given = settingsGiven(config, host);
  const pointed = flags.config === undefined ? flags : config;
  return { directory, given, pointed, driving: sessionOf(config, flags), ...namesOf(directory, host) };
}

/** How the folder of a run is named, and where its index may be kept. */
function namesOf(directory: string, host: Host): Pick<WantedRun, "shown" | "indexFile"> {
  const indexFile = async () => (await indexOptions(directory, host)).file;
  return { shown: showPath(directory, host.directory), indexFile };
}

async function around(host: Host): Promise<Surroundings> {
  const { directory, stdin, now, stderr } = host;
  const env = await withDotEnv(host.env, directory);
  return { directory, stdin, now, env, onNote: (note) => tell(stderr, note) };
}

/** Drives a prepared run and tells what came of it. */
async function play(
  { directory, settings, opened, start }: PreparedRun,
  session: Session,
  host: Host,
): Promise<ExitCode> {
  if (opened === undefined) {
    tell(host.stderr, `${showPath(directory, host.directory)} is finished; nothing was left to do.`);
    const result = await start({ stop: new AbortController().signal });
    return finishRun({ settings, session, result, seconds: 0, written: 0, interrupted: false }, host);
  }
  let hasBegun = false;
  const work = {
    directory,
    session,
    opened,
    piece: "persona",
    start: ({ stop, onNote, onStart }: Hooks) =>
      start({
        stop,
        onNote,
        onStart: ({ personas, tally, batches }) => {
          hasBegun = true;
          onStart(() => ({ total: personas, ...progressOfRun(tally()), batches: batches?.() }));
        },
        // What keeps a run from its first call, such as a file without personas, is wrong with the command.
      }).catch((error: unknown) => (hasBegun ? Promise.reject(error) : asUsage(() => Promise.reject(error)))),
  };
  const { result, seconds, written, stopped } = await drive(work, host);
  const interrupted = stopped && result.pending > 0;
  return finishRun({ settings, session, result, seconds, written, interrupted }, host);
}

/** `agentrefine generate`: begins a run, or resumes one. */
export async function runGenerate(
  host: Host,
  flags: GenerateFlags,
  personas?: string,
): Promise<ExitCode | undefined> {
  const command = await asUsage(() => readCommand(flags, personas, host));
  const { directory, driving: session } = command;
  if (flags.dryRun === true) {
    const { dryRun } = await import("./dry-run.ts");
    const { rehearse } = await import("../../generation/rehearse-run.ts");
    const run = await asUsage(async () => rehearse(directory, command, await around(host)));
    await dryRun(run, session, host);
    return;
  }
  const prepared = await asUsage(async () => prepareRun(directory, command, await around(host)));
  return play(prepared, session, host);
}

/** `agentrefine resume`: resumes a run with the settings that it was started with. */
export async function runResume(host: Host, flags: ResumeFlags, folder: string): Promise<ExitCode> {
  const { prepared, driving } = await asUsage(async () => {
    const file = await loadConfig(host.directory, flags.config);
    const run = await openRunFolder(resolve(host.directory, folder));
    const config = withFlags<GenerateConfig>(file.generate ?? {}, flags);
    const said = { baseUrl: flags.baseUrl, writers: flags.writers, apiKeyEnv: config.apiKeyEnv };
    const wanted = wantedAgain(sessionOf(config, flags), said, flags.config === undefined ? flags : config);
    const shown = namesOf(run.directory, host);
    return {
      prepared: await prepareResumed(run, { ...wanted, ...shown }, await around(host)),
      driving: wanted.driving,
    };
  });
  return play(prepared, driving, host);
}
