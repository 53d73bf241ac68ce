import { once } from "node:events";
import { EXIT_CODE, Interrupted } from "../failure.ts";
import type { Host, Signal } from "./host.ts";
import { tell } from "./text.ts";

/** Ctrl-C or another signal to end, as a command that has something to finish sees it. */
interface Interruption extends Disposable {
  /** Aborted at the first one, with {@link Interrupted}. At the second, the program ends at once. */
  readonly signal: AbortSignal;
}

/** What is done about calls that a command still waits for when it is told to end. */
interface Grace {
  /** Told of the first signal, and of the seconds that calls on the wire have to finish. */
  readonly onFirst?: (seconds: number) => void;
  /** Told when they are over, with what ends the calls. */
  readonly onOver?: (reason: Interrupted) => void;
}

/** Who presses Ctrl-C can press it again. Whoever sends a signal often kills after 30 seconds. */
const SECONDS_AT_CTRL_C = 120;
const SECONDS_AT_SIGNAL = 20;

function graceSeconds(signal: Signal, { AGENTREFINE_GRACE: given = "" }: Host["env"]): number {
  if (/^\d{1,6}(\.\d+)?$/.test(given)) return Number(given);
  return signal === "SIGINT" ? SECONDS_AT_CTRL_C : SECONDS_AT_SIGNAL;
}

/** Watches for Ctrl-C and the other signals that end a command, see {@link Signal}, until it is disposed of. */
export function watchInterrupts(host: Host, { onFirst, onOver }: Grace = {}): Interruption {
  const controller = new AbortController();
  let stopTimer: () => void = () => undefined;
  const stopListening = host.onInterrupt((signal) => {
    if (controller.signal.aborted) return host.exit(EXIT_CODE.interrupted);
    const reason = new Interrupted();
    const seconds = graceSeconds(signal, host.env);
    controller.abort(reason);
    onFirst?.(seconds);
    if (onOver === undefined) return;
    stopTimer = host.every(seconds * 1000, () => {
      stopTimer();
      onOver(reason);
    });
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      stopTimer();
      stopListening();
    },
  };
}

/** Waits for the first signal while a server of the command works, then closes it. `begun` is told at once. */
export async function serveUntilInterrupted(
  host: Host,
  server: { close(): Promise<void> },
  begun: readonly string[],
): Promise<void> {
  const interruption = watchInterrupts(host);
  for (const line of begun) tell(host.stderr, line);
  try {
    if (!interruption.signal.aborted) await once(interruption.signal, "abort");
  } finally {
    interruption[Symbol.dispose]();
    await server.close();
  }
  tell(host.stderr, "Stopped.");
}
