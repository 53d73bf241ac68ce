import { resolve } from "node:path";
import type { DataFlags } from "../../config/flags.ts";
import { withDotEnv } from "../../config/load-config.ts";
import { DATA_SET_NAMES, DATA_SETS, type DataSetName, downloadSize } from "../../data/data-sets.ts";
import { type Fetching, type Got, getDataSet } from "../../data/get.ts";
import { type CheckedData, checkDataSet, publishedFolder } from "../../data/published.ts";
import type { Env } from "../../env.ts";
import { errorMessage } from "../../errors.ts";
import { groupBy } from "../../evaluation/metrics/scores.ts";
import { counted, duration, oneDigit } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { didYouMean } from "../../spelling.ts";
import { EXIT_CODE, type ExitCode, UsageError, unknownAction } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { showProgress } from "../terminal/progress.ts";
import { fitLine, type Row, tableLines } from "../terminal/table.ts";
import { tell, wrapText } from "../terminal/text.ts";

const ACTIONS = ["list", "get", "check"] as const;

function megabytes(bytes: number): string {
  return `${bytes < 9.95e6 ? oneDigit(bytes / 1e6) : Math.round(bytes / 1e6)} MB`;
}

function isName(word: string): word is DataSetName {
  return Object.hasOwn(DATA_SETS, word);
}

/** The data sets that are named; `whenNone` when none is. */
function namesOf(words: readonly string[], whenNone: readonly DataSetName[]): readonly DataSetName[] {
  if (words.length === 0) return whenNone;
  if (words.includes("all")) return DATA_SET_NAMES;
  const names = words.map((word) => {
    if (isName(word)) return word;
    throw new UsageError(`there is no data set ${word}${didYouMean(word, [...DATA_SET_NAMES, "all"])}`, {
      fix: "See agentrefine data list.",
    });
  });
  return [...new Set(names)];
}

/** Where a data set is; what stands in the way of one that a variable names. */
async function placeOf(name: DataSetName, env: Env): Promise<{ folder: string | null; problem?: string }> {
  try {
    return { folder: (await publishedFolder(name, env)) ?? null };
  } catch (error) {
    return { folder: null, problem: errorMessage(error) };
  }
}

