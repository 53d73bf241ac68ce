import { isBatched, type RunSettings, synthesisOf } from "../config/run-settings.ts";
import { batchPrice, type Price } from "../model/money.ts";
import { batchTerms } from "../model/providers.ts";
import type { Persona } from "../persona/persona.ts";
import { exists } from "../runs/atomic-file.ts";
import { hasReplies } from "../runs/change-run.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { contradiction } from "../runs/settings-difference.ts";
import { morePersonas, ownPersonas } from "../synthesis/keep-personas.ts";
import { readPersonaLines } from "../synthesis/persona-lines.ts";
import { readSyntheses } from "../synthesis/read-run.ts";
import {
  type CostEstimate,
  estimateBatches,
  estimateCost,
  type RehearsedCall,
  rehearse as rehearseCalls,
} from "../synthesis/rehearsal.ts";
import { builtInAuthor, pricesOf, type RunPrices } from "./open-run.ts";
import { mostOf, selectForRun, shardOf } from "./personas-of-run.ts";
import type { WantedRun } from "./prepare-run.ts";
import { newSettings, requireFit, runThere, type Surroundings } from "./settings-of-run.ts";

/** What a run would be. */
export interface RehearsedRun {
  readonly settings: RunSettings;
  readonly prices: RunPrices;
  /** Whether it is in the folder already. */
  readonly isResumed: boolean;
  /** Personas of the run that is there and has not ended. */
  readonly pending: number;
  /** Those that would begin, or would be added. */
  readonly added: number;
  /** The calls of the first persona, with replies of the built-in author. */
  readonly calls: readonly RehearsedCall[];
  /** What all of them may cost live; undefined where the price is not known. */
  readonly cost: CostEstimate | undefined;
  /** What they may cost in batches, in dollars; undefined for a run that is asked live, or whose price is not known. */
  readonly inBatches: number | undefined;
}

/** The personas for which a run would buy. */
interface Wanted extends Pick<RehearsedRun, "pending" | "added"> {
  readonly first: Persona | undefined;
}

/** The personas of a run that have not ended: the first, and how many. */
async function openPersonas({ paths }: RunFolder): Promise<Omit<Wanted, "added">> {
  const ended = new Set<number>();
  for await (const { index } of readSyntheses(paths)) ended.add(index);
  let first: Persona | undefined;
  let pending = 0;
  for await (const { index, persona } of readPersonaLines(paths)) {
    if (ended.has(index)) continue;
    first ??= persona;
    pending += 1;
  }
  return { first, pending };
}

async function wantedPersonas(
  settings: RunSettings,
  run: RunFolder | undefined,
  around: Surroundings,
): Promise<Wanted> {
  const open = run === undefined ? { first: undefined, pending: 0 } : await openPersonas(run);
  const { signal: stop } = new AbortController();
  const selected = selectForRun(settings, around, { strict: false, stop, quiet: run !== undefined });
  const shard = shardOf(settings);
  let first: Persona | undefined;
  let added = 0;
  for await (const { persona } of run !== undefined && (await exists(run.paths.personas))
    ? morePersonas(run, selected, { most: mostOf(settings), shard })
    : ownPersonas(selected, shard)) {
    first ??= persona;
    added += 1;
  }
  return { first: first ?? open.first, pending: open.pending, added };
}

async function costInBatches(
  settings: RunSettings,
  calls: readonly RehearsedCall[],
  price: Price | undefined,
  personas: number,
): Promise<number | undefined> {
  if (price === undefined || !isBatched(settings)) return undefined;
  const terms = settings.batchFiles === undefined ? await batchTerms(settings.model) : { discount: 1 };
  return estimateBatches(calls, batchPrice(price, terms), personas);
}

/** What would be begun, or done to the run that is in the folder. Throws as the run would. */
async function planned(
  directory: string,
  { given, driving, shown = directory }: WantedRun,
  around: Surroundings,
): Promise<Pick<RehearsedRun, "settings" | "prices"> & { readonly run: RunFolder | undefined }> {
  const there = await runThere(directory, given);
  if (there !== undefined) {
    const { run, settings, contradictions } = there;
    if (contradictions.length === 0) {
      const prices = await pricesOf(settings, driving, run.description.prices, around.directory);
      return { settings, prices, run };
    }
    if (await hasReplies(run)) throw contradiction(shown, contradictions, "resume");
  }
  const settings = await newSettings(given);
  requireFit(settings, driving);
  const prices = await pricesOf(settings, driving, undefined, around.directory);
  return { settings, prices, run: undefined };
}

/** What the first persona's calls would be and what the run may cost; buys and writes nothing. */
export async function rehearse(
  directory: string,
  wanted: WantedRun,
  around: Surroundings,
): Promise<RehearsedRun> {
  const { settings, prices, run } = await planned(directory, wanted, around);
  const price = prices.priceOf(settings.model.name);
  const { first, pending, added } = await wantedPersonas(settings, run, around);
  const making = synthesisOf(settings);
  const author = await builtInAuthor(settings.seed, 0);
  const calls = first === undefined ? [] : await rehearseCalls(first, author, making);
  const { maximumCalls } = making;
  const { maxTokens } = settings.model;
  const personas = pending + added;
  return {
    settings,
    prices,
    isResumed: run !== undefined,
    pending,
    added,
    calls,
    cost: price && estimateCost(calls, price, { personas, maximumCalls, maxTokens }),
    inBatches: await costInBatches(settings, calls, price, personas),
  };
}
