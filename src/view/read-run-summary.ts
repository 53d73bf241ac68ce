import { ownValue } from "../model/call.ts";
import { priceSchema } from "../model/prices.ts";
import { counted, dollars, oneDigit, priceAge, share, wholeNumber } from "../numbers.ts";
import { acceptanceFunnel } from "../report/charts/acceptance-funnel.ts";
import type { Chart } from "../report/charts/chart.ts";
import { errorRunChart } from "../report/charts/error-runs.ts";
import { goalThemes } from "../report/charts/goal-themes.ts";
import { actionsOfScripts, lengthsInTurns, objectsOfScripts } from "../report/charts/trajectory-lengths.ts";
import { type Distribution, summaryOf } from "../report/distribution.ts";
import type { RunMaking, RunStatistics } from "../report/run-statistics.ts";
import { folderOwner } from "../runs/lock.ts";
import type { IndexedRun } from "../synthesis/indexed-run.ts";
import type { IndexedPersona } from "../synthesis/run-index.ts";
import { RUN_LENGTHS, shareOfTurns } from "../trajectory/trajectory.ts";
import type { Counted } from "./counted-runs.ts";
import type { Found } from "./library.ts";
import { link, type Query } from "./link.ts";
import type { RunSummaryView, SummarySection } from "./pages/run-summary.tsx";
import type { Bar, Figure } from "./parts/figures.tsx";

/** What the index alone tells of a run, at once. */
interface Totals {
  readonly accepted: number;
  readonly rejected: number;
  readonly failed: number;
  readonly calls: number;
  readonly tokens: number;
  readonly cost: number | null;
  /** How many were accepted with so many calls. */
  readonly acceptedAt: ReadonlyMap<number, number>;
  readonly faults: ReadonlyMap<string, number>;
}

function totalsOf(entries: readonly IndexedPersona[]): Totals {
  const outcomes = { accepted: 0, rejected: 0, failed: 0 };
  const acceptedAt = new Map<number, number>();
  const faults = new Map<string, number>();
  let [calls, tokens] = [0, 0];
  let cost: number | null = 0;
  for (const entry of entries) {
    outcomes[entry.outcome] += 1;
    calls += entry.calls;
    tokens += entry.bought.promptTokens + entry.bought.completionTokens;
    cost = cost === null || entry.bought.cost === null ? null : cost + entry.bought.cost;
    if (entry.outcome === "accepted") acceptedAt.set(entry.calls, (acceptedAt.get(entry.calls) ?? 0) + 1);
    for (const code of entry.faults) faults.set(code, (faults.get(code) ?? 0) + 1);
  }
  return { ...outcomes, calls, tokens, cost, acceptedAt, faults };
}

/** The address of the list of a run. */
function listOf(key: string, query: Query): string {
  return link(["run", key, "list"], query);
}

function acceptanceBars(key: string, { acceptedAt, rejected, failed, accepted }: Totals): readonly Bar[] {
  const ended = accepted + rejected + failed;
  const named = [...acceptedAt].sort(([one], [other]) => one - other);
  return [
    ...named.map(([calls, count]) => ({
      name: `with ${counted(calls, "call")}`,
      count,
      note: share(count, ended),
      href: listOf(key, { outcome: "accepted", calls }),
      tone: "good" as const,
    })),
    ...(["rejected", "failed"] as const).flatMap((outcome): readonly Bar[] => {
      const count = outcome === "rejected" ? rejected : failed;
      if (count === 0) return [];
      const href = listOf(key, { outcome });
      return [{ name: outcome, count, note: share(count, ended), href, tone: "error" }];
    }),
  ];
}

