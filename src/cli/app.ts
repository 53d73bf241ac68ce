import {
  type Application,
  type ApplicationText,
  ArgumentScannerError,
  buildApplication,
  formatMessageForArgumentScannerError,
  run,
  text_en,
} from "@stricli/core";
import { errorMessage } from "../errors.ts";
import { programVersion } from "../runs/program-version.ts";
import { commands } from "./commands.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { helpWords } from "./help-words.ts";
import { errorWords } from "./terminal/error-words.ts";
import type { CliContext, Env, Host, Output } from "./terminal/host.ts";
import { Interrupted } from "./terminal/interruption.ts";
import { hasColours } from "./terminal/paint.ts";
import { UsageError } from "./usage-error.ts";
import { words } from "./words.ts";

function parsingProblem(error: unknown): string {
  if (!(error instanceof ArgumentScannerError)) return errorMessage(error);
  return formatMessageForArgumentScannerError(error, {
    ArgumentParseError: ({ externalFlagNameOrPlaceholder: name, exception }) =>
      `--${name}: ${errorMessage(exception)}`,
    FlagNotFoundError: ({ input, corrections }) => words.noFlag(input, corrections),
    EnumValidationError: ({ externalFlagName, input, values }) =>
      words.notOneOf(externalFlagName, input, values),
  });
}

const text: ApplicationText = {
  ...text_en,
  briefs: {
    ...text_en.briefs,
    help: helpWords.help,
    version: helpWords.version,
    argumentEscapeSequence: helpWords.escape,
  },
  noCommandRegisteredForInput: ({ input, corrections }) => words.noCommand(input, corrections),
  exceptionWhileParsingArguments: (error) => words.didNotUnderstand(parsingProblem(error)),
  exceptionWhileLoadingCommandFunction: errorWords,
  exceptionWhileLoadingCommandContext: errorWords,
  exceptionWhileRunningCommand: errorWords,
  commandErrorResult: errorWords,
};

function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT_CODE.interrupted;
  return error instanceof UsageError ? EXIT_CODE.usage : EXIT_CODE.failed;
}

const application: Application<CliContext> = buildApplication(commands, {
  name: "agentrefine",
  versionInfo: { getCurrentVersion: programVersion },
  scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
  documentation: { onlyRequiredInUsageLine: true },
  localization: { text },
  determineExitCode: exitCodeOf,
});

/** A stream as stricli wants it; it asks for the number of colours (in bits). */
function stream(output: Output, env: Env): CliContext["process"]["stdout"] {
  return {
    write: (written) => output.write(written),
    getColorDepth: () => (hasColours(output, env) ? 4 : 1),
  };
}

/** Runs the program with the words of a command line; gives its exit code and never rejects. */
export async function runApp(commandLine: readonly string[], host: Host): Promise<number> {
  const { stdout, stderr, env } = host;
  const outer: CliContext["process"] = {
    stdout: stream(stdout, env),
    stderr: stream(stderr, env),
  };
  await run(application, commandLine, { process: outer, host });
  const code = Number(outer.exitCode);
  // Stricli's own codes for a command line that it does not understand are negative.
  return code < 0 ? EXIT_CODE.usage : code;
}
