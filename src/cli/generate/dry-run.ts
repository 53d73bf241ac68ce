import { OFFLINE, type RunSettings, synthesisOf } from "../../config/run-settings.ts";
import type { RehearsedRun } from "../../generation/rehearse-run.ts";
import type { Price } from "../../model/money.ts";
import { dollars, wholeNumber } from "../../numbers.ts";
import { printable } from "../../printable.ts";
import { type CostEstimate, estimateCost, type RehearsedCall } from "../../synthesis/rehearsal.ts";
import { pairingsOf } from "../../synthesis/writers.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
import { type Row, tableLines } from "../terminal/table.ts";
import { tell } from "../terminal/text.ts";

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
  { priceOf }: RehearsedRun["prices"],
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

/** What a run costs in batches, and whether that is the cheaper way. */
function batchRows({ inBatches, cost: live }: RehearsedRun): readonly Row[] {
  if (inBatches === undefined || live === undefined) return [];
  const isDearer = inBatches >= live.total;
  return [
    ["In batches", `about ${dollars(inBatches)}`, "for all: no cache counted, no reply stopped at a fault"],
    ...(isDearer
      ? [["", "", `dearer than live (about ${dollars(live.total)}), where prompts are cached`] as const]
      : []),
  ];
}

/** Prints what the first persona's calls would be and what the run may cost. */
export async function dryRun(run: RehearsedRun, { json }: Session, host: Host): Promise<void> {
  const { settings, prices, pending, added, calls, cost } = run;
  const { name } = settings.model;
  const { maximumCalls } = synthesisOf(settings);
  const price = prices.priceOf(name);
  const personas = pending + added;
  if (json) {
    host.stdout.write(
      `${JSON.stringify({ personas, added, calls, cost: cost ?? null, price: price ?? null, batches: run.inBatches })}\n`,
    );
  } else {
    const sum = (count: (call: RehearsedCall) => number): string =>
      wholeNumber(calls.reduce((all, call) => all + count(call), 0));
    const of = run.isResumed ? `${wholeNumber(pending)} of the run, ${wholeNumber(added)} more` : "";
    const rows: readonly Row[] = [
      ["Personas", wholeNumber(personas), of],
      ["Prompt", `about ${sum((call) => call.promptTokens)}`, "tokens for a persona"],
      ["  cached", `about ${sum((call) => call.cachedTokens)}`, "of them, after the first persona"],
      ["Completion", `about ${sum((call) => call.completionTokens)}`, "tokens, in two calls without a fault"],
      ...(settings.writers === undefined
        ? priceRows(cost, price, { name, maximumCalls })
        : writerRows(settings, calls, prices, personas)),
      ...batchRows(run),
    ];
    const lines = [...calls.flatMap(promptLines), ...tableLines(rows, ["left", "right", "left"])];
    host.stdout.write(printable(`${lines.join("\n")}\n`));
  }
  await host.stdout.drained();
  tell(host.stderr, "Nothing was bought. Leave --dry-run out to begin.");
}
