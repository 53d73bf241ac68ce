import { ownValue } from "../model/call.ts";
import { priceSchema } from "../model/money.ts";
import { counted, dollars, mostFrequent, oneDigit, priceAge, share, wholeNumber } from "../numbers.ts";
import type { Chart } from "../report/charts/chart.ts";
import {
  acceptanceFunnel,
  actionsOfScripts,
  errorRunChart,
  goalThemes,
  lengthsInTurns,
  objectsOfScripts,
} from "../report/charts/data-charts.ts";
import { type Distribution, summaryOf } from "../report/distribution.ts";
import type { RunStatistics } from "../report/run-statistics.ts";
import { writerRows } from "../report/writer-rows.ts";
import { folderOwner } from "../runs/lock.ts";
import type { IndexedRun } from "../synthesis/indexed-run.ts";
import { endedPersonas, type Tally, tokensSaved } from "../synthesis/tally.ts";
import { RUN_LENGTHS, shareOfErrorTurns, shareOfTurns } from "../trajectory/trajectory.ts";
import type { Counted } from "./counted-runs.ts";
import type { Found } from "./library.ts";
import { link, type Query } from "./link.ts";
import type { Bar, Draw, Figure } from "./parts/figures.tsx";

/** The address of the list of a run. */
function listOf(key: string, query: Query): string {
  return link(["run", key, "list"], query);
}

function acceptanceBars(
  key: string,
  { acceptedByCalls, outcomes }: Pick<Tally, "acceptedByCalls" | "outcomes">,
): readonly Bar[] {
  const ended = endedPersonas({ outcomes });
  return [
    // Keys that are whole numbers come in their order.
    ...Object.entries(acceptedByCalls).map(([calls, count]) => ({
      name: `with ${counted(Number(calls), "call")}`,
      count,
      note: share(count, ended),
      href: listOf(key, { outcome: "accepted", calls }),
      tone: "good" as const,
    })),
    ...(["rejected", "failed"] as const).flatMap((outcome): readonly Bar[] => {
      const count = outcomes[outcome];
      if (count === 0) return [];
      const href = listOf(key, { outcome });
      return [{ name: outcome, count, note: share(count, ended), href, tone: "error" }];
    }),
  ];
}

function faultBars(key: string, faults: Tally["faults"]): readonly Bar[] {
  const all = Object.values(faults).reduce((sum, count) => sum + count, 0);
  return mostFrequent(faults).map(([code, count]) => ({
    name: code,
    count,
    note: share(count, all),
    href: listOf(key, { fault: code }),
  }));
}

function sizeWords(name: string, distribution: Distribution | undefined): readonly string[] {
  const summary = distribution && summaryOf(distribution);
  if (summary === undefined) return [];
  const { mean, median, ninetieth, most } = summary;
  const numbers = `mean ${oneDigit(mean)}, median ${wholeNumber(median)}`;
  return [`${name}: ${numbers}, nine of ten at most ${wholeNumber(ninetieth)}, most ${wholeNumber(most)}`];
}

/** Counts under headings, each of which leads to what it counts. */
function sectionsOf(
  key: string,
  { faults, errorRuns, ...tally }: Tally,
  statistics: RunStatistics | undefined,
) {
  const runs = RUN_LENGTHS.map(
    (length): Bar => ({
      name: length.replace(">", "more than "),
      count: errorRuns.byLength[length].runs,
      note: share(shareOfTurns(errorRuns, length), 1),
      tone: "error",
    }),
  );
  const kinds = Object.entries(statistics?.errorKinds ?? {});
  return [
    { title: "Accepted", note: "of all that ended", bars: acceptanceBars(key, tally) },
    { title: "Faults met", note: "", bars: faultBars(key, faults) },
    { title: "Error turns in a row", note: "and their share of the player's turns (App. N)", bars: runs },
    // What takes a pass over all records to know.
    {
      title: "Errors flagged",
      note: "by kind (App. M)",
      bars: kinds.map(([name, count]): Bar => ({ name, count, tone: "error" })),
    },
  ].filter(({ title }) => title !== "Errors flagged" || statistics !== undefined);
}

