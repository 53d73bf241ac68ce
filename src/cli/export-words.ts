import type { UnusableReason, UnverifiedCounts, UnverifiedKind } from "../dataset/no-verification.ts";
import type { DropReason } from "../tokens/tokenized-row.ts";
import { counted, share, wholeNumber } from "./terminal/numbers.ts";

// What `export` and `mix` say, and `show` of tokens; the other commands' words are in words.ts.

const DROPPED: Readonly<Record<DropReason, string>> = {
  "too-long": "whose first trained turn does not fit",
  "no-supervised-turn": "without a trained turn",
  "special-token": "with a special token in a text",
};

const KINDS: Readonly<Record<UnverifiedKind, string>> = {
  "few-errors": "without enough refinement",
  "unmatched-action": "with an action that matches nothing",
  right: "right",
};

const UNUSABLE: Readonly<Record<UnusableReason | "none", string>> = {
  unparsed: "with a trajectory that cannot be parsed",
  incomplete: "with an incomplete one",
  none: "without any",
};

/** What is said of data that was not verified (Table 11). */
export const unverifiedWords = {
  kinds: (kinds: UnverifiedCounts["kinds"]): string =>
    (["few-errors", "unmatched-action", "right"] as const)
      .map((kind) => `${wholeNumber(kinds[kind])} ${KINDS[kind]}`)
      .join(", "),
  unusable: (unusable: UnverifiedCounts["unusable"]): string =>
    (["unparsed", "incomplete", "none"] as const)
      .flatMap((reason) => {
        const count = unusable[reason];
        return count === undefined ? [] : [`${wholeNumber(count)} ${UNUSABLE[reason]}`];
      })
      .join(", "),
} as const;

/** What is said of a target, by `export` and `mix`. */
export const targetWords = {
  wrongEnding: (format: string, endings: readonly string[]) =>
    `${format} can be written as ${endings.join(" or ")} only`,
  wrongEndingFix: "Give the output a name with that ending.",
  folderEnding: (format: string, ending: string) => `${format} is a folder, and the name ends in ${ending}`,
  folderEndingFix: "Give the output a name without that ending.",
  inTheWay: (path: string) => `${path} exists`,
  inTheWayFix: "Give another name, or --force to replace it.",
  notAnExport: (path: string, name: string) => `${path} is not replaced: it holds ${name}`,
  lacks: (path: string, name: string) => `${path} is not replaced: it has no ${name}, which an export has`,
  filesIn: (folder: string) => `files in ${folder}`,
  notAnExportFix: "Give the name of a new folder.",
  isAFile: (path: string) => `${path} is a file`,
  isASource: (path: string) => `${path} is what the rows are read from`,
  anotherNameFix: "Give another name.",
  noTokenizer: (format: string, missing: string) => `${format} needs ${missing}`,
  noTokenizerFix: "Give the folder of the model's tokenizer and llama3, mistral, qwen or tokenizer.",
  needlessTokenizer: (format: string, given: string) => `${given} is not for ${format}`,
  needlessTokenizerFix: "Leave it out, or use hf-disk, tokenized-jsonl or tokenized-parquet.",
  nothingTrains: "no engine trains on trajectories",
  nothingTrainsFix: "Leave out --engine, or --format trajectories.",
  noTrainedRow: "there is no row with a turn to train",
  noTrainedRowFix:
    "Every answer is masked: look at the masks of the data, or take another ablation where one was asked for.",
  left: (count: number): string | undefined =>
    count === 0 ? undefined : `Left out: ${counted(count, "conversation")} without a trained turn.`,
  tokens: (tokens: number, supervised: number, longest: number) =>
    `${counted(tokens, "token")}, ${wholeNumber(supervised)} of them in the loss (${share(supervised, tokens)}); the longest row has ${wholeNumber(longest)}.`,
  cut: (rows: number, maxTokens: number): string | undefined =>
    rows === 0
      ? undefined
      : `Cut at a turn: ${counted(rows, "row")} with more than ${wholeNumber(maxTokens)} tokens.`,
  dropped: (dropped: Readonly<Record<DropReason, number>>): string | undefined => {
    const parts = (["too-long", "no-supervised-turn", "special-token"] as const)
      .filter((reason) => dropped[reason] > 0)
      .map((reason) => `${wholeNumber(dropped[reason])} ${DROPPED[reason]}`);
    return parts.length === 0 ? undefined : `Left out: ${parts.join(", ")}.`;
  },
  engine: (title: string, settings: string) => `In ${title}: ${settings}.`,
  readme: (path: string) => `Settings for each engine: ${path}`,
  progress: {
    rows: (rows: number): string => counted(rows, "row"),
    tokens: (tokens: number): string => counted(tokens, "token"),
  },
} as const;

