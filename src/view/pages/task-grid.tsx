import type { Measure } from "../../environment/suite.ts";
import { counted, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import type { Part } from "../../report/render.ts";
import { movingMeasure } from "../../report/score-text.ts";
import type { TaskCell, TaskRow } from "../../report/task-grid.ts";
import { link, type Query } from "../link.ts";
import { BesideLinks } from "../parts/beside.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/pager.tsx";
import { ReportParts } from "../parts/report.tsx";
import { Line } from "../parts/text.tsx";
import { TASKS_A_PAGE, TASKS_SHOWN, type TaskFilter, taskQuery } from "../task-filter.ts";
import { episodeHref, valueText } from "./episode-list.tsx";

/** A task in evaluations beside each other, with the numbers of the episodes that show it. */
interface ShownTask extends TaskRow {
  readonly numbers: readonly (number | undefined)[];
}

/** The tasks of one suite. */
export interface GridView {
  readonly suite: string;
  readonly measures: readonly Measure[];
  readonly tasks: readonly ShownTask[];
  /** Those of this page that the filter lets through, and how many there are on all pages. */
  readonly listed: readonly ShownTask[];
  readonly total: number;
  readonly flipped: number;
  /** Against the first, for each evaluation. */
  readonly won: readonly number[];
  readonly lost: readonly number[];
}

/** The tasks of evaluations beside each other, as a page shows them. */
export interface TaskGridView {
  /** Of the first evaluation. */
  readonly key: string;
  readonly shown: string;
  readonly evaluations: readonly { readonly key: string; readonly shown: string; readonly player: string }[];
  readonly filter: TaskFilter;
  readonly suites: readonly string[];
  readonly grids: readonly GridView[];
  /** All others that could stand beside it, those that do among them. */
  readonly others: readonly { readonly key: string; readonly shown: string }[];
  /** What `agentrefine compare` says; nothing of one evaluation. */
  readonly report: readonly Part[];
}

function gridHref({ key, evaluations, filter }: TaskGridView, changes: Query = {}): string {
  const beside = evaluations.slice(1).map((each) => each.key);
  return link(["evaluation", key, "tasks"], { with: beside, ...taskQuery(filter, changes) });
}

/** Letters stand for evaluations where there is no room for their names. */
function letter(place: number): string {
  return String.fromCharCode(65 + place);
}

/** How far a value lies in its range, in tenths. */
function tenth(cell: TaskCell, measure: Measure | undefined): number {
  if (measure === undefined) return 0;
  const [least, most] = measure.range;
  const value = cell.scores[measure.name] ?? least;
  return Math.max(0, Math.min(10, Math.round((10 * (value - least)) / (most - least))));
}

function words(cell: TaskCell, measures: readonly Measure[]): string {
  return measures
    .map((measure) => `${measure.name} ${valueText(cell.scores[measure.name], measure)}`)
    .join(", ");
}

/** A task as a small column: a field for each evaluation, one below the other. */
function Tile(props: { readonly view: TaskGridView; readonly grid: GridView; readonly task: ShownTask }) {
  const { view, grid, task } = props;
  const { measures } = grid;
  const texts = task.cells.map((cell, place) =>
    cell === undefined ? `${letter(place)}: not played` : `${letter(place)}: ${words(cell, measures)}`,
  );
  return (
    <li
      class={task.isFlipped ? "tile flipped" : "tile"}
      title={printableLine([task.task, ...texts].join(" · "))}
    >
      {task.cells.map((cell, place) => {
        const evaluation = view.evaluations[place];
        const number = task.numbers[place];
        if (cell === undefined || evaluation === undefined || number === undefined)
          return <span class="cell none" />;
        return (
          <a
            class={`cell ${cell.isSolved ? "solved" : `level-${tenth(cell, movingMeasure(measures))}`}`}
            href={episodeHref(evaluation.key, number)}
          >
            <span class="hidden">
              <Line text={`${task.task}, ${texts[place]}`} />
            </span>
            <span aria-hidden="true">{cell.isSolved ? "✓" : ""}</span>
          </a>
        );
      })}
    </li>
  );
}

/** The groups of a suite, each with its tasks as tiles. */
function Tiles({ view, grid }: { readonly view: TaskGridView; readonly grid: GridView }) {
  const { filter } = view;
  // Where a group has one task or two, its name would take more room than its tasks.
  const isGrouped = new Set(grid.tasks.map(({ group }) => group)).size * 3 <= grid.tasks.length;
  const groups = new Map<string, ShownTask[]>();
  for (const task of grid.tasks) {
    if (
      filter.show !== "all" &&
      !(filter.show === "flipped" ? task.isFlipped : task.against.includes(filter.show))
    )
      continue;
    const name = isGrouped ? task.group : "";
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [task]);
    else group.push(task);
  }
  return (
    <div class="task-grid">
      {[...groups].map(([name, tasks]) => (
        <div class="grid-group">
          {name === "" ? null : (
            <h3>
              <Line text={name} />
            </h3>
          )}
          <ul class="tiles">
            {tasks.map((task) => (
              <Tile view={view} grid={grid} task={task} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function AgainstMark({ against }: { readonly against: TaskRow["against"][number] }) {
  if (against === "won") return <span class="against won">▲ won</span>;
  if (against === "lost") return <span class="against lost">▼ lost</span>;
  return null;
}

function ListedTask({
  view,
  grid,
  task,
}: {
  readonly view: TaskGridView;
  readonly grid: GridView;
  readonly task: ShownTask;
}) {
  const { evaluations } = view;
  const place = task.numbers.findIndex((number) => number !== undefined);
  const number = task.numbers[place];
  const played = evaluations.filter((_each, at) => task.numbers[at] !== undefined);
  const [base, ...others] = played;
  return (
    <tr>
      <th scope="row">
        {base === undefined || number === undefined ? (
          <Line text={task.task} />
        ) : others.length === 0 ? (
          <a href={episodeHref(base.key, number)}>
            <Line text={task.task} />
          </a>
        ) : (
          <a
            href={link(["evaluation", base.key, "beside", String(number)], {
              with: others.map((each) => each.key),
            })}
          >
            <Line text={task.task} />
          </a>
        )}
        <div class="soft small">
          <Line text={task.group} />
        </div>
      </th>
      {task.cells.map((cell, at) => {
        const evaluation = evaluations[at];
        const of = task.numbers[at];
        if (cell === undefined || evaluation === undefined || of === undefined)
          return <td class="soft">not played</td>;
        return (
          <td>
            <a href={episodeHref(evaluation.key, of)}>
              {cell.isSolved ? "✓ " : "✗ "}
              {words(cell, grid.measures)}
            </a>{" "}
            <AgainstMark against={task.against[at]} />
          </td>
        );
      })}
    </tr>
  );
}

function SuiteGridSection({ view, grid }: { readonly view: TaskGridView; readonly grid: GridView }) {
  const { evaluations, filter } = view;
  const { suite, tasks, listed, total, flipped, won, lost } = grid;
  const isSeveral = evaluations.length > 1;
  return (
    <section>
      <h2>
        <Line text={suite} />
      </h2>
      <p class="sub">
        {counted(tasks.length, "task")}
        {!isSeveral ? null : (
          <>
            ,{" "}
            <a href={gridHref(view, { show: "flipped", suite, page: undefined })}>
              {wholeNumber(flipped)} flipped
            </a>
            {evaluations.slice(1).map((_each, place) => (
              <>
                ; {letter(place + 1)} against A:{" "}
                <a href={gridHref(view, { show: "won", suite, page: undefined })}>{won[place + 1]} won</a>,{" "}
                <a href={gridHref(view, { show: "lost", suite, page: undefined })}>{lost[place + 1]} lost</a>
              </>
            ))}
          </>
        )}
      </p>
      <Tiles view={view} grid={grid} />
      <Pager
        page={filter.page}
        size={TASKS_A_PAGE}
        total={total}
        things={`${filter.show === "all" ? "tasks" : `${filter.show} tasks`} of ${printableLine(suite)}`}
        href={(page) => gridHref(view, { page })}
      />
      {listed.length === 0 ? null : (
        <div class="scroll" tabindex={0}>
          <table>
            <thead>
              <tr>
                <th>task</th>
                {evaluations.map(({ shown }, place) => (
                  <th>
                    {letter(place)}: <Line text={shown} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {listed.map((task) => (
                <ListedTask view={view} grid={grid} task={task} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function GridForm({ view }: { readonly view: TaskGridView }) {
  const { key, evaluations, filter, suites, others } = view;
  const chosen = new Set(evaluations.map((each) => each.key));
  return (
    <form class="filters beside" action={link(["evaluation", key, "tasks"])} method="get">
      {others.length === 0 ? null : (
        <fieldset>
          <legend>beside</legend>
          {others.map((other) => (
            <label class="check">
              <input type="checkbox" name="with" value={other.key} checked={chosen.has(other.key)} />{" "}
              <Line text={other.shown} />
            </label>
          ))}
        </fieldset>
      )}
      {suites.length < 2 ? null : (
        <label>
          suite{" "}
          <select name="suite">
            <option value="">all</option>
            {suites.map((suite) => (
              <option value={suite} selected={suite === filter.suite}>
                <Line text={suite} />
              </option>
            ))}
          </select>
        </label>
      )}
      {evaluations.length < 2 ? null : (
        <label>
          tasks{" "}
          <select name="show">
            {TASKS_SHOWN.map((show) => (
              <option value={show} selected={show === filter.show}>
                {show}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="submit">show</button>
    </form>
  );
}

/** The tasks of evaluations as a grid, in which those that were won and lost are found at once. */
export function TaskGridPage({ view }: { readonly view: TaskGridView }) {
  const { key, shown, evaluations, grids, report, others } = view;
  return (
    <Layout
      title={["tasks", ...evaluations.map((each) => each.shown)]}
      crumbs={[{ text: shown, href: link(["evaluation", key]) }, { text: "tasks" }]}
      events={link(["evaluation", key, "events"])}
    >
      <h1>Tasks</h1>
      <ol class="letters">
        {evaluations.map((each, place) => (
          <li>
            <b>{letter(place)}</b>{" "}
            <a href={link(["evaluation", each.key])}>
              <Line text={each.shown} />
            </a>{" "}
            <span class="soft">
              <Line text={each.player} />
            </span>
          </li>
        ))}
      </ol>
      <GridForm view={view} />
      <BesideLinks of={key} others={others} />
      <p class="soft legend">
        <span class="cell solved" aria-hidden="true">
          ✓
        </span>{" "}
        solved: the first measure is in the upper half of its range.{" "}
        <span class="cell level-5" aria-hidden="true" /> not solved, the fuller the further.{" "}
        <span class="cell none" aria-hidden="true" /> not played. Tasks in a frame are flipped: solved by some
        and not by others.
      </p>
      <div id="grids" data-live>
        {grids.length === 0 ? <p>No episode has ended yet.</p> : null}
        {grids.map((grid) => (
          <SuiteGridSection view={view} grid={grid} />
        ))}
        {report.length === 0 ? null : (
          <section class="report">
            <h2>As agentrefine compare says it</h2>
            <ReportParts parts={report} />
          </section>
        )}
      </div>
    </Layout>
  );
}
