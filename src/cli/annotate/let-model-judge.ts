import type { AcceptedRun, DrawSettings } from "../../annotation/draw.ts";
import { type JudgingView, judgeTurns, judgingFolder, spentOnJudge } from "../../annotation/judge.ts";
import type { AnnotateFlags } from "../../config/flags.ts";
import { withDotEnv } from "../../config/load-config.ts";
import { givenModel, type ModelChoice, OFFLINE } from "../../config/run-settings.ts";
import { costWith, openRunModel, priceOfRun } from "../../model/run-model.ts";
import { counted, dollars } from "../../numbers.ts";
import { asUsage, EXIT_CODE, type ExitCode, UsageError } from "../failure.ts";
import { drive, type Hooks, type Standing } from "../run/drive.ts";
import { sessionOf, unendedCode, unendedLines } from "../run/session.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";

/** Tokens of a verdict with its reasons, with room for models that think at length. */
const REPLY_TOKENS = 4096;

function standingOf({ drawn, verdicts, unread, failed, spending }: JudgingView): Standing {
  return {
    total: drawn,
    ended: verdicts.right + verdicts.wrong + unread + failed,
    counts: [
      { label: "right", count: verdicts.right, style: "green" },
      { label: "wrong", count: verdicts.wrong, style: "yellow" },
      { label: "without verdict", count: unread, style: "red" },
      { label: "failed", count: failed, style: "red" },
    ],
    ...spending,
  };
}

function choiceOf({ judge, table: _table, as: _as, ...flags }: AnnotateFlags, name: string): ModelChoice {
  if (name === OFFLINE) {
    throw new UsageError("the offline author writes data and judges none", { fix: "Give another --judge." });
  }
  return { temperature: 0, maxTokens: REPLY_TOKENS, ...givenModel({ ...flags, model: name }), name };
}

/** What came of it in words. */
function resultLines(name: string, view: JudgingView, directory: string): readonly string[] {
  const { drawn, verdicts, unread, failed, spending } = view;
  const done = verdicts.right + verdicts.wrong;
  const cost = spending.cost === null ? "at an unknown price" : `for ${dollars(spending.cost)} in all`;
  const again = `the same command with --retry-failed asks again`;
  return [
    `${name} has judged ${done} of ${counted(drawn, "turn")} of ${directory}, ${cost}.`,
    ...(unread === 0 ? [] : [`${counted(unread, "reply has", "replies have")} no verdict: ${again}.`]),
    ...(failed === 0 ? [] : [`${counted(failed, "turn")} got no reply: the same command asks again.`]),
  ];
}

/** Lets a model judge the turns of section 8. Gives the exit code. */
export async function letModelJudge(
  run: AcceptedRun,
  draw: DrawSettings,
  flags: AnnotateFlags,
  host: Host,
): Promise<ExitCode> {
  const session = sessionOf(flags, flags);
  const { model, opened } = await asUsage(async () => {
    const choice = choiceOf(flags, flags.judge ?? "");
    const price = await priceOfRun(choice.name, session, undefined, host.directory);
    const spent = await spentOnJudge(run.folder, choice.name, costWith(price));
    const env = await withDotEnv(host.env, host.directory);
    const { model: judge, ...rest } = await openRunModel(choice, {
      driving: session,
      env,
      price,
      spent,
      seed: draw.seed,
    });
    return { model: judge, opened: rest };
  });
  const work = {
    session,
    opened,
    piece: "turn",
    directory: judgingFolder(run.folder),
    start: ({ stop, onNote, onStart }: Hooks) =>
      judgeTurns(run, {
        ...draw,
        model,
        stop,
        onNote,
        concurrency: opened.concurrency,
        costOf: opened.costOf,
        retryFailed: session.retryFailed,
        now: host.now,
        onStart: (view) => onStart(() => standingOf(view())),
      }),
  };
  const { result, stopped } = await drive(work, host);
  const { drawn, verdicts, unread, failed } = result;
  const interrupted = stopped && verdicts.right + verdicts.wrong + unread + failed < drawn;
  for (const line of resultLines(model.name, result, showPath(run.folder.directory, host.directory)))
    tell(host.stderr, line);
  for (const line of unendedLines({ result, interrupted })) tell(host.stderr, line);
  const isWhole = unread + failed === 0;
  return unendedCode({ result, interrupted }) ?? (isWhole ? EXIT_CODE.done : EXIT_CODE.belowThreshold);
}
