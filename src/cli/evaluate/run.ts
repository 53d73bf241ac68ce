import type { EvaluateFlags } from "../../config/flags.ts";
import { withDotEnv } from "../../config/load-config.ts";
import { suitesLeftAsTheyAre } from "../../evaluation/open-suites.ts";
import { type PreparedEvaluation, prepareEvaluation } from "../../evaluation/prepare-evaluation.ts";
import { shellWord } from "../../printable.ts";
import { asUsage, EXIT_CODE, type ExitCode } from "../failure.ts";
import { drive, type Hooks } from "../run/drive.ts";
import type { Session } from "../run/session.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";
import { finishEvaluation, progressOfEvaluation } from "./finish-evaluation.ts";
import { type EvaluateCommand, readCommands } from "./read-command.ts";

/** Tells what was begun, as far as it is not what the command seems to say. */
function tellBeginning({ how, settings, notes }: PreparedEvaluation, host: Host): void {
  if (how === "resumed") return;
  if (how === "anew")
    tell(host.stderr, "No reply had been bought for this evaluation, so it begins anew with these settings.");
  const left = how === "begun" ? suitesLeftAsTheyAre(settings) : [];
  if (left.length > 0) {
    tell(
      host.stderr,
      `--compat plain does not apply to ${left.join(", ")}, which has AgentBoard's rules only.`,
    );
  }
  for (const note of notes) tell(host.stderr, note);
}

/** What came of the part of an evaluation that a command has played. */
interface Played {
  readonly code: ExitCode;
  /** Dollars, over all of its parts; null when the price is unknown. */
  readonly cost: number | null;
}

/** Begins or resumes an evaluation, drives it and tells what came of it. */
async function play(
  prepared: PreparedEvaluation,
  session: Session,
  isOneOfSeveral: boolean,
  host: Host,
): Promise<Played> {
  const { run, settings, opened, start } = await asUsage(() => prepared.begin(session));
  tellBeginning(prepared, host);
  const { directory } = run;
  const part = { run, settings, session, isOneOfSeveral };
  if (opened === undefined) {
    tell(host.stderr, `${showPath(directory, host.directory)} is finished; nothing was left to do.`);
    const result = await start({ stop: new AbortController().signal });
    const code = finishEvaluation({ ...part, result, seconds: 0, interrupted: false }, host);
    return { code, cost: result.spending.cost };
  }
  const work = {
    directory,
    session,
    opened,
    piece: "episode",
    start: ({ onStart, ...hooks }: Hooks) =>
      start({
        ...hooks,
        onStart: (view) => onStart(() => ({ total: view.planned, ...progressOfEvaluation(view) })),
      }),
  };
  const { result, seconds, stopped } = await drive(work, host);
  const interrupted = stopped && result.results.length < result.planned;
  const code = finishEvaluation({ ...part, result, seconds, interrupted }, host);
  return { code, cost: result.spending.cost };
}

/** The session with what the evaluations before have left of the money that all of them may cost. */
function within(session: Session, spent: number): Session {
  const { maxCost, ...options } = session.options;
  if (maxCost === undefined) return session;
  return { ...session, options: { ...options, maxCost: Math.max(0, maxCost - spent) } };
}

/** Plays evaluations one after the other until one is interrupted. Gives the exit code of the one that went worst. */
async function playAll(
  all: readonly (readonly [EvaluateCommand, PreparedEvaluation])[],
  host: Host,
): Promise<ExitCode> {
  const isSeveral = all.length > 1;
  let spent = 0;
  const codes = new Set<ExitCode>();
  for (const [place, [{ directory, session }, prepared]] of all.entries()) {
    const { model, agent } = prepared.settings;
    const shown = showPath(directory, host.directory);
    if (isSeveral)
      tell(host.stderr, `Evaluation ${place + 1} of ${all.length}: ${model?.name ?? agent}, in ${shown}`);
    const { code, cost } = await play(prepared, within(session, spent), isSeveral, host);
    spent += cost ?? 0;
    codes.add(code);
    if (code === EXIT_CODE.interrupted) break;
  }
  const worst = [EXIT_CODE.interrupted, EXIT_CODE.failed, EXIT_CODE.belowThreshold].find((code) =>
    codes.has(code),
  );
  const folders = all.map(([{ directory }]) => shellWord(showPath(directory, host.directory)));
  if (isSeveral) tell(host.stderr, `Evaluations: ${folders.join(", ")}`);
  if (isSeveral && worst === undefined)
    tell(host.stderr, `Next: agentrefine compare ${folders.join(" ")} --paper`);
  return worst ?? EXIT_CODE.done;
}

/** `agentrefine evaluate`: begins an evaluation of each model, or resumes it. */
export async function runEvaluate(host: Host, flags: EvaluateFlags): Promise<ExitCode> {
  const { directory, now } = host;
  const prepared = await asUsage(async () => {
    const around = { directory, now, env: await withDotEnv(host.env, directory) };
    const all: [EvaluateCommand, PreparedEvaluation][] = [];
    for (const command of await readCommands(flags, host))
      all.push([command, await prepareEvaluation(command.directory, command, around)]);
    return all;
  });
  return playAll(prepared, host);
}
