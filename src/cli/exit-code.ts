/** The exit codes of the program. */
export const EXIT_CODE = {
  done: 0,
  /** Something failed; one line on stderr says what. */
  failed: 1,
  /** The command, its settings or the config file are wrong; nothing was done. */
  usage: 2,
  /** It ran, but what came out is below what was asked: too few accepted, a line rejected, the cost limit. */
  belowThreshold: 3,
  /** Ended by Ctrl-C or a SIGTERM. */
  interrupted: 130,
} as const;

/** One of {@link EXIT_CODE}. */
export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];
