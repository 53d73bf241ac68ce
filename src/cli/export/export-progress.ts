import { targetWords } from "../export-words.ts";
import type { Host } from "../terminal/host.ts";
import { showProgress } from "../terminal/progress.ts";
import { fitLine } from "../terminal/table.ts";

/** Tells how far an export is: rows that were written and, where they are counted, their tokens. */
export type TellProgress = (rows: number, tokens?: number) => void;

/** Shows on stderr how far `work` is until it ends. */
export async function withProgress<Result>(
  host: Host,
  quiet: boolean,
  work: (tell: TellProgress) => Promise<Result>,
): Promise<Result> {
  let [rows, tokens]: [number, number | undefined] = [0, undefined];
  const line = (width: number): string => {
    const words = targetWords.progress;
    const segments = [{ text: words.rows(rows), rank: 0 }];
    return fitLine(
      tokens === undefined ? segments : [...segments, { text: words.tokens(tokens), rank: 1 }],
      width,
    );
  };
  const progress = showProgress(host, line, quiet);
  try {
    return await work((...told) => {
      [rows, tokens] = told;
    });
  } finally {
    progress.end();
  }
}
