import { skippedWords } from "../../annotation/annotation-file.ts";
import { selectionWords, selectsAll } from "../../annotation/condition.ts";
import { mistrainers } from "../../dataset/engines.ts";
import { type RunSource, unfinished } from "../../dataset/run-source.ts";
import { counted, share, wholeNumber } from "../../numbers.ts";
import type { ChosenEngine, TextTarget, TokenizedTarget } from "../../publish/target.ts";
import type { OnProgress, Written } from "../../publish/write-examples.ts";
import { folderOwner } from "../../runs/lock.ts";
import type { DropReason, TokenizedTally } from "../../tokens/tokenized-row.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { showProgress } from "../terminal/progress.ts";
import { fitLine } from "../terminal/table.ts";

const DROPPED: Readonly<Record<DropReason, string>> = {
  "too-long": "whose first trained turn does not fit",
  "no-supervised-turn": "without a trained turn",
  "special-token": "with a special token in a text",
};

/** What is said of a row that is left out, to be read after its name or number. */
export function droppedWords(reason: DropReason): string {
  return DROPPED[reason];
}

/** What is said of tokens that were written. */
export function tallyLines(tally: TokenizedTally, maxTokens: number): readonly string[] {
  const { tokens, supervised, longest, cut, dropped } = tally;
  const left = (["too-long", "no-supervised-turn", "special-token"] as const)
    .filter((reason) => dropped[reason] > 0)
    .map((reason) => `${wholeNumber(dropped[reason])} ${DROPPED[reason]}`);
  return [
    `${counted(tokens, "token")}, ${wholeNumber(supervised)} of them in the loss (${share(supervised, tokens)}); the longest row has ${wholeNumber(longest)}.`,
    ...(cut === 0
      ? []
      : [`Cut at a turn: ${counted(cut, "row")} with more than ${wholeNumber(maxTokens)} tokens.`]),
    ...(left.length === 0 ? [] : [`Left out: ${left.join(", ")}.`]),
  ];
}

/** What `export` and `mix` were asked for, as far as their last lines depend on it. */
interface Asked {
  readonly target: TextTarget | TokenizedTarget;
  readonly engine: ChosenEngine | undefined;
  /** What is trained in place of Eq. 1: the mistakes too. */
  readonly trainsErrors?: boolean;
}

/** Whoever names no engine is told who would train on the mistakes. */
function engineLine({ target, engine, trainsErrors }: Asked): string | undefined {
  if (engine !== undefined) return `In ${engine.title}: ${engine.settings}.`;
  const ignoring = mistrainers(target.format);
  if (ignoring.length === 0 || trainsErrors === true) return undefined;
  return `${ignoring.join(", ")} would train on the mistakes with the format ${target.format}: name your engine with --engine.`;
}

/** What is said after the first line: tokens, what was cut and left out, the engine, and where its settings stand. */
export function writtenLines(written: Written, asked: Asked, directory: string): readonly string[] {
  const counts =
    written.kind === "tokenized"
      ? [...tallyLines(written.tally, written.maxTokens), ...written.tally.warnings]
      : written.untrainable === 0
        ? []
        : [`Left out: ${counted(written.untrainable, "conversation")} without a trained turn.`];
  const lines = [
    ...counts,
    engineLine(asked),
    `Settings for each engine: ${showPath(written.readme, directory)}`,
  ];
  return lines.filter((line) => line !== undefined);
}

/** The same as fields of the JSON. */
export function writtenFields(written: Written, engine: ChosenEngine | undefined): object {
  const { rows, readme } = written;
  if (written.kind === "text") {
    return { rows, leftOut: { "no-supervised-turn": written.untrainable }, readme, engine };
  }
  const { cut, dropped: leftOut, tokens, supervised, longest } = written.tally;
  const { maxTokens } = written;
  return { rows, cut, leftOut, tokens, supervised, longest, maxTokens, readme, engine };
}

/** How far a run is that has not ended, and which process of this host is working on it; undefined when it has. */
export async function unfinishedLine(source: RunSource): Promise<string | undefined> {
  const now = unfinished(source);
  if (now === undefined) return undefined;
  const owner = await folderOwner(source.run.directory).catch(() => undefined);
  const who = owner === undefined ? "" : `; process ${owner.process} is working on it`;
  return `The run is not finished: ${wholeNumber(now.ended)} of ${counted(now.personas, "persona")} have ended${who}.`;
}

/** What was left out by annotations, and which of their lines could not be read. */
export function annotationLines({ run, selection, leftOut, skipped }: RunSource): readonly string[] {
  if (selectsAll(selection)) return [];
  return [
    ...skipped.map((line) => skippedWords(run.directory, line)),
    `Left out by annotations (${selectionWords(selection)}): ${counted(leftOut, "trajectory", "trajectories")}.`,
  ];
}

/** Shows on stderr how far `work` is until it ends. */
export async function withProgress<Result>(
  host: Host,
  quiet: boolean,
  work: (tell: OnProgress) => Promise<Result>,
): Promise<Result> {
  let [rows, tokens]: [number, number | undefined] = [0, undefined];
  const line = (width: number): string => {
    const segments = [{ text: counted(rows, "row"), rank: 0 }];
    return fitLine(
      tokens === undefined ? segments : [...segments, { text: counted(tokens, "token"), rank: 1 }],
      width,
    );
  };
  using _progress = showProgress(host, line, quiet);
  return await work((...told) => {
    [rows, tokens] = told;
  });
}
