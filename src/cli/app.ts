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
import { TemplateError } from "../tuning/template-error.ts";
import { commands } from "./commands.ts";
import { errorWords } from "./error-words.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { helpWords } from "./help-words.ts";
import { Interrupted } from "./interruption.ts";
import { hasColours } from "./paint.ts";
import { programVersion } from "./program-version.ts";
import { UsageError } from "./usage-error.ts";
import { words } from "./words.ts";
import type { CliContext, Environment, Output, World } from "./world.ts";

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
  return error instanceof UsageError || error instanceof TemplateError ? EXIT_CODE.usage : EXIT_CODE.failed;
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
function stream(output: Output, environment: Environment): CliContext["process"]["stdout"] {
  return {
    write: (written) => output.write(written),
    getColorDepth: () => (hasColours(output, environment) ? 4 : 1),
  };
}

/** Runs the program with the words of a command line; gives its exit code and never rejects. */
export async function runApp(commandLine: readonly string[], world: World): Promise<number> {
  const { stdout, stderr, environment } = world;
  const outer: CliContext["process"] = {
    stdout: stream(stdout, environment),
    stderr: stream(stderr, environment),
  };
  await run(application, commandLine, { process: outer, world });
  const code = Number(outer.exitCode);
  // Stricli's own codes for a command line that it does not understand are negative.
  return code < 0 ? EXIT_CODE.usage : code;
}
