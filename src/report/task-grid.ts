import type { Measure } from "../environment/suite.ts";
import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { groupBy, measuresOf, taskScores } from "../evaluation/metrics/scores.ts";

/** What one evaluation came to in one task: means over its attempts, by measure. */
export interface TaskCell {
  readonly scores: Readonly<Record<string, number>>;
  readonly attempts: number;
  /**
   * The first measure is in the upper half of its range: of one attempt at a task that is achieved or not, achieved.
   */
  readonly isSolved: boolean;
}

/** A task beside itself in several evaluations. */
export interface TaskRow {
  readonly task: string;
  readonly group: string;
  /** One for each evaluation; undefined where it has not played the task. */
  readonly cells: readonly (TaskCell | undefined)[];
  /** Some have solved it and others not. */
  readonly isFlipped: boolean;
  /** What an evaluation has against the first one: `won` is solved where the first is not. */
  readonly against: readonly ("same" | "won" | "lost" | undefined)[];
}

/** The tasks of a suite in several evaluations. */
export interface SuiteGrid {
  readonly suite: string;
  readonly measures: readonly Measure[];
  readonly rows: readonly TaskRow[];
}

function cellOf(
  task: string,
  attempts: readonly EpisodeResult[] | undefined,
  measures: readonly Measure[],
  scoresOf: ReadonlyMap<string, ReadonlyMap<string, number>>,
): TaskCell | undefined {
  if (attempts === undefined) return undefined;
  const scores = Object.fromEntries(
    measures.flatMap(({ name }) => {
      const score = scoresOf.get(name)?.get(task);
      return score === undefined ? [] : [[name, score] as const];
    }),
  );
  const [first] = measures;
  const value = first === undefined ? undefined : scores[first.name];
  const middle = first === undefined ? 0 : (first.range[0] + first.range[1]) / 2;
  return { scores, attempts: attempts.length, isSolved: value !== undefined && value >= middle };
}

function against(first: TaskCell | undefined, other: TaskCell | undefined): TaskRow["against"][number] {
  if (first === undefined || other === undefined) return undefined;
  if (first.isSolved === other.isSolved) return "same";
  return other.isSolved ? "won" : "lost";
}

/**
 * Every task of one suite in some evaluations, with the mean over its attempts that rates and differences are made of.
 * A task is flipped when some of them have solved it and others not.
 */
export function taskGrid(suite: string, evaluations: readonly (readonly EpisodeResult[])[]): SuiteGrid {
  const played = evaluations.map((results) => results.filter((each) => each.suite === suite));
  const all = played.flat();
  const measures = measuresOf(all);
  const byTask = played.map((results) => groupBy(results, ({ task }) => task));
  const scores = played.map(
    (results) => new Map(measures.map(({ name }) => [name, taskScores(results, name)] as const)),
  );
  const groups = new Map(all.map(({ task, group }) => [task, group]));
  const rows = [...groups].map(([task, group]): TaskRow => {
    const cells = byTask.map((tasks, place) =>
      cellOf(task, tasks.get(task), measures, scores[place] ?? new Map()),
    );
    const [first, ...others] = cells;
    const solved = new Set(cells.flatMap((cell) => (cell === undefined ? [] : [cell.isSolved])));
    return {
      task,
      group,
      cells,
      isFlipped: solved.size > 1,
      against: [undefined, ...others.map((other) => against(first, other))],
    };
  });
  const byName = (one: string, other: string): number => one.localeCompare(other, "en", { numeric: true });
  return {
    suite,
    measures,
    rows: rows.sort((one, other) => byName(one.group, other.group) || byName(one.task, other.task)),
  };
}