function faultBars(key: string, faults: ReadonlyMap<string, number>): readonly Bar[] {
  const all = [...faults.values()].reduce((sum, count) => sum + count, 0);
  return [...faults]
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([code, count]) => ({
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

/** What takes a pass over all records to know. */
function countedSections({ errorRuns, errorKinds }: RunStatistics): readonly SummarySection[] {
  const kinds = Object.entries(errorKinds ?? {});
  return [
    {
      title: "Error turns in a row",
      note: "and their share of the player's turns (App. N)",
      bars: RUN_LENGTHS.map((length) => ({
        name: length.replace(">", "more than "),
        count: errorRuns.byLength[length].runs,
        note: share(shareOfTurns(errorRuns, length), 1),
        tone: "error" as const,
      })),
    },
    {
      title: "Errors flagged",
      note: "by kind (App. M)",
      bars: kinds.map(([name, count]) => ({ name, count, tone: "error" as const })),
    },
  ];
}

/** The charts of a run. */
function chartsOf(statistics: RunStatistics): readonly Chart[] {
  if (statistics.making?.steps.length === 0) return [];
  const data = [statistics];
  const ofAccepted = [errorRunChart, lengthsInTurns, actionsOfScripts, objectsOfScripts, goalThemes];
  return [acceptanceFunnel, ...(statistics.trajectories === 0 ? [] : ofAccepted)].map((make) => make(data));
}

function costFigures({ cost, accepted }: Totals, asOf: string | undefined): readonly Figure[] {
  if (cost === null) return [{ name: "cost", value: "unknown", note: "the price of some calls is" }];
  if (cost === 0) return [{ name: "cost", value: "$0" }];
  return [
    { name: "cost", value: dollars(cost), note: asOf === undefined ? "" : `prices of ${asOf}` },
    ...(accepted === 0
      ? []
      : [{ name: "cost each", value: dollars(cost / accepted), note: "for one accepted" }]),
  ];
}

function makingFigures({ tally, tokensSaved }: RunMaking): readonly Figure[] {
  const { promptTokens, cachedTokens, completionTokens } = tally;
  return [
    {
      name: "prompt tokens",
      value: wholeNumber(promptTokens),
      note: `${share(cachedTokens, promptTokens)} cached`,
    },
    { name: "completion tokens", value: wholeNumber(completionTokens) },
    {
      name: "saved by stopping",
      value: share(tokensSaved, tokensSaved + completionTokens),
      note: `${wholeNumber(tokensSaved)} output tokens (estimated)`,
    },
  ];
}

function figuresOf(
  totals: Totals,
  statistics: RunStatistics | undefined,
  asOf: string | undefined,
): readonly Figure[] {
  const { accepted, rejected, failed, calls, tokens } = totals;
  const ended = accepted + rejected + failed;
  const errorTurns =
    statistics && RUN_LENGTHS.reduce((sum, each) => sum + shareOfTurns(statistics.errorRuns, each), 0);
  return [
    {
      name: "accepted",
      value: share(accepted, ended),
      note: `${wholeNumber(accepted)} of ${wholeNumber(ended)} ended`,
    },
    {
      name: "calls each",
      value: ended === 0 ? "–" : oneDigit(calls / ended),
      note: `${wholeNumber(calls)} answered`,
    },
    ...(accepted === 0
      ? []
      : [{ name: "tokens each", value: wholeNumber(tokens / accepted), note: "for one accepted" }]),
    ...costFigures(totals, asOf),
    ...(statistics?.making === undefined ? [] : makingFigures(statistics.making)),
    ...(errorTurns === undefined
      ? []
      : [{ name: "error turns", value: share(errorTurns, 1), note: "of the player's turns" }]),
  ];
}

/** What a run is, as its page shows it. */
export async function readRunSummary(
  { key, shown, folder, path }: Found,
  run: IndexedRun,
  { statistics, isCounting, problem }: Counted,
  draw: (chart: Chart) => Promise<string>,
): Promise<RunSummaryView> {
  const totals = totalsOf(run.entries);
  const settings = folder?.description.settings;
  const price = priceSchema.safeParse(folder?.description.prices).data;
  const model = ownValue(ownValue(settings, "model"), "name");
  const ended = totals.accepted + totals.rejected + totals.failed;
  return {
    key,
    shown,
    model: typeof model === "string" ? model : "an unknown model",
    seed: Number(ownValue(settings, "seed") ?? 1),
    begun: folder?.description.createdAt ?? "",
    isRunning: (await folderOwner(path).catch(() => undefined)) !== undefined,
    personas: run.personas,
    accepted: totals.accepted,
    rejected: totals.rejected,
    failed: totals.failed,
    pending: run.personas - ended,
    underWay: run.underWay,
    figures: figuresOf(totals, statistics, price?.asOf),
    pricesNote: priceAge(price?.asOf),
    sections: [
      { title: "Accepted", note: "of all that ended", bars: acceptanceBars(key, totals) },
      { title: "Faults met", bars: faultBars(key, totals.faults) },
      ...(statistics === undefined ? [] : countedSections(statistics)),
    ],
    charts:
      statistics === undefined
        ? []
        : await Promise.all(
            chartsOf(statistics).map(async (chart) => ({ title: chart.title, svg: await draw(chart) })),
          ),
    sizes: [
      ...sizeWords("turns of the player", statistics?.turns),
      ...sizeWords("actions of a script", statistics?.actions),
      ...sizeWords("places and objects", statistics?.objects),
    ],
    nearDuplicates: statistics?.goals?.nearDuplicates ?? 0,
    pairs: statistics?.goals?.pairs ?? [],
    isCounting,
    damage: [...run.damage, ...(problem === undefined || run.damage.length > 0 ? [] : [problem])],
  };
}
