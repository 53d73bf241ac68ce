import { OFFLINE, type RunSettings, synthesisOf } from "../../config/run-settings.ts";
import type { Price } from "../../model/prices.ts";
import { dollars, wholeNumber } from "../../numbers.ts";
import type { Persona } from "../../persona/persona.ts";
import { printable } from "../../printable.ts";
import { exists } from "../../runs/atomic-file.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { morePersonas, ownPersonas } from "../../synthesis/keep-personas.ts";
import { type CostEstimate, estimateCost, type RehearsedCall, rehearse } from "../../synthesis/rehearsal.ts";
import { readPersonaLines, readSyntheses } from "../../synthesis/replay.ts";
import { pairingsOf } from "../../synthesis/writers.ts";
import type { Host } from "../terminal/host.ts";
import { type Row, tableLines } from "../terminal/table.ts";
import { tell } from "../terminal/text.ts";
import { batchesOf, batchRows } from "./batch-estimate.ts";
import { builtInAuthor } from "./open-run.ts";
import { mostOf, selectForRun, shardOf } from "./personas-of-run.ts";
import type { RunPrices } from "./prices-of-run.ts";

/** The personas for which a run would buy. */
interface Wanted {
  readonly first: Persona | undefined;
  /** Those of the run that is there and has not ended. */
  readonly pending: number;
  /** Those that would begin, or would be added. */
  readonly added: number;
}

/** The personas of a run that have not ended: the first, and how many. */
async function openPersonas({ paths }: RunFolder): Promise<Pick<Wanted, "first" | "pending">> {
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
  host: Host,
): Promise<Wanted> {
  const open = run === undefined ? { first: undefined, pending: 0 } : await openPersonas(run);
  const { signal: stop } = new AbortController();
  const selected = selectForRun(settings, host, { strict: false, stop, quiet: true });
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

const TITLES = {
  script: "Call 1: the script",
  trajectory: "Call 2: the trajectory, after a script of the offline author",
} as const;

function promptLines({ purpose, messages, promptTokens, cachedTokens }: RehearsedCall): readonly string[] {
  const tokens = `about ${wholeNumber(promptTokens)} tokens, ${wholeNumber(cachedTokens)} of them the same for every persona`;
  return [
    `── ${TITLES[purpose]} (${tokens})`,
    ...messages.flatMap(({ role, content }) => [`[${role}]`, content, ""]),
  ];
}

function priceRows(
  cost: CostEstimate | undefined,
  price: Price | undefined,
  { name, maximumCalls }: { readonly name: string; readonly maximumCalls: number },
): readonly Row[] {
  if (name === OFFLINE) return [["Price", "none", "the built-in author is free"]];
  if (cost === undefined) return [["Price", "?", "unknown; give it with --price"]];
  const about = (value: number): string => `about ${dollars(value)}`;
  const { first, further, total, worst, worstTotal } = cost;
  const isCached = further < first;
  return [
    ["Price", about(first), isCached ? "for the first persona" : "for a persona"],
    ...(isCached ? [["", about(further), "for each further one, with what is cached"]] : []),
    ["", about(total), "for all personas, without faults"],
    ["Worst case", about(worst), `for a persona, ${maximumCalls} calls at their limits`],
    ["", about(worstTotal), "for all; --max-cost stops a run before that"],
    ...(price?.asOf === undefined ? [] : [["Prices", `of ${price.asOf}`, "newer ones: --prices"]]),
  ];
}

/** What a persona may cost with each of several writers, by how many of the personas it will have. */
function writerRows(
  { writers = {} }: RunSettings,
  calls: readonly RehearsedCall[],
  { priceOf }: RunPrices,
  personas: number,
): readonly Row[] {
  const each = pairingsOf(writers).map((pairing) => {
    const costs = calls.map((call) => {
      const price = priceOf(pairing[call.purpose]);
      const run = { personas: 1, maximumCalls: 2, maxTokens: 0 };
      return price && estimateCost([call], price, run).further;
    });
    const known = costs.flatMap((cost) => cost ?? []);
    const cost = known.length < calls.length ? undefined : known.reduce((sum, one) => sum + one, 0);
    return { ...pairing, cost };
  });
  const rows = each.map(({ label, share, cost }): Row => {
    const about = cost === undefined ? "unknown" : `about ${dollars(cost)}`;
    return [`  ${printable(label)}`, about, `for each of about ${wholeNumber(share * personas)} personas`];
  });
  const total = each.reduce((sum, { share, cost = Number.NaN }) => sum + share * personas * cost, 0);
  const all = Number.isNaN(total) ? "unknown" : `about ${dollars(total)}`;
  return [["Price", all, "for all personas, without faults"], ...rows];
}

/** What is to be rehearsed. */
interface DryRun {
  readonly settings: RunSettings;
  readonly prices: RunPrices;
  /** The run that is in the folder. */
  readonly run: RunFolder | undefined;
  readonly json: boolean;
}

/** Prints what the first persona's calls would be and what the run may cost; buys and writes nothing. */
export async function dryRun({ settings, prices, run, json }: DryRun, host: Host): Promise<void> {
  const price = prices.priceOf(settings.model.name);
  const { first, pending, added } = await wantedPersonas(settings, run, host);
  const making = synthesisOf(settings);
  const calls =
    first === undefined ? [] : await rehearse(first, await builtInAuthor(settings.seed, 0), making);
  const { maximumCalls } = making;
  const { name, maxTokens } = settings.model;
  const personas = pending + added;
  const cost = price && estimateCost(calls, price, { personas, maximumCalls, maxTokens });
  const inBatches = batchesOf(settings, calls, price, personas);
  if (json) {
    host.stdout.write(
      `${JSON.stringify({ personas, added, calls, cost: cost ?? null, price: price ?? null, batches: inBatches })}\n`,
    );
  } else {
    const sum = (count: (call: RehearsedCall) => number): string =>
      wholeNumber(calls.reduce((all, call) => all + count(call), 0));
    const of = run === undefined ? "" : `${wholeNumber(pending)} of the run, ${wholeNumber(added)} more`;
    const rows: readonly Row[] = [
      ["Personas", wholeNumber(personas), of],
      ["Prompt", `about ${sum((call) => call.promptTokens)}`, "tokens for a persona"],
      ["  cached", `about ${sum((call) => call.cachedTokens)}`, "of them, after the first persona"],
      ["Completion", `about ${sum((call) => call.completionTokens)}`, "tokens, in two calls without a fault"],
      ...(settings.writers === undefined
        ? priceRows(cost, price, { name, maximumCalls })
        : writerRows(settings, calls, prices, personas)),
      ...batchRows(inBatches, cost),
    ];
    const lines = [...calls.flatMap(promptLines), ...tableLines(rows, ["left", "right", "left"])];
    host.stdout.write(printable(`${lines.join("\n")}\n`));
  }
  await host.stdout.drained();
  tell(host.stderr, "Nothing was bought. Leave --dry-run out to begin.");
}