/** What `export` says. */
export const exportWords = {
  noOut: "no file to write was given",
  noOutFix: "Give one with --out FILE, or a folder with --hub DIR.",
  outAndHub: "--out and --hub were both given",
  outAndHubFix: "Run export once for each.",
  notWithHub: (flag: string) => `${flag} is not for --hub, which writes a layout of its own`,
  onlyWithHub: (flag: string) => `${flag} is for --hub only`,
  leaveOutFix: "Leave it out.",
  seedAlone: "--seed is for --subset only",
  ablationOfTrajectories: "an ablation changes what is trained, which trajectories do not say",
  ablationOfTrajectoriesFix: "Use another --format.",
  nothing: (directory: string) => `${directory} has no accepted trajectory to export`,
  nothingFix: "Look at what was rejected with `agentrefine show`.",
  nothingUnverified: (directory: string) => `${directory} has no complete trajectory to export`,
  stoppedReply: "replies of this run were stopped at their first fault, so that the rest of them is missing",
  stoppedReplyFix: "Generate the run for this ablation with --no-stream.",
  unfinished: (ended: number, personas: number, process: number | undefined) => {
    const who = process === undefined ? "" : `; process ${process} is working on it`;
    return `The run is not finished: ${wholeNumber(ended)} of ${counted(personas, "persona")} have ended${who}.`;
  },
  unknownLicence: "The card names no licence of the personas; give it with --persona-license.",
  otherLicence: "The card names no licence of the data; give it with --license.",
  done: (rows: number, format: string, path: string, replaced: boolean) =>
    `Exported ${counted(rows, "row")} (${format}) to ${path}${replaced ? ", replacing it" : ""}.`,
  unverified: ({ kinds, unusable }: UnverifiedCounts): string =>
    `Not verified (Table 11): ${unverifiedWords.kinds(kinds)}. Left out of the personas: ${unverifiedWords.unusable(unusable)}.`,
} as const;

/** What `export` says of an upload to a hub. */
export const pushWords = {
  privateAlone: "--private is for --push only",
  onlyWithHub: "--push is for --hub only",
  onlyWithHubFix: "Give the folder to write with --hub.",
  notARepository: (given: string) => `"${given}" is not the name of a data set on a hub`,
  notARepositoryFix: "Give OWNER/NAME.",
  notAnAddress: (given: string) => `HF_ENDPOINT is "${given}", which is not the address of a hub`,
  notAnAddressFix: "Give one such as https://huggingface.co, or leave it out.",
  noToken: "there is no token to upload with: HF_TOKEN is not set",
  notAToken: "HF_TOKEN is not a token of the hub, which begins with hf_",
  noTokenFix: (endpoint: string) =>
    `Make one with write access at ${endpoint}/settings/tokens, and put it into HF_TOKEN or a file .env.`,
  inTheWay: (page: string) => `${page} exists`,
  inTheWayFix: "Give another name, or --force to replace its card and its rows.",
  isPublic: (page: string) => `${page} is public, and --private does not change that`,
  isPublicFix: "Make it private on its page of settings, or give another name.",
  progress: (uploaded: number, files: number) =>
    `uploading  ${wholeNumber(uploaded)} of ${counted(files, "file")}`,
  done: (page: string, files: number, isPrivate: boolean) =>
    `Uploaded ${counted(files, "file")} to ${page}, which is ${isPrivate ? "private" : "public: everybody can read it"}.`,
  failed: (folder: string, problem: string) => `${folder} is written, but not uploaded: ${problem}`,
} as const;

