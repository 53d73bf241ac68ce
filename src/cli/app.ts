import {
  type Application,
  type ApplicationText,
  ArgumentScannerError,
  buildApplication,
  buildRouteMap,
  formatMessageForArgumentScannerError,
  proposeCompletions,
  run,
  text_en,
} from "@stricli/core";
import { noFlags } from "../config/flags.ts";
import type { Env } from "../env.ts";
import { errorMessage } from "../errors.ts";
import { programVersion } from "../runs/run-folder.ts";
import { didYouMean } from "../spelling.ts";
import { type DeclaredCommand, declareCommand } from "./command.ts";
import * as commands from "./commands.ts";
import { COMPLETE, completionScript, SHELLS } from "./completion.ts";
import { EXIT_CODE, errorWords, firstFailure, Interrupted, UsageError } from "./failure.ts";
import { commandHelp, type HelpStyle, type ProgramHelp, programHelp } from "./help.ts";
import * as measuring from "./measuring-commands.ts";
import * as scale from "./scale-commands.ts";
import { type CliContext, type Host, type Output, withShortPaths } from "./terminal/host.ts";
import { dashed, hasColours, noteText, paintFor } from "./terminal/text.ts";

const { exportRun, ...named } = commands;

const completion = declareCommand(
  {
    brief: "Print a script that completes commands and flags in a shell",
    full: `Prints the script for bash, zsh or fish. To have it in every shell:
  bash: echo 'eval "$(agentrefine completion bash)"' >> ~/.bashrc
  zsh: echo 'eval "$(agentrefine completion zsh)"' >> ~/.zshrc
  fish: agentrefine completion fish >~/.config/fish/completions/agentrefine.fish`,
    args: [{ name: "SHELL", help: `One of ${SHELLS.join(", ")}` }],
    examples: { bash: "Look at the script" },
    page: "runs.md",
    flags: noFlags,
  },
  async () =>
    async ({ stdout }, _flags, shell) => {
      stdout.write(completionScript(shell ?? ""));
    },
);

const version = declareCommand(
  {
    brief: "Print the version",
    full: "Prints the version, as --version does.",
    args: [],
    examples: {},
    page: "runs.md",
    flags: noFlags,
  },
  async () =>
    async ({ stdout }) => {
      stdout.write(`${await programVersion()}\n`);
    },
);

const help = declareCommand(
  {
    brief: "Print the help of the program or of a command",
    full: "Prints the help of the program or of a command, as --help does.",
    args: [{ name: "COMMAND", help: "Which command", optional: true }],
    examples: { generate: "The help of generate" },
    page: "runs.md",
    flags: noFlags,
  },
  async () => async (host, _flags, name) => writeHelp(name, host),
);

const COMMANDS: Readonly<Record<string, DeclaredCommand>> = {
  ...named,
  ...measuring,
  ...scale,
  export: exportRun,
  completion,
  help,
  version,
};

const PROGRAM: ProgramHelp = {
  full: `Make training data for language-model agents that correct their own mistakes (AgentRefine, ICLR 2025): persona -> script -> trajectory -> verified -> export.

To begin, without a key:
  agentrefine generate --model offline --limit 20 --out runs/first
  agentrefine view runs/first
  agentrefine export runs/first --engine axolotl --out train.jsonl`,
  groups: {
    "Make data": [
      "personas",
      "generate",
      "resume",
      "status",
      "merge",
      "show",
      "view",
      "stats",
      "annotate",
      "verify",
      "export",
      "mix",
      "runs",
    ],
    "Train and measure": ["train", "evaluate", "compare", "report", "serve"],
    "Set up": ["init", "data", "doctor", "completion", "schema", "help", "version"],
  },
  end: `agentrefine COMMAND --help tells of a command. Settings can stand in agentrefine.config.json (see agentrefine init), keys in the environment or in .env. Words go to stderr, results and JSON to stdout.

Exit codes: 0 done; 1 something failed; 2 the command or its settings are wrong; 3 done, but less came out than was asked; 130 interrupted: run it again. What a scheduler should do at each: docs/clusters.md.`,
};

const WIDEST = 80;

function writeHelp(name: string | undefined, { stdout, env }: Host): void {
  const paint = paintFor(stdout, env);
  const style: HelpStyle = { width: Math.min(WIDEST, stdout.isTTY ? stdout.columns : WIDEST), paint };
  const command = name === undefined ? undefined : COMMANDS[name];
  if (name !== undefined && command === undefined) throw unknownCommand(name);
  stdout.write(
    name === undefined || command === undefined
      ? programHelp(PROGRAM, COMMANDS, style)
      : commandHelp(name, command, style),
  );
}

function unknownCommand(name: string): UsageError {
  return new UsageError(`there is no command ${name}${didYouMean(name, Object.keys(COMMANDS))}`, {
    fix: "See agentrefine --help.",
  });
}

/** The command that a command line names; undefined for none. */
function commandOf(commandLine: readonly string[]): string | undefined {
  return commandLine.find((word) => !word.startsWith("-"));
}

