import { EXIT_CODE, Interrupted } from "../failure.ts";
import type { Host, Signal } from "./host.ts";

/** Ctrl-C or another signal to end, as a command that has something to finish sees it. */
interface Interruption {
  /** Aborted at the first one, with {@link Interrupted}. At the second, the program ends at once. */
  readonly signal: AbortSignal;
  /** Lets them end the program by themselves again. */
  release(): void;
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

/** Watches for Ctrl-C and the other signals that end a command: see {@link Signal}. */
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
  const release = (): void => {
    stopTimer();
    stopListening();
  };
  return { signal: controller.signal, release };
}
