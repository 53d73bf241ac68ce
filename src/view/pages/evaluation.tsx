import type { EvaluationSummary, SuiteSummary } from "../../evaluation/summary.ts";
import { counted, dollars, shortNumber, wholeNumber } from "../../numbers.ts";
import { estimateText, measureTitle, scoreText, spreadText } from "../../report/score-text.ts";
import { link } from "../link.ts";
import { BesideChoice, BesideLinks } from "../parts/beside.tsx";
import { ChartView, type Figure, Figures } from "../parts/figures.tsx";
import { Layout } from "../parts/layout.tsx";
import { Table } from "../parts/list.tsx";
import { Endings, episodesHref, Groups, Rates } from "../parts/rates.tsx";
import { Folded, Line, Pairs, Problems } from "../parts/text.tsx";
import type { EvaluationView } from "../read-evaluation.ts";

/** The answer: each measure of the held-out score, or of the one suite that was played. */
function answers({ suites, heldOut }: EvaluationSummary): readonly Figure[] {
  const [first] = suites;
  const one = suites.length === 1 && first !== undefined ? { ...first, name: first.suite } : undefined;
  const isWhole = heldOut?.missing.length === 0;
  const several = heldOut && { ...heldOut, name: isWhole ? "held-out" : heldOut.suites.join(" + ") };
  const shown = one ?? several;
  return (shown?.measures ?? []).map((measure) => {
    const [value = "", ...interval] = estimateText(shown?.scores[measure.name], measure).split(" ");
    return {
      name: `${measureTitle(measure)}, ${shown?.name ?? ""}`,
      value,
      note: `${interval.join(" ")} (95 %)`,
    };
  });
}

function figures({ ended, planned, underWay, failed, summary }: EvaluationView): readonly Figure[] {
  const { promptTokens, cachedTokens, completionTokens, cost } = summary.spending;
  const tokens = promptTokens + completionTokens;
  const of = planned === undefined || planned === ended ? "" : ` of ${wholeNumber(planned)}`;
  const more = [
    ...(underWay > 0 ? [`${wholeNumber(underWay)} under way`] : []),
    ...(failed > 0 ? [`${wholeNumber(failed)} failed, to be played again`] : []),
  ];
  const parts = [promptTokens, cachedTokens, completionTokens].map(shortNumber);
  return [
    ...answers(summary),
    { name: "episodes", value: `${wholeNumber(ended)}${of}`, note: more.join(", ") },
    ...(tokens === 0
      ? []
      : [
          {
            name: "tokens",
            value: shortNumber(tokens),
            note: `${parts[0]} prompt (${parts[1]} cached), ${parts[2]} completion`,
          },
        ]),
    ...(cost === null || cost === 0 ? [] : [{ name: "cost", value: dollars(cost), note: "of all calls" }]),
  ];
}

function Attempts({ summary }: { readonly summary: SuiteSummary }) {
  const { sampled, measures } = summary;
  if (sampled === undefined) return null;
  return (
    <p>
      {measures.map((measure) => (
        <>
          Best of {sampled.attempts}: {measureTitle(measure)} {scoreText(sampled.best[measure.name], measure)}
          , mean over attempts {spreadText(sampled.spread[measure.name], measure)}.{" "}
        </>
      ))}
    </p>
  );
}

function SuiteSection({
  view,
  suite,
}: {
  readonly view: EvaluationView;
  readonly suite: EvaluationView["suites"][number];
}) {
  const { summary, progress, chart } = suite;
  const measure = summary.measures.find(({ name }) => name === "progress");
  const groups = Object.keys(summary.groups).length;
  const byGroup = (
    <Groups
      title="group"
      rows={summary.groups}
      measures={summary.measures}
      href={(group) => episodesHref(view.key, { suite: summary.suite, group })}
    />
  );
  return (
    <section>
      <h2 id={`suite-${summary.suite}`}>
        <Line text={summary.suite} />
      </h2>
      <p class="sub">
        <Line text={summary.rules} />, {counted(summary.episodes, "episode")}
      </p>
      <Attempts summary={summary} />
      <div class="columns">
        <div>
          <h3>By group</h3>
          <Groups title="difficulty" rows={summary.difficulties} measures={summary.measures} />
          {groups > 12 ? <Folded title={counted(groups, "group")}>{byGroup}</Folded> : byGroup}
        </div>
        {progress === undefined || chart === undefined || measure === undefined ? null : (
          <div>
            <h3>Over turns</h3>
            <ChartView svg={chart} />
            <Folded title="figures">
              <Table
                class="narrow"
                rows={progress.means.map((value, turn) => ({ turn: String(turn), value }))}
                columns={[
                  { head: "turns", kind: "num", cell: ({ turn }) => turn },
                  {
                    head: `${measureTitle(measure)}, mean over episodes`,
                    kind: "num",
                    cell: ({ value }) => scoreText(value, measure),
                  },
                ]}
              />
            </Folded>
          </div>
        )}
      </div>
    </section>
  );
}

/** What an evaluation has come to: the answer first, then the suites with their groups and turns. */
export function EvaluationPage({ view }: { readonly view: EvaluationView }) {
  const { key, shown, player, settings, suites, panels, notes, damage, ended, planned, others } = view;
  return (
    <Layout
      title={["evaluation", shown]}
      crumbs={[{ text: shown }]}
      events={link(["evaluation", key, "events"])}
    >
      <h1>
        <Line text={player} />
      </h1>
      <p class="sub">
        <a href={episodesHref(key)}>{counted(ended, "episode")}</a>
        {" · "}
        <a href={link(["evaluation", key, "tasks"])}>tasks as a grid</a>
        {planned !== undefined && ended < planned ? (
          <>
            {" · "}
            <span class="going">{wholeNumber(planned - ended)} are still to be played</span>
          </>
        ) : null}
      </p>
      <Problems lines={damage} />
      <div id="came-to" data-live>
        <Figures figures={figures(view)} />
        {ended === 0 ? <p>No episode has ended yet.</p> : null}
        {panels.map((panel) => (
          <Rates view={view} suites={panel} />
        ))}
      </div>
      {others.length === 0 ? null : (
        <form class="filters beside" action={link(["evaluation", key, "tasks"])} method="get">
          <BesideChoice others={others} />
          <button type="submit">compare task by task</button>
        </form>
      )}
      <BesideLinks of={key} others={others} />
      <div id="parts" data-live>
        {notes.length === 0 ? null : (
          <ul class="notes">
            {notes.map((note) => (
              <li>
                <Line text={note} />
              </li>
            ))}
          </ul>
        )}
        {ended === 0 ? null : <Endings view={view} />}
        {suites.map((suite) => (
          <SuiteSection view={view} suite={suite} />
        ))}
      </div>
      <details class="settings">
        <summary>settings</summary>
        <Pairs pairs={settings} />
      </details>
    </Layout>
  );
}
