import type { SelectionCounts } from "../persona/select-personas.ts";
import { counted, duration, wholeNumber } from "./terminal/numbers.ts";

// Every word that the user reads from the command line, but for the help: see help-words.ts.

/** The end of a sentence about something unknown. */
function didYouMean(near: readonly string[]): string {
  return near.length === 0
    ? "."
    : `; did you mean ${near.map((each) => each.replaceAll("`", "")).join(" or ")}?`;
}

/** What is said of the model of a run. */
export const modelWords = {
  missingHeaders: (names: readonly string[]) =>
    `the run sends ${names.join(", ")}, whose values are not saved`,
  missingHeadersFix: 'Give them again with --header "Name: value".',
  secretField: (name: string) => `the body's field "${name}" looks like a key, and the body is saved`,
  secretFieldFix: "Give a key in an environment variable, or in a header, whose value is never saved.",
} as const;

/** What is said of work that is kept in a folder and gone on with: a run, or an evaluation. */
export const goingOnWords = {
  badSettings: (directory: string) => `the settings in ${directory}/run.json cannot be used`,
  contradiction: (directory: string, differences: readonly string[]) =>
    `${directory} was started with other settings: ${differences.join("; ")}`,
  finished: (directory: string) => `${directory} is finished; nothing was left to do.`,
  stopping: (calls: number, seconds: number) => {
    const finishing =
      calls === 0
        ? "saving"
        : `finishing ${counted(calls, "call")} that ${calls === 1 ? "is" : "are"} paid for, for ${duration(seconds)} at most`;
    return `Stopping: ${finishing}. Press Ctrl-C again to end at once.`;
  },
  interrupted: "Stopped before the end; nothing that was bought is lost.",
  paused: (reason: string) =>
    `Paused, because the model gives no replies: ${reason}. Nothing that was bought is lost.`,
  pausedOtherwise: (reason: string) => `Paused: ${reason}. Nothing that was bought is lost.`,
  costCap: (reason: string) => `Paused: ${reason}. Raise --max-cost to go on.`,
  goOn: (command: string) => `Go on with: ${command}`,
} as const;

/** What `generate` and `resume` say. */
export const generateWords = {
  noOut: "no folder for the run was given",
  noOutFix: "Give one with --out DIR, or in a config file.",
  noModel: "no model was given",
  noModelFix: "Give one with --model NAME; `--model offline` needs no key.",
  onlyOffline: "--offline-faults is for `--model offline` only",
  onlyOfflineFix: "Leave it out.",
  sourceIsFolder: (file: string) => `cannot read ${file}: it is a folder`,
  sourceFix: "Give the path of a file.",
  shippedPersonas:
    "No personas were given, so those that come with agentrefine are used (data/personas.jsonl).",
  badLine: (file: string, line: number, problem: string) => `${file}: line ${line} ${problem}; left out`,
  moreBadLines: (count: number) => `and ${counted(count, "more bad line")}, left out as well`,
  leftOut: ({ read, bad, duplicates, nearDuplicates, selected }: SelectionCounts): string | undefined => {
    if (bad + duplicates + nearDuplicates === 0) return undefined;
    const left = [
      bad > 0 ? counted(bad, "bad line") : "",
      duplicates > 0 ? counted(duplicates, "duplicate") : "",
      nearDuplicates > 0 ? counted(nearDuplicates, "near-duplicate") : "",
    ];
    const selection = `Selected ${counted(selected, "persona")} from ${counted(read, "line")}`;
    return `${selection}; left out ${left.filter(Boolean).join(", ")}.`;
  },
  noPersonas: (source: string) => `there is no persona in ${source}`,
  noPersonasFix: 'Give JSON lines such as {"persona": "…"}, or one persona a line.',
  badSettingsFix: "Use the version of agentrefine that started the run.",
  contradictionFix: (directory: string) =>
    `Go on with the saved settings (agentrefine resume ${directory}), or give another --out.`,
  goingOn: (directory: string, ended: number, personas: number) =>
    `Going on with ${directory}: ${wholeNumber(ended)} of ${counted(personas, "persona")} had ended.`,
  retry: (failed: number, command: string) =>
    `Try the ${failed === 1 ? "one that" : `${wholeNumber(failed)} that`} failed again: ${command} --retry-failed`,
} as const;

/** What `init` says. */
export const initWords = {
  written: (file: string) => `Wrote ${file}`,
  kept: (file: string) => `Kept ${file}, which exists`,
  next: (command: string) => `Next: ${command}`,
  notAFolder: (directory: string) => `${directory} is not a folder`,
  notAFolderFix: "Give a folder, or a name that is free.",
} as const;

/** What any command may say. */
export const words = {
  errorLabel: "Error",
  defect: "This is a defect of agentrefine",
  standardInput: "the standard input",
  didNotUnderstand: (problem: string) => `Error: ${problem}${/[.?]$/.test(problem) ? "" : "."} See --help.`,
  noCommand: (input: string, near: readonly string[]) =>
    `Error: there is no command ${input}${didYouMean(near)} See agentrefine --help.`,
  noFlag: (input: string, near: readonly string[]) =>
    `there is no flag --${input}${didYouMean(near.map((each) => `--${each}`))}`,
  notOneOf: (flag: string, input: string, values: readonly string[]) =>
    `--${flag}: "${input}" is not one of ${values.join(", ")}`,
  noOutput: (code: string) => `cannot write the output (${code})`,
} as const;
