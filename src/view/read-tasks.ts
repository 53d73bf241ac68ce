import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { groupBy } from "../evaluation/metrics/scores.ts";
import { compareRead } from "../report/compare-evaluations.ts";
import { type SuiteGrid, type TaskRow, taskGrid } from "../report/task-grid.ts";
import { TASKS_A_PAGE, type TaskFilter } from "./evaluation-filter.ts";
import type { OpenedEvaluation } from "./library.ts";
import { rowsOf } from "./list-filter.ts";
import { playerName, settingsOf } from "./read-evaluation.ts";

function isListed({ isFlipped, against }: TaskRow, show: TaskFilter["show"]): boolean {
  if (show === undefined) return true;
  return show === "flipped" ? isFlipped : against.includes(show);
}

/** The number of the first episode of each task, by which it is linked. */
function numbersOf({ evaluation }: OpenedEvaluation, suite: string): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const { number, result } of evaluation.episodes) {
    if (result.suite !== suite) continue;
    if (result.attempt === 0 || !numbers.has(result.task)) numbers.set(result.task, number);
  }
  return numbers;
}

function gridView(
  { suite, measures, rows }: SuiteGrid,
  opened: readonly OpenedEvaluation[],
  { show, page }: TaskFilter,
) {
  const numbers = opened.map((each) => numbersOf(each, suite));
  const tasks = rows.map((row) => ({
    ...row,
    numbers: numbers.map((ofTask) => ofTask.get(row.task)),
  }));
  const listed = tasks.filter((row) => isListed(row, show));
  // Where a group has one task or two, its name would take more room than its tasks.
  const isGrouped = new Set(rows.map(({ group }) => group)).size * 3 <= rows.length;
  const count = (what: "won" | "lost"): readonly number[] =>
    opened.map((_each, place) => rows.filter(({ against }) => against[place] === what).length);
  return {
    suite,
    measures,
    /** How many tasks there are, and how they are in groups, those that the filter lets through. */
    count: tasks.length,
    groups: [...groupBy(listed, ({ group }) => (isGrouped ? group : ""))],
    /** Those of this page, and how many there are on all pages. */
    listed: rowsOf(listed, page, TASKS_A_PAGE),
    total: listed.length,
    flipped: rows.filter(({ isFlipped }) => isFlipped).length,
    /** Against the first, for each evaluation. */
    won: count("won"),
    lost: count("lost"),
  };
}

/** The tasks of evaluations beside each other, with what `compare` says of them. */
export function readTaskGrid(
  opened: readonly OpenedEvaluation[],
  filter: TaskFilter,
  others: readonly { readonly key: string; readonly shown: string }[],
) {
  const all = opened.map(({ evaluation }): readonly EpisodeResult[] =>
    evaluation.episodes.map(({ result }) => result),
  );
  const suites = [...new Set(all.flatMap((results) => results.map(({ suite }) => suite)))];
  const [first] = opened;
  const compared = opened.flatMap(({ found }, place) => {
    const settings = settingsOf(found);
    const results = all[place] ?? [];
    return settings === undefined || results.length === 0 ? [] : [{ name: found.shown, settings, results }];
  });
  const chosen = suites.filter((suite) => !filter.suite || suite === filter.suite);
  return {
    /** Of the first evaluation. */
    key: first?.found.key ?? "",
    shown: first?.found.shown ?? "",
    evaluations: opened.map(({ found }) => ({
      key: found.key,
      shown: found.shown,
      player: playerName(found),
    })),
    filter,
    suites,
    grids: chosen.map((suite) => gridView(taskGrid(suite, all), opened, filter)),
    /** All others that could stand beside it, those that do among them. */
    others: others.map(({ key, shown }) => ({ key, shown })),
    /** What `agentrefine compare` says; nothing of one evaluation. */
    report: compared.length < 2 ? [] : compareRead(compared).report("tall"),
  };
}
export type TaskGridView = ReturnType<typeof readTaskGrid>;
