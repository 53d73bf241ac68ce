import { extname, resolve } from "node:path";
import type { TargetFlags } from "../../config/flags.ts";
import type { ExportConfig, ExportFormat } from "../../config/settings.ts";
import type { TokenizedFormatName } from "../../dataset/formats/engine.ts";
import { ENGINES } from "../../dataset/formats/engines.ts";
import { EXAMPLE_FORMATS, type ExampleFormatName } from "../../dataset/formats/example-format.ts";
import type { FileEnding } from "../../dataset/formats/file-ending.ts";
import { requireEngine } from "../../dataset/formats/require-engine.ts";
import { isTokenized, TOKENIZED_FORMATS } from "../../dataset/formats/tokenized-formats.ts";
import type { TokenizeJob } from "../../tokens/tokenize-example.ts";
import { targetWords } from "../export-words.ts";
import { UsageError } from "../usage-error.ts";
import { givenFlag } from "./given-flag.ts";

/** Rows of text in a file. */
export interface TextTarget {
  readonly kind: "text";
  readonly format: ExampleFormatName;
  readonly out: string;
  readonly ending: FileEnding;
}

/** Rows of tokens in a file or, as `hf-disk`, in a folder. */
export interface TokenizedTarget {
  readonly kind: "tokenized";
  readonly format: TokenizedFormatName;
  readonly out: string;
  readonly job: TokenizeJob;
}

/** The trajectories themselves in a file. */
export interface TrajectoriesTarget {
  readonly kind: "trajectories";
  readonly format: "trajectories";
  readonly out: string;
}

/** In which form rows are written and to which absolute path. */
export type Target = TextTarget | TokenizedTarget | TrajectoriesTarget;

/** A target with the settings of the engine that was asked for, of which it is sure that it obeys the mask. */
export interface ChosenTarget {
  readonly target: Target;
  readonly engine: { readonly title: string; readonly settings: string } | undefined;
}

/** The limit of tokens for models below 70B (App. D). */
export const DEFAULT_MAX_TOKENS = 8192;

function endingOf<Ending extends FileEnding>(
  out: string,
  format: ExportFormat,
  endings: readonly Ending[],
): Ending {
  const ending = endings.find((each) => each === extname(out));
  if (ending !== undefined) return ending;
  throw new UsageError(targetWords.wrongEnding(format, endings), { fix: targetWords.wrongEndingFix });
}

function checkTokenizedEnding(out: string, format: TokenizedFormatName): void {
  const { ending } = TOKENIZED_FORMATS[format];
  if (ending !== undefined) endingOf(out, format, [ending]);
  else if (/\.(?:jsonl?|parquet|arrow)$/.test(out)) {
    throw new UsageError(targetWords.folderEnding(format, extname(out)), {
      fix: targetWords.folderEndingFix,
    });
  }
}

function refuseTokenFlags({ tokenizer, template, maxTokens }: TargetFlags, format: ExportFormat): void {
  const given = givenFlag({ tokenizer, template, maxTokens });
  if (given === undefined) return;
  throw new UsageError(targetWords.needlessTokenizer(format, given), {
    fix: targetWords.needlessTokenizerFix,
  });
}

function jobOf(flags: TargetFlags, config: ExportConfig, format: string, directory: string): TokenizeJob {
  const tokenizer = flags.tokenizer ?? config.tokenizer;
  const template = flags.template ?? config.template;
  if (tokenizer === undefined || template === undefined) {
    const missing = [tokenizer ?? "--tokenizer", template ?? "--template"].filter((each) =>
      each.startsWith("--"),
    );
    throw new UsageError(targetWords.noTokenizer(format, missing.join(" and ")), {
      fix: targetWords.noTokenizerFix,
    });
  }
  const maxTokens = flags.maxTokens ?? config.maxTokens ?? DEFAULT_MAX_TOKENS;
  return { tokenizer: resolve(directory, tokenizer), template, maxTokens };
}

function engineOf(name: TargetFlags["engine"], format: ExportFormat): ChosenTarget["engine"] {
  if (name === undefined) return undefined;
  if (format === "trajectories") {
    throw new UsageError(targetWords.nothingTrains, { fix: targetWords.nothingTrainsFix });
  }
  return { title: ENGINES[name].title, settings: requireEngine(name, format) };
}

/**
 * The target that flags and config ask for; flags go over the config. Without --format, an engine gets the one that
 * it is best given. Throws AgentRefineError when they do not go together, or when the engine would train on
 * error turns.
 *
 * @param directory what relative paths are relative to
 */
export function chooseTarget(
  out: string,
  flags: TargetFlags,
  config: ExportConfig,
  directory: string,
): ChosenTarget {
  const best = flags.engine === undefined ? undefined : ENGINES[flags.engine].use;
  const format = flags.format ?? best ?? config.format ?? "conversations";
  const engine = engineOf(flags.engine, format);
  const path = resolve(directory, out);
  if (isTokenized(format)) {
    checkTokenizedEnding(path, format);
    return {
      target: { kind: "tokenized", format, out: path, job: jobOf(flags, config, format, directory) },
      engine,
    };
  }
  refuseTokenFlags(flags, format);
  if (format === "trajectories") {
    endingOf(path, format, [".jsonl"]);
    return { target: { kind: "trajectories", format, out: path }, engine };
  }
  const ending = endingOf(path, format, EXAMPLE_FORMATS[format].endings);
  return { target: { kind: "text", format, out: path, ending }, engine };
}

/** Makes sure that a target's tokenizer can be read and has what the template needs, before anything is written. */
export async function checkTokenizer(target: Target): Promise<void> {
  if (target.kind !== "tokenized") return;
  // What tokenises takes a while to load, and most exports have no need of it.
  const { openJob } = await import("../../tokens/tokenize-example.ts");
  await openJob(target.job);
}
