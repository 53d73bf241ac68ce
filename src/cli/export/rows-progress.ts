import type { OnProgress } from "../../publish/write-examples.ts";
import type { Host } from "../terminal/host.ts";
import { counted } from "../terminal/numbers.ts";
import { showProgress } from "../terminal/progress.ts";
import { fitLine } from "../terminal/table.ts";

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
  const progress = showProgress(host, line, quiet);
  try {
    return await work((...told) => {
      [rows, tokens] = told;
    });
  } finally {
    progress.end();
  }
}
