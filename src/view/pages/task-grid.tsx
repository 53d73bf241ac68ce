import type { Measure } from "../../environment/suite.ts";
import { counted, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { movingMeasure } from "../../report/score-text.ts";
import type { TaskCell, TaskRow } from "../../report/task-grid.ts";
import { TASKS_A_PAGE, TASKS_SHOWN } from "../evaluation-filter.ts";
import { link, type Query } from "../link.ts";
import { BesideChoice, BesideLinks } from "../parts/beside.tsx";
import { ReportParts } from "../parts/figures.tsx";
import { Layout } from "../parts/layout.tsx";
import { Choice, type Column, Pager, Table } from "../parts/list.tsx";
import { Line } from "../parts/text.tsx";
import type { TaskGridView } from "../read-tasks.ts";
import { episodeHref, valueText } from "./episode-list.tsx";

type GridView = TaskGridView["grids"][number];
type ShownTask = GridView["listed"][number];

function gridHref({ key, evaluations, filter }: TaskGridView, changes: Query = {}): string {
  const beside = evaluations.slice(1).map((each) => each.key);
  return link(["evaluation", key, "tasks"], { with: beside, ...filter, ...changes });
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
  return (
    <div class="task-grid">
      {grid.groups.map(([name, tasks]) => (
        <div>
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

/** Where a task is shown: side by side where several have played it. */
function taskHref({ evaluations }: TaskGridView, { numbers }: ShownTask): string | undefined {
  const played = evaluations.flatMap(({ key }, at) => (numbers[at] === undefined ? [] : [{ key, at }]));
  const [base, ...others] = played;
  const number = base && numbers[base.at];
  if (base === undefined || number === undefined) return undefined;
  if (others.length === 0) return episodeHref(base.key, number);
  const beside = others.map(({ key }) => key);
  return link(["evaluation", base.key, "beside", String(number)], { with: beside });
}

/** The tasks as a list: a column for each evaluation, with what it has against the first. */
function List({ view, grid }: { readonly view: TaskGridView; readonly grid: GridView }) {
  const ofEvaluation = (
    { key, shown }: TaskGridView["evaluations"][number],
    at: number,
  ): Column<ShownTask> => ({
    head: <Line text={`${letter(at)}: ${shown}`} />,
    cell: ({ cells, numbers, against }) => {
      const [cell, number] = [cells[at], numbers[at]];
      if (cell === undefined || number === undefined) return <span class="soft">not played</span>;
      return (
        <>
          <a href={episodeHref(key, number)}>
            {cell.isSolved ? "✓ " : "✗ "}
            {words(cell, grid.measures)}
          </a>{" "}
          <AgainstMark against={against[at]} />
        </>
      );
    },
  });
  return (
    <Table
      rows={grid.listed}
      columns={[
        {
          head: "task",
          kind: "name",
          cell: (task) => (
            <>
              <Line text={task.task} href={taskHref(view, task)} />
              <div class="soft small">
                <Line text={task.group} />
              </div>
            </>
          ),
        },
        ...view.evaluations.map(ofEvaluation),
      ]}
    />
  );
}

function SuiteGridSection({ view, grid }: { readonly view: TaskGridView; readonly grid: GridView }) {
  const { evaluations, filter } = view;
  const { suite, count, listed, total, flipped, won, lost } = grid;
  const isSeveral = evaluations.length > 1;
  return (
    <section>
      <h2>
        <Line text={suite} />
      </h2>
      <p class="sub">
        {counted(count, "task")}
        {!isSeveral ? null : (
          <>
            , <a href={gridHref(view, { show: "flipped", suite, page: 1 })}>{wholeNumber(flipped)} flipped</a>
            {evaluations.slice(1).map((_each, place) => (
              <>
                ; {letter(place + 1)} against A:{" "}
                <a href={gridHref(view, { show: "won", suite, page: 1 })}>{won[place + 1]} won</a>,{" "}
                <a href={gridHref(view, { show: "lost", suite, page: 1 })}>{lost[place + 1]} lost</a>
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
        things={`${filter.show === undefined ? "" : `${filter.show} `}tasks of ${printableLine(suite)}`}
        href={(page) => gridHref(view, { page })}
      />
      {listed.length === 0 ? null : <List view={view} grid={grid} />}
    </section>
  );
}

function GridForm({ view }: { readonly view: TaskGridView }) {
  const { key, evaluations, filter, suites, others } = view;
  return (
    <form class="filters beside" action={link(["evaluation", key, "tasks"])} method="get">
      <BesideChoice others={others} chosen={evaluations.map((each) => each.key)} />
      {suites.length < 2 ? null : <Choice name="suite" value={filter.suite} values={suites} none="all" />}
      {evaluations.length < 2 ? null : (
        <Choice name="show" label="tasks" value={filter.show} values={TASKS_SHOWN} none="all" />
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
            <b>{letter(place)}</b> <Line text={each.shown} href={link(["evaluation", each.key])} />{" "}
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