/** What is wrong with the flags and arguments of a command, in our own words. */
function argumentProblem(error: unknown, name: string | undefined): string {
  if (!(error instanceof ArgumentScannerError)) return errorMessage(error);
  const { args = [], flags } = (name === undefined ? undefined : COMMANDS[name]) ?? {};
  const known = Object.keys(flags?.shape ?? {}).map(dashed);
  return formatMessageForArgumentScannerError(error, {
    ArgumentParseError: ({ externalFlagNameOrPlaceholder: where, exception }) =>
      args.some(({ name: arg }) => where.includes(arg))
        ? errorMessage(exception)
        : `${dashed(where)}: ${errorMessage(exception)}`,
    FlagNotFoundError: ({ input }) => `there is no flag --${input}${didYouMean(`--${input}`, known)}`,
    AliasNotFoundError: ({ input }) => `there is no flag -${input}`,
    EnumValidationError: ({ externalFlagName, input, values }) => {
      const flag = dashed(externalFlagName);
      const several =
        input.split(",").length > 1 && input.split(",").every((each) => values.includes(each.trim()));
      return several
        ? `${flag} takes one of ${values.join(", ")}, and "${input}" are several: run the command once for each`
        : `${flag}: "${input}" is not one of ${values.join(", ")}${didYouMean(input, values)}`;
    },
    UnsatisfiedFlagError: ({ externalFlagName, nextFlagName }) => {
      const flag = dashed(externalFlagName);
      if (nextFlagName !== undefined) return `${flag} was given without its value`;
      return `${flag} is missing, or was given without its value`;
    },
    UnsatisfiedPositionalError: ({ limit: [, count = 0] = [0, 0] }) => {
      const missing = args[Math.min(count, args.length - 1)];
      return missing === undefined
        ? "an argument is missing"
        : `${missing.name} is missing: ${missing.help.toLowerCase()}`;
    },
    UnexpectedPositionalError: ({ input }) =>
      args.length === 0
        ? `"${input}" is too much: the command takes flags only`
        : `"${input}" is too much: the command takes ${args.map(({ name: arg }) => arg).join(" and ")} only`,
    UnexpectedFlagError: ({ externalFlagName, previousInput, input }) =>
      `${dashed(externalFlagName)} was given twice, with "${previousInput}" and "${input}"`,
    InvalidNegatedFlagSyntaxError: ({ externalFlagName }) => `--${externalFlagName} takes no value`,
  });
}

function exitCodeOf(thrown: unknown): number {
  const error = firstFailure(thrown);
  if (error instanceof Interrupted) return EXIT_CODE.interrupted;
  return error instanceof UsageError ? EXIT_CODE.usage : EXIT_CODE.failed;
}

/** The application for a command line; the words of its errors name what this command takes. */
function applicationFor(
  commandLine: readonly string[],
  { stderr, directory }: Host,
): Application<CliContext> {
  const inWords = (error: unknown): string =>
    noteText(withShortPaths(errorWords(error), directory), stderr).trimEnd();
  const text: ApplicationText = {
    ...text_en,
    noCommandRegisteredForInput: ({ input }) => inWords(unknownCommand(input)),
    exceptionWhileParsingArguments: (error) => {
      const name = commandOf(commandLine);
      return inWords(
        new UsageError(argumentProblem(error, name), { fix: `See agentrefine ${name} --help.` }),
      );
    },
    exceptionWhileLoadingCommandFunction: inWords,
    exceptionWhileLoadingCommandContext: inWords,
    exceptionWhileRunningCommand: inWords,
    commandErrorResult: inWords,
  };
  return buildApplication(
    buildRouteMap({
      routes: Object.fromEntries(Object.entries(COMMANDS).map(([name, { command }]) => [name, command])),
      docs: { brief: "AgentRefine" },
    }),
    {
      name: "agentrefine",
      scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
      localization: { text },
      determineExitCode: exitCodeOf,
    },
    // Help and the version are our own.
    {},
  );
}

/** A stream as stricli wants it; it asks for the number of colours (in bits). */
function stream(output: Output, env: Env): CliContext["process"]["stdout"] {
  return {
    write: (written) => output.write(written),
    getColorDepth: () => (hasColours(output, env) ? 4 : 1),
  };
}

/** `--body=…` whose value has line breaks as two words, since stricli looks at the first line only. */
function withValueApart(word: string): readonly string[] {
  const [, flag, value] = /^(--[A-Za-z-]+)=([\s\S]*\n[\s\S]*)$/.exec(word) ?? [];
  return flag === undefined || value === undefined ? [word] : [flag, value];
}

/** `--help` and `--version` wherever they stand as words of a command, and no command at all, as commands. */
function withoutShortcuts(commandLine: readonly string[]): readonly string[] {
  const end = commandLine.indexOf("--");
  const words = end === -1 ? commandLine : commandLine.slice(0, end);
  const [first] = words;
  if (first === "--version" || first === "-v") return ["version"];
  if (commandLine.length > 0 && !words.includes("--help") && !words.includes("-h")) return commandLine;
  const name = commandOf(words);
  return name === undefined ? ["help"] : ["help", name];
}

/** Runs the program with the words of a command line; gives its exit code and never rejects. */
export async function runApp(commandLine: readonly string[], host: Host): Promise<number> {
  const { stdout, stderr, env } = host;
  const outer: CliContext["process"] = {
    stdout: stream(stdout, env),
    stderr: stream(stderr, env),
  };
  const [first, ...rest] = commandLine;
  const context: CliContext = { process: outer, host };
  if (first === COMPLETE) {
    const proposed = await proposeCompletions(applicationFor(rest, host), rest, context);
    for (const { completion: word } of proposed) stdout.write(`${word}\n`);
    return EXIT_CODE.done;
  }
  const words = withoutShortcuts(commandLine.flatMap(withValueApart));
  await run(applicationFor(words, host), words, context);
  const code = Number(outer.exitCode);
  // Stricli's own codes for a command line that it does not understand are negative.
  return code < 0 ? EXIT_CODE.usage : code;
}
