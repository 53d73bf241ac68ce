import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { ENGINES, type EngineName, requireEngine } from "../dataset/engines.ts";
import {
  type FileEnding,
  FORMATS,
  type Format,
  type FormatName,
  isTokenized,
  type TextFormatName,
  type TokenizedFormatName,
} from "../dataset/formats.ts";
import { AgentRefineError } from "../errors.ts";
import { exists } from "../runs/atomic-file.ts";
import type { TemplateName } from "../tokens/template.ts";
import type { TokenizeJob } from "../tokens/tokenize-example.ts";

/** In which form rows are written, and where to. */
export interface TargetOptions {
  /** The path of the file, or of the folder for `hf-disk`; a name without an ending gets that of its format. */
  readonly out: string;
  /** What a row is; without it what `engine` is best given, and `conversations` without an engine. */
  readonly format?: FormatName | undefined;
  /** Who is to train with it: a form that it would mistrain or cannot read is refused. */
  readonly engine?: EngineName | undefined;
  /** For the tokenised forms: the path of a Hugging Face tokenizer folder, and the chat template. */
  readonly tokenizer?: string | undefined;
  readonly template?: TemplateName | undefined;
  /** The most tokens of a row; 8192 when not given (App. D: 4096 for 70B models). */
  readonly maxTokens?: number | undefined;
  readonly replace?: boolean | undefined;
  /** What relative paths are relative to; the working directory when not given. */
  readonly directory?: string | undefined;
}

/** Where rows are written: an absolute path, and as the user gave it. */
export interface Place {
  readonly out: string;
  readonly shown: string;
}

export interface TextTarget extends Place {
  readonly kind: "text";
  readonly format: TextFormatName;
  readonly ending: FileEnding;
}

/** Training examples as tokens in a file or, as `hf-disk`, in a folder. */
export interface TokenizedTarget extends Place {
  readonly kind: "tokenized";
  readonly format: TokenizedFormatName;
  readonly job: TokenizeJob;
}

/** The trajectories themselves in a file. */
export interface TrajectoryTarget extends Place {
  readonly kind: "trajectories";
  readonly format: "trajectories";
}

export type Target = TextTarget | TokenizedTarget | TrajectoryTarget;

/** An engine of which it is sure that it obeys the mask of a target, and its settings for that. */
export interface ChosenEngine {
  readonly title: string;
  readonly settings: string;
}

/** The limit of tokens for models below 70B (App. D). */
export const DEFAULT_MAX_TOKENS = 8192;

function refused(message: string, fix: string): AgentRefineError {
  return new AgentRefineError(message, { fix });
}

/** A name without an ending gets the usual one of its format, so that one command line serves every engine. */
function withEnding(out: string, { endings: [usual] }: Format): string {
  return usual !== undefined && extname(out) === "" ? `${out}${usual}` : out;
}

function endingOf(out: string, format: FormatName, { endings }: Format): FileEnding {
  const ending = endings.find((each) => each === extname(out));
  if (ending !== undefined) return ending;
  throw refused(
    `${format} can be written as ${endings.join(" or ")} only`,
    "Give the output a name with that ending.",
  );
}

function jobOf(
  { tokenizer, template, maxTokens, directory = "." }: TargetOptions,
  format: string,
): TokenizeJob {
  if (tokenizer !== undefined && template !== undefined) {
    return { tokenizer: resolve(directory, tokenizer), template, maxTokens: maxTokens ?? DEFAULT_MAX_TOKENS };
  }
  const missing = [tokenizer ?? "'tokenizer'", template ?? "'template'"].filter((each) =>
    each.startsWith("'"),
  );
  throw refused(
    `${format} needs ${missing.join(" and ")}`,
    "Give the folder of the model's tokenizer and llama3, mistral, qwen or tokenizer.",
  );
}

function engineOf(name: EngineName | undefined, format: FormatName): ChosenEngine | undefined {
  if (name === undefined) return undefined;
  if (format === "trajectories") {
    throw refused("no engine trains on trajectories", "Leave out 'engine', or 'format' trajectories.");
  }
  return { title: ENGINES[name].title, settings: requireEngine(name, format) };
}

/**
 * The target that is asked for.
 *
 * @throws AgentRefineError when the options do not go together, or when the engine would train on error turns
 */
