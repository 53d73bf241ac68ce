import { selectsAll } from "../../annotation/condition.ts";
import type { ExportFlags, TargetFlags } from "../../config/flags.ts";
import { loadConfig } from "../../config/load-config.ts";
import { ENGINES } from "../../dataset/engines.ts";
import { isTokenized } from "../../dataset/formats.ts";
import { type RunSource, unfinished, unverifiedWords } from "../../dataset/run-source.ts";
import { counted } from "../../numbers.ts";
import { type ExportPlan, performExport, planExport } from "../../publish/export-run.ts";
import { type HubPlan, performHubFolder, planHubFolder } from "../../publish/hub-folder.ts";
import type { TargetOptions } from "../../publish/target.ts";
import type { OnProgress } from "../../publish/write-examples.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { dashed, tell } from "../terminal/text.ts";
import {
  annotationLines,
  unfinishedLine,
  withProgress,
  writtenFields,
  writtenLines,
} from "./written-lines.ts";

/** The first of some flags that was given, as the user writes it: `--max-tokens`. */
function givenFlag(flags: Readonly<Record<string, unknown>>): string | undefined {
  const name = Object.keys(flags).find((each) => flags[each] !== undefined);
  return name && dashed(name);
}

function refuse(message: string, fix = "Leave it out."): never {
  throw new UsageError(message, { fix });
}

/**
 * What flags and config file say of the target. Flags go over the config, and an engine's best format too; what the
 * config says of tokens is for the tokenised formats.
 */
export async function targetOptions(
  out: string,
  flags: TargetFlags,
  directory: string,
): Promise<TargetOptions> {
  const { format: configured, ...tokens } = (await loadConfig(directory, flags.config)).export ?? {};
  const { engine, tokenizer, template, maxTokens, force: replace } = flags;
  const format = flags.format ?? (engine === undefined ? configured : ENGINES[engine].use);
  const given = {
    tokenizer: tokenizer ?? tokens.tokenizer,
    template: template ?? tokens.template,
    maxTokens: maxTokens ?? tokens.maxTokens,
  };
  const needsTokens = format !== undefined && isTokenized(format);
  return {
    out,
    format,
    engine,
    replace,
    directory,
    ...(needsTokens ? given : { tokenizer, template, maxTokens }),
  };
}

/** What came of an export, for the report. */
interface Exported {
  readonly format: string;
  readonly out: string;
  readonly rows: number;
  readonly replaced: boolean;
  readonly source: RunSource;
  /** What is said after the first line. */
  readonly lines: readonly string[];
  /** Further fields of the JSON. */
  readonly fields: object;
}

async function exportRows(plan: ExportPlan, { directory }: Host): Promise<Exported> {
  const { target, engine, written, rows, source, replaces: replaced } = await performExport(plan);
  const { format, out } = target;
  const { ablation } = plan.options;
  const { unverified } = source;
  const result = { format, out, rows, source, replaced };
  const lines: string[] = [];
  if (unverified !== undefined) {
    const { kinds, unusable } = unverifiedWords(unverified);
    lines.push(`Not verified (Table 11): ${kinds}. Left out of the personas: ${unusable}.`);
  }
  if (written === undefined || target.kind === "trajectories") return { ...result, lines, fields: {} };
  const asked = { target, engine, trainsErrors: ablation === "erroneous-loss" };
  lines.push(...writtenLines(written, asked, directory));
  return { ...result, lines, fields: { ...writtenFields(written, engine), ...unverified } };
}

async function exportHub(plan: HubPlan, { directory }: Host): Promise<Exported> {
  const { out } = plan.place;
  const lines: string[] = [];
  if (plan.options.license === undefined)
    lines.push("The card names no licence of the data; give it with --license.");
  if (plan.personaLicence === undefined)
    lines.push("The card names no licence of the personas; give it with --persona-license.");
  lines.push(
    `Read it, then upload it: hf upload OWNER/NAME ${showPath(out, directory)} --repo-type dataset --private`,
  );
  const result = await performHubFolder(plan);
  return { ...result, format: "hub", out, replaced: plan.replaces, lines, fields: {} };
}

/**
 * What the flags ask for, checked: rows in a file or a folder, or a folder for the hub. Gives what writes it; nothing is
 * written before. Throws AgentRefineError when they cannot be followed.
 */
async function readOrder(
  flags: ExportFlags,
  folder: string,
  host: Host,
  stop: AbortSignal,
): Promise<(onProgress: OnProgress) => Promise<Exported>> {
  const { directory } = host;
  const { out, hub, subset: size, seed, force: replace, license, personaLicense, ablation } = flags;
  const { format, engine, tokenizer, template, maxTokens, only, without } = flags;
  if (seed !== undefined && size === undefined) refuse("--seed is for --subset only");
  const subset = size === undefined ? undefined : { size, seed: seed ?? 1 };
  if (hub !== undefined) {
    if (out !== undefined) refuse("--out and --hub were both given", "Run export once for each.");
    const needless = givenFlag({ format, engine, tokenizer, template, maxTokens, ablation });
    if (needless !== undefined) refuse(`${needless} is not for --hub, which writes a layout of its own`);
    const options = { out: hub, license, personaLicense, subset, only, without, replace, directory, stop };
    const plan = await planHubFolder(folder, options);
    return (onProgress) => exportHub({ ...plan, options: { ...options, onProgress } }, host);
  }
  if (out === undefined) {
    refuse("no file to write was given", "Give one with --out FILE, or a folder with --hub DIR.");
  }
  const needless = givenFlag({ license, personaLicense });
  if (needless !== undefined) refuse(`${needless} is for --hub only`);
  const target = await targetOptions(out, flags, directory);
  const options = { ...target, ablation, subset, only, without, stop };
  const plan = await planExport(folder, options);
  return (onProgress) => exportRows({ ...plan, options: { ...options, onProgress } }, host);
}

function reportOf({ format, out, rows, replaced, source, fields }: Exported): object {
  const { run, selection, leftOut } = source;
  const { subset, ablation, only, without } = selection;
  const now = unfinished(source);
  return {
    run: run.directory,
    format,
    out,
    rows,
    replaced,
    unfinished: now,
    ...(selectsAll(selection) ? {} : { annotated: { only, without, leftOut } }),
    subset,
    ablation,
    ...fields,
  };
}

/** `agentrefine export`: the trajectories of a run as data to train on. */
export async function runExport(host: Host, flags: ExportFlags, folder: string): Promise<void> {
  using interruption = watchInterrupts(host);
  const write = await asUsage(() => readOrder(flags, folder, host, interruption.signal));
  const exported = await withProgress(host, flags.quiet === true, write);
  const { rows, format, out, replaced, source, lines } = exported;
  const path = `${showPath(out, host.directory)}${replaced ? ", replacing it" : ""}`;
  const done = `Exported ${counted(rows, "row")} (${format}) to ${path}.`;
  for (const line of [await unfinishedLine(source), ...annotationLines(source), done, ...lines]) {
    if (line !== undefined) tell(host.stderr, line);
  }
  if (flags.json === true) host.stdout.write(`${JSON.stringify(reportOf(exported))}\n`);
}
