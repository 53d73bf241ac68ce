import { once } from "node:events";
import { systemErrorCode } from "../../errors.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { UsageError } from "../usage-error.ts";
import { words } from "../words.ts";
import { errorWords } from "./error-words.ts";
import { type Host, type Output, SIGNALS } from "./host.ts";

const WIDTH = 80;

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      if (stream.writable) stream.write(text);
    },
    drained: async () => {
      if (stream.writableNeedDrain) await once(stream, "drain");
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns || WIDTH;
    },
  };
}

/**
 * A reader that has gone away, as in `… | head -1`, wants no more: the program ends. Nobody reading what is said
 * on stderr is no reason to end a run.
 */
function endWithReader(): void {
  process.stdout.on("error", (error: unknown) => {
    // EIO: the terminal is gone.
    if (["EPIPE", "EIO"].includes(systemErrorCode(error) ?? "")) process.exit(EXIT_CODE.done);
    process.stderr.write(`${errorWords(new UsageError(words.noOutput(systemErrorCode(error) ?? "")))}\n`);
    process.exit(EXIT_CODE.failed);
  });
  process.stderr.on("error", () => undefined);
}

/** The host of the real process. */
export function processHost(): Host {
  endWithReader();
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: () => process.stdin,
    env: process.env,
    directory: process.cwd(),
    now: Date.now,
    every: (milliseconds, call) => {
      const timer = setInterval(call, milliseconds);
      return () => clearInterval(timer);
    },
    onInterrupt: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.removeListener(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