export function chooseTarget(options: TargetOptions): {
  readonly target: Target;
  readonly engine: ChosenEngine | undefined;
} {
  const best = options.engine === undefined ? undefined : ENGINES[options.engine].use;
  const format = options.format ?? best ?? "conversations";
  const engine = engineOf(options.engine, format);
  const form: Format = FORMATS[format];
  const out = withEnding(options.out, form);
  const at = { out: resolve(options.directory ?? ".", out), shown: out };
  if (isTokenized(format)) {
    if (form.endings.length > 0) endingOf(out, format, form);
    else if (/\.(?:jsonl?|parquet|arrow)$/.test(out)) {
      throw refused(
        `${format} is a folder, and the name ends in ${extname(out)}`,
        "Give the output a name without that ending.",
      );
    }
    return { target: { kind: "tokenized", format, ...at, job: jobOf(options, format) }, engine };
  }
  const { tokenizer, template, maxTokens } = options;
  const needless = (tokenizer && "'tokenizer'") ?? (template && "'template'") ?? (maxTokens && "'maxTokens'");
  if (needless !== undefined) {
    throw refused(
      `${needless} is not for ${format}`,
      "Leave it out, or use hf-disk, tokenized-jsonl or tokenized-parquet.",
    );
  }
  const ending = endingOf(out, format, form);
  return format === "trajectories"
    ? { target: { kind: "trajectories", format, ...at }, engine }
    : { target: { kind: "text", format, ...at, ending }, engine };
}

/** Makes sure that a target's tokenizer can be read and has what the template needs, before anything is written. */
export async function checkTokenizer(target: Target): Promise<void> {
  if (target.kind !== "tokenized") return;
  // What tokenises takes a while to load, and most exports have no need of it.
  const { openJob } = await import("../tokens/tokenize-example.ts");
  await openJob(target.job);
}

/**
 * What a folder that was exported holds, all of this and nothing else: some names, the last of which is the folder of
 * its rows, and in that at least one file. Hugging Face's `datasets` keeps its own files beside the rows of an `hf-disk`
 * folder when they are worked on.
 */
const LAYOUTS = {
  "hf-disk": {
    names: ["README.md", "dataset_dict.json", "train"],
    rows: /^(?:(?:data|cache)-[\w-]+\.arrow|(?:state|dataset_info)\.json)$/,
  },
  hub: { names: ["README.md", "data"], rows: /^train-\d+-of-\d+\.parquet$/ },
} as const;

/** Refuses to put a folder in the place of anything but such a folder. */
async function checkFolder(
  { out: path, shown }: Place,
  { names, rows }: (typeof LAYOUTS)[keyof typeof LAYOUTS],
): Promise<void> {
  if (!(await stat(path)).isDirectory()) throw refused(`${shown} is a file`, "Give another name.");
  const folder = names.at(-1) ?? "";
  const found: readonly string[] = await readdir(path);
  const inRows = await readdir(join(path, folder)).catch(() => []);
  const foreign = [
    ...found.filter((name) => !names.some((each) => each === name)),
    ...inRows.filter((name) => !rows.test(name)).map((name) => `${folder}/${name}`),
  ][0];
  const fix = "Give the name of a new folder.";
  if (foreign !== undefined) throw refused(`${shown} is not replaced: it holds ${foreign}`, fix);
  const missing =
    names.find((name) => !found.includes(name)) ?? (inRows.length === 0 ? `files in ${folder}` : undefined);
  if (missing === undefined) return;
  throw refused(`${shown} is not replaced: it has no ${missing}, which an export has`, fix);
}

/** The file that a path means through symbolic links, which writing follows; the path itself when there is none. */
async function meant(path: string): Promise<string> {
  return (await exists(path)) ? realpath(path).catch(() => path) : path;
}

/** Refuses places that are a source, under whatever name. */
async function refuseSources(places: readonly Place[], sources: readonly string[]): Promise<void> {
  const read = await Promise.all(sources.map(meant));
  for (const { out, shown } of places) {
    if (!read.includes(await meant(out))) continue;
    throw refused(`${shown} is what the rows are read from`, "Give another name.");
  }
}

/**
 * Whether something is there that may be replaced.
 *
 * @param sources the files from which the rows are read
 * @throws AgentRefineError when it may not: without `replace`, when it is one of the sources, or a folder with more or
 *   less in it than an export
 */
export async function checkReplacement(
  format: FormatName | "hub",
  place: Place,
  replace: boolean,
  sources: readonly string[],
): Promise<boolean> {
  const { out, shown } = place;
  const fix = "Give another name, or 'force' to replace it.";
  const layout = format === "hub" || format === "hf-disk" ? LAYOUTS[format] : undefined;
  const readme = { out: `${out}.README.md`, shown: `${shown}.README.md` };
  const hasReadme = layout === undefined && format !== "trajectories";
  const isThere = await exists(out);
  if (!replace) {
    if (isThere) throw refused(`${shown} exists`, fix);
    if (hasReadme && (await exists(readme.out))) throw refused(`${readme.shown} exists`, fix);
  }
  await refuseSources(hasReadme ? [place, readme] : [place], sources);
  if (!isThere) return false;
  if (layout !== undefined) await checkFolder(place, layout);
  return true;
}
