import { EXIT_CODE } from "../exit-code.ts";
import { words } from "../words.ts";
import type { Host } from "./host.ts";

/** A command was ended by Ctrl-C or SIGTERM before anything came of it: exit code 130. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super(words.interrupted);
  }
}

/** Ctrl-C or SIGTERM, as a command that has something to finish sees it. */
export interface Interruption {
  /** Aborted at the first one, with {@link Interrupted}. At the second, the program ends at once. */
  readonly signal: AbortSignal;
  /** Lets them end the program by themselves again. */
  release(): void;
}

/** Watches for Ctrl-C and SIGTERM; `onFirst` is told of the first. */
export function watchInterrupts(host: Host, onFirst: () => void = () => undefined): Interruption {
  const controller = new AbortController();
  const release = host.onInterrupt(() => {
    if (controller.signal.aborted) return host.exit(EXIT_CODE.interrupted);
    controller.abort(new Interrupted());
    onFirst();
  });
  return { signal: controller.signal, release };
}
