import { counted, dollars, wholeNumber } from "../../numbers.ts";
import { PART_SIZE } from "../dialogue.ts";
import { link } from "../link.ts";
import { AnnotationPanel, TurnJudgement } from "../parts/annotations.tsx";
import { Badge, Strip } from "../parts/badge.tsx";
import { Calls } from "../parts/calls.tsx";
import { Dialogue } from "../parts/dialogue.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/list.tsx";
import { ScriptView } from "../parts/script.tsx";
import { Line, Prose } from "../parts/text.tsx";
import type { TrajectoryView } from "../read-run.ts";

function Head({ view }: { readonly view: TrajectoryView }) {
  const { entry, persona, why, script, place, previous, next, key, query } = view;
  const { bought, calls, errors, turns, marks } = entry;
  const tokens = bought.promptTokens + bought.completionTokens;
  const facts = [
    ...(entry.writers === undefined ? [] : [`written by ${entry.writers}`]),
    `after ${counted(calls, "call")}`,
    counted(turns, "turn"),
    counted(errors, "error"),
    counted(tokens, "token"),
    ...(bought.cost === null ? ["price unknown"] : bought.cost === 0 ? [] : [dollars(bought.cost)]),
  ];
  return (
    <>
      <h1>
        <Line text={script?.goal ?? entry.persona} />
      </h1>
      <Prose class="sub" text={persona} />
      <div class="row">
        <Badge end={entry.outcome} />
        <span class="soft">
          <Line text={facts.join(" · ")} />
        </span>
        <Strip marks={marks} />
        {place === undefined ? null : (
          <nav class="steps" aria-label="trajectories">
            {previous === undefined ? null : <a href={link(["run", key, previous], query)}>previous</a>}
            <span class="soft">
              {wholeNumber(place.number)} of {wholeNumber(place.of)}
            </span>
            {next === undefined ? null : <a href={link(["run", key, next], query)}>next</a>}
          </nav>
        )}
      </div>
      {why === undefined ? null : (
        <p class="problem">
          <Line text={why} />
        </p>
      )}
    </>
  );
}

/** A trajectory as a dialogue, with its script and its calls beside it. */
export function TrajectoryPage({ view }: { readonly view: TrajectoryView }) {
  const { key, shown, entry, script, turns, part, turnCount, calls, query, previous, next, annotations } =
    view;
  const href = (id: string | undefined): string | undefined =>
    id === undefined ? undefined : link(["run", key, id], query);
  const partOf = (number: number): string => link(["run", key, entry.id], { ...query, part: number });
  const turnHref = (turn: number): string => {
    const its = Math.floor(turn / PART_SIZE) + 1;
    return `${its === part ? "" : partOf(its)}#turn-${turn}`;
  };
  const pager =
    turnCount > PART_SIZE ? (
      <Pager page={part} size={PART_SIZE} total={turnCount} things="turns" href={partOf} />
    ) : null;
  return (
    <Layout
      title={[script?.goal ?? entry.persona, entry.id.slice(0, 8), shown]}
      crumbs={[
        { text: shown, href: link(["run", key]) },
        { text: "personas", href: link(["run", key, "list"], query) },
        { text: entry.id.slice(0, 8) },
      ]}
      previous={href(previous)}
      next={href(next)}
    >
      <Head view={view} />
      <AnnotationPanel view={annotations} />
      <div class="reader">
        <div>
          {pager}
          {turns.length === 0 ? <p class="soft">No turn was verified.</p> : null}
          <Dialogue
            turns={turns}
            whole={(turn) => link(["run", key, entry.id, "turn", String(turn)])}
            beneath={({ number, action }) =>
              action === undefined ? null : <TurnJudgement view={annotations} turn={number} />
            }
          />
          {pager}
        </div>
        <aside tabindex={0} aria-label="calls and script">
          <h2>Calls</h2>
          <Calls calls={calls} href={(call) => link(["run", key, entry.id, "call", String(call)], query)} />
          {script === undefined ? <p class="soft">No script was verified.</p> : null}
          {script === undefined ? null : <ScriptView script={script} turnHref={turnHref} />}
        </aside>
      </div>
    </Layout>
  );
}