async function list(names: readonly DataSetName[], flags: DataFlags, host: Host, env: Env): Promise<void> {
  const all = await Promise.all(
    names.map(async (name) => {
      const { use, licence, source, version } = DATA_SETS[name];
      const size = downloadSize(DATA_SETS[name]) ?? null;
      return { name, use, licence, source, version, size, ...(await placeOf(name, env)) };
    }),
  );
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify({ data: all })}\n`);
    return;
  }
  const heads = tableLines(
    all.map(({ name, size, folder, problem }): Row => {
      const state = problem ?? (folder === null ? "not here" : `in ${showPath(folder, host.directory)}`);
      return [name, size === null ? "unknown" : megabytes(size), state];
    }),
    ["left", "right", "left"],
  );
  const wrapped = (words: string): readonly string[] =>
    wrapText(words, { width: host.stdout.columns, indent: 2 });
  const lines = all.flatMap(({ use, licence, source }, place) => [
    heads[place] ?? "",
    ...wrapped(use),
    ...wrapped(`${licence}, from ${source}`),
  ]);
  host.stdout.write(`${lines.join("\n")}\n`);
}

/** How a get stands, as one line. */
function progressLine(name: string, fetching: Fetching, seconds: number, width: number): string {
  const { bytes, total, isUnpacking } = fetching;
  if (isUnpacking) return fitLine([{ text: `${name}: unpacking`, rank: 0 }], width);
  const speed = seconds > 0 ? bytes / seconds : 0;
  const left = total === undefined || speed === 0 ? undefined : (total - bytes) / speed;
  return fitLine(
    [
      { text: `${name}: ${megabytes(bytes)}`, rank: 0 },
      ...(total === undefined ? [] : [{ text: `of ${megabytes(total)}`, rank: 1 }]),
      { text: `${megabytes(speed)}/s`, rank: 3 },
      ...(left === undefined ? [] : [{ text: `eta ${duration(left)}`, rank: 2 }]),
    ],
    width,
  );
}

async function getOne(
  name: DataSetName,
  flags: DataFlags,
  host: Host,
  options: { readonly env: Env; readonly signal: AbortSignal },
): Promise<Got> {
  let fetching: Fetching = { bytes: 0, total: downloadSize(DATA_SETS[name]), isUnpacking: false };
  const began = host.now();
  using _progress = showProgress(
    host,
    (width) => progressLine(name, fetching, (host.now() - began) / 1000, width),
    flags.quiet === true,
  );
  const { from } = flags;
  const isAddress = from !== undefined && /^https?:\/\//i.test(from);
  return await getDataSet(name, DATA_SETS[name], {
    ...options,
    from: from === undefined || isAddress ? from : resolve(host.directory, from),
    onProgress: (now) => {
      fetching = now;
    },
  });
}

/** How many files are named one by one; of more it is told how many each folder has. */
const NAMED_FILES = 6;

function filesWords(paths: readonly string[]): string {
  if (paths.length <= NAMED_FILES) return paths.join(", ");
  const within = (depth: number) =>
    groupBy(paths, (path) => path.split("/").slice(0, -1).slice(0, depth).join("/"));
  const folders = within(2);
  return [...(folders.size > NAMED_FILES ? within(1) : folders)]
    .flatMap(([folder, inside]) =>
      folder === "" ? inside.slice(0, NAMED_FILES) : [`${folder}/ (${inside.length})`],
    )
    .join(", ");
}

const OUTCOMES: Readonly<Record<Got["outcome"], string>> = {
  present: "was here and is whole",
  fetched: "is here",
  repaired: "was damaged and was fetched anew",
};

async function get(names: readonly DataSetName[], flags: DataFlags, host: Host, env: Env): Promise<void> {
  if (flags.from !== undefined && names.length !== 1) {
    throw new UsageError("--from brings one data set", {
      fix: "Name it: agentrefine data get NAME --from PATH.",
    });
  }
  using interruption = watchInterrupts(host);
  const all: object[] = [];
  for (const name of names) {
    const { licence, version } = DATA_SETS[name];
    const got = await getOne(name, flags, host, { env, signal: interruption.signal });
    const where = showPath(got.folder, host.directory);
    const what = `${counted(got.files, "file")}, ${megabytes(got.bytes)}`;
    tell(host.stderr, printableLine(`${name} ${OUTCOMES[got.outcome]}: ${what} in ${where}.`));
    tell(host.stderr, printableLine(`Its files: ${filesWords(got.paths)}.`));
    tell(host.stderr, printableLine(`Its licence: ${licence}.`));
    all.push({ name, version, licence, ...got });
  }
  if (flags.json === true) host.stdout.write(`${JSON.stringify({ data: all })}\n`);
}

/** How many damaged files of a data set are told one by one. */
const SHOWN = 5;

function checkedLines({ name, state, files, damaged }: CheckedData): readonly string[] {
  if (state === "not here") return [`${name}: not here`];
  if (state === "whole") return [`${name}: whole (${counted(files, "file")})`];
  const more = damaged.length - SHOWN;
  return [
    `${name}: damaged; fetch it again: agentrefine data get ${name}`,
    ...damaged.slice(0, SHOWN).map((line) => `  ${printableLine(line)}`),
    ...(more > 0 ? [`  and ${counted(more, "more file")}`] : []),
  ];
}

/** Checks what is in the cache. */
async function check(
  names: readonly DataSetName[],
  flags: DataFlags,
  host: Host,
  env: Env,
): Promise<ExitCode> {
  const all: CheckedData[] = [];
  for (const name of names) {
    const checked = await checkDataSet(name, env);
    all.push(checked);
    if (flags.json !== true) host.stdout.write(`${checkedLines(checked).join("\n")}\n`);
  }
  if (flags.json === true) host.stdout.write(`${JSON.stringify({ data: all })}\n`);
  return all.some(({ state }) => state === "damaged") ? EXIT_CODE.failed : EXIT_CODE.done;
}

/** `agentrefine data`: what others publish, fetched, listed and checked. */
export async function runData(
  host: Host,
  flags: DataFlags,
  action = "",
  ...words: string[]
): Promise<ExitCode | undefined> {
  const env = await withDotEnv(host.env, host.directory);
  switch (action) {
    case "list":
      await list(namesOf(words, DATA_SET_NAMES), flags, host, env);
      return;
    case "get":
      if (words.length === 0) {
        throw new UsageError("data get needs to know what", {
          fix: "Name it, or all; see agentrefine data list.",
        });
      }
      await get(namesOf(words, []), flags, host, env);
      return;
    case "check":
      return check(namesOf(words, DATA_SET_NAMES), flags, host, env);
    default:
      throw unknownAction("data", action, ACTIONS);
  }
}