/** What stands at the head of the README of data that Eq. 1 is not trained on. */
export const ablationWords = {
  "no-refinement-loss":
    "This is the ablation `no-refinement-loss` (paper Table 2): refinement turns, which come right after an error turn, are masked too.",
  "erroneous-loss": "This is the ablation `erroneous-loss` (paper Table 2): error turns ARE trained.",
  "no-verification":
    "This is the ablation `no-verification` (paper Table 11): the trajectories were not verified, and some have wrong actions that nobody flagged and that are trained; turns that were flagged are masked.",
} as const;

/** What `mix` says. */
export const mixWords = {
  noAgent: "no agent data was given",
  noAgentFix: "Give the folder of a run or a file with --agent.",
  ratioAlone: "--ratio is for --data only",
  ratioAloneFix: "Give general data with --data, or leave it out.",
  trajectories: "trajectories cannot be mixed",
  trajectoriesFix: "Use another --format.",
  endlessParquet: (file: string) =>
    `cannot read ${file}: it is a damaged Parquet file, or its row groups are too large for the memory`,
  endlessParquetFix: "Download the file again, or write it again with smaller row groups.",
  badRow: (file: string, row: number, problem: string) => `${file}: row ${row} ${problem}; left out`,
  moreBadRows: (count: number) => `and ${counted(count, "more bad row")}, left out as well`,
  noRows: (file: string) => `${file} has no row that can be used`,
  noRowsFix: "Give conversations, messages or alpaca as JSON or Parquet.",
  allExcluded: (file: string, rows: number) =>
    `${file} has no row left: ${wholeNumber(rows)} that could be used are of an excluded environment`,
  allExcludedFix: "Give other data, or exclude less.",
  excluded: (rows: number) => `Excluded ${counted(rows, "row")} by environment.`,
  matchesNone: (environment: string) =>
    `No row's id names the environment ${environment}, so that nothing is excluded by it.`,
  unplaced: (rows: number) =>
    `${counted(rows, "row")} kept whose id names no known environment: they may be of any.`,
  tooFew: (needed: number, there: number) =>
    `the ratio asks for ${counted(needed, "general row")}, and there are ${wholeNumber(there)}`,
  tooFewFix: (ratio: number) => `Give more data, or a --ratio of at most ${ratio}.`,
  done: (agent: number, general: number, path: string, replaced: boolean) =>
    `Mixed ${counted(agent, "agent row")} and ${counted(general, "general row")} into ${path}${replaced ? ", replacing it" : ""}.`,
  written: (rows: number, format: string) => `Wrote ${counted(rows, "row")} (${format}).`,
} as const;

/** What `show` says of tokens. */
export const tokenWords = {
  noId: "--tokenizer is for one trajectory only",
  noIdFix: "Give its id after the run.",
  noTemplate: "--tokenizer and --template belong together",
  noTemplateFix: "Give both.",
  limitAlone: "--max-tokens is for --tokenizer only",
  limitAloneFix: "Leave it out.",
  notTrained: (id: string, outcome: string) => `${id} was ${outcome}, so none of its tokens is trained`,
  notTrainedFix: "Choose one that was accepted; `agentrefine show RUN --outcome accepted` lists them.",
  dropped: (id: string, reason: DropReason) =>
    `${id} would be left out of an export: it is one ${DROPPED[reason]}`,
  droppedFix: "Choose another, or another --max-tokens or --template.",
  opening: "⟦",
  closing: "⟧",
  totals: (tokens: number, supervised: number, marks: string) =>
    `${counted(tokens, "token")}, ${wholeNumber(supervised)} of them in the loss (${share(supervised, tokens)}), ${marks}.`,
  asMarks: "between ⟦ and ⟧",
  asColour: "in green",
  cut: (maxTokens: number) => `Cut at a turn: the whole has more than ${wholeNumber(maxTokens)} tokens.`,
} as const;