/** The charts of a run. */
function chartsOf(statistics: RunStatistics): readonly Chart[] {
  if (statistics.making?.steps.length === 0) return [];
  const data = [statistics];
  const ofAccepted = [errorRunChart, lengthsInTurns, actionsOfScripts, objectsOfScripts, goalThemes];
  return [acceptanceFunnel, ...(statistics.trajectories === 0 ? [] : ofAccepted)].map((make) => make(data));
}

function figuresOf(tally: Tally, asOf: string | undefined): readonly Figure[] {
  const { calls, promptTokens, cachedTokens, completionTokens, errorRuns, cost } = tally;
  const { accepted } = tally.outcomes;
  const ended = endedPersonas(tally);
  const saved = tokensSaved(tally);
  const each = (amount: number, text: (value: number) => string): readonly [string, string] | undefined =>
    accepted === 0 || amount === 0 ? undefined : [text(amount / accepted), "for one accepted"];
  const prices = asOf === undefined || cost === 0 ? undefined : `prices of ${asOf}`;
  const figures: readonly (readonly [name: string, figure: readonly (string | undefined)[] | undefined])[] = [
    ["accepted", [share(accepted, ended), `${wholeNumber(accepted)} of ${wholeNumber(ended)} ended`]],
    ["calls each", [ended === 0 ? "–" : oneDigit(calls / ended), `${wholeNumber(calls)} answered`]],
    ["tokens each", each(promptTokens + completionTokens, wholeNumber)],
    [
      "cost",
      cost === null ? ["unknown", "the price of some calls is"] : [cost === 0 ? "$0" : dollars(cost), prices],
    ],
    ["cost each", each(cost ?? 0, dollars)],
    ["prompt tokens", [wholeNumber(promptTokens), `${share(cachedTokens, promptTokens)} cached`]],
    ["completion tokens", [wholeNumber(completionTokens)]],
    [
      "saved by stopping",
      [share(saved, saved + completionTokens), `${wholeNumber(saved)} output tokens (estimated)`],
    ],
    ["error turns", [share(shareOfErrorTurns(errorRuns), 1), "of the player's turns"]],
  ];
  return figures.flatMap(([name, figure]) =>
    figure ? [{ name, value: figure[0] ?? "", note: figure[1] }] : [],
  );
}

/** What a run is, as its page shows it. */
export async function readRunSummary(
  { key, shown, folder, path }: Found,
  run: IndexedRun,
  { statistics, isCounting, problem }: Counted,
  draw: Draw,
) {
  const { tally } = run;
  const settings = folder?.description.settings;
  const price = priceSchema.safeParse(folder?.description.prices).data;
  const model = ownValue(ownValue(settings, "model"), "name");
  return {
    key,
    shown,
    model: typeof model === "string" ? model : "an unknown model",
    seed: Number(ownValue(settings, "seed") ?? 1),
    begun: folder?.description.createdAt ?? "",
    /** Whether a process has the run now. */
    isRunning: (await folderOwner(path).catch(() => undefined)) !== undefined,
    personas: run.personas,
    ...tally.outcomes,
    /** Those of which nothing has come yet, and how many of them have calls. */
    pending: run.personas - endedPersonas(tally),
    underWay: run.underWay,
    figures: figuresOf(tally, price?.asOf),
    pricesNote: priceAge(price?.asOf),
    sections: sectionsOf(key, tally, statistics),
    /** Those who wrote it, each with the address of what it wrote; none when it was one. */
    writers: writerRows(tally).map((row) => ({ ...row, href: listOf(key, { writer: row.label }) })),
    /** Drawn as SVG. */
    charts: statistics === undefined ? [] : await Promise.all(chartsOf(statistics).map(draw)),
    /** Lengths and sizes in words. */
    sizes: [
      ...sizeWords("turns of the player", statistics?.turns),
      ...sizeWords("actions of a script", statistics?.actions),
      ...sizeWords("places and objects", statistics?.objects),
    ],
    nearDuplicates: statistics?.goals?.nearDuplicates ?? 0,
    pairs: statistics?.goals?.pairs ?? [],
    /** Whether a part of the page is still being counted. */
    isCounting,
    damage: [...run.damage, ...(problem === undefined || run.damage.length > 0 ? [] : [problem])],
  };
}
export type RunSummaryView = Awaited<ReturnType<typeof readRunSummary>>;
