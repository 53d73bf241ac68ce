import { targetWords } from "../export-words.ts";
import { showPath } from "../terminal/show-path.ts";
import type { ChosenTarget } from "./target.ts";
import type { Written } from "./written.ts";

/** How many rows were written. */
export function rowsOf(written: Written): number {
  return written.kind === "text" ? written.counts.rows : written.tally.rows;
}

function countWords(written: Written): readonly (string | undefined)[] {
  if (written.kind === "text") return [targetWords.left(written.counts.untrainable)];
  const { tokens, supervised, longest, cut, dropped } = written.tally;
  return [
    targetWords.tokens(tokens, supervised, longest),
    targetWords.cut(cut, written.maxTokens),
    targetWords.dropped(dropped),
  ];
}

/** What is said after the first line: tokens, what was cut and left out, and the settings of the engine. */
export function writtenWords(
  written: Written,
  engine: ChosenTarget["engine"],
  directory: string,
): readonly string[] {
  const lines = [
    ...countWords(written),
    engine === undefined ? undefined : targetWords.engine(engine.title, engine.settings),
    targetWords.readme(showPath(written.readme, directory)),
  ];
  return lines.filter((line) => line !== undefined);
}

/** The same as fields of the JSON. */
export function writtenFields(written: Written, engine: ChosenTarget["engine"]): object {
  const settings = engine === undefined ? {} : { engine };
  if (written.kind === "text") {
    const { rows, untrainable } = written.counts;
    return { rows, leftOut: { "no-supervised-turn": untrainable }, readme: written.readme, ...settings };
  }
  const { rows, cut, dropped, tokens, supervised, longest } = written.tally;
  const limit = { maxTokens: written.maxTokens };
  return {
    rows,
    cut,
    leftOut: dropped,
    tokens,
    supervised,
    longest,
    ...limit,
    readme: written.readme,
    ...settings,
  };
}
