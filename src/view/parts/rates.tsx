import type { Measure } from "../../environment/suite.ts";
import { ENDINGS } from "../../evaluation/endings.ts";
import type { EvaluationSummary, SuiteSummary } from "../../evaluation/summary.ts";
import { oneDigit, wholeNumber } from "../../numbers.ts";
import { measureTitle } from "../../report/score-text.ts";
import { link, type Query } from "../link.ts";
import { BarCell, EstimateCell } from "./score.tsx";
import { Line } from "./text.tsx";

/** The address of a list of episodes. */
export function episodesHref(key: string, query: Query = {}): string {
  return link(["evaluation", key, "episodes"], query);
}

function percent(value: number): string {
  return Number.isNaN(value) ? "–" : `${oneDigit(100 * value)} %`;
}

/** An evaluation whose numbers are shown: its name in addresses, and what it came to. */
interface Summed {
  readonly key: string;
  readonly summary: EvaluationSummary;
}

interface RateRowProps {
  readonly name: string;
  readonly href?: string;
  readonly tasks: number | undefined;
  readonly rates: Pick<SuiteSummary, "measures" | "scores">;
  readonly behaviour?: SuiteSummary["behaviour"];
}

function RateRow({ name, href, tasks, rates, behaviour }: RateRowProps) {
  const { measures, scores } = rates;
  const cells =
    behaviour === undefined
      ? ["", "", "", ""]
      : [
          percent(behaviour.grounding),
          Number.isNaN(behaviour.turns) ? "–" : oneDigit(behaviour.turns),
          percent(behaviour.formatErrors),
          percent(behaviour.repeatedActions),
        ];
  return (
    <tr>
      <th scope="row">
        {href === undefined ? (
          <Line text={name} />
        ) : (
          <a href={href}>
            <Line text={name} />
          </a>
        )}
      </th>
      <td class="num">{tasks === undefined ? "" : wholeNumber(tasks)}</td>
      {measures.map((measure) => (
        <EstimateCell estimate={scores[measure.name]} measure={measure} />
      ))}
      {cells.map((cell) => (
        <td class="num">{cell}</td>
      ))}
    </tr>
  );
}

/** The rates of suites that are measured alike, with the held-out score below those that it is over. */
export function Rates({ view, suites }: { readonly view: Summed; readonly suites: readonly SuiteSummary[] }) {
  const { key, summary } = view;
  const measures = suites[0]?.measures ?? [];
  const { heldOut } = summary;
  const isHeldOut =
    heldOut !== undefined &&
    summary.suites.length > 1 &&
    suites.some((each) => heldOut.suites.includes(each.suite));
  const missing = heldOut?.missing ?? [];
  return (
    <div class="scroll" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th>suite</th>
            <th class="num">tasks</th>
            {measures.map((measure) => (
              <th class="num">{measureTitle(measure)} (95 %)</th>
            ))}
            <th class="num">grounding</th>
            <th class="num">turns</th>
            <th class="num">malformed</th>
            <th class="num">repeated</th>
          </tr>
        </thead>
        <tbody>
          {suites.map((each) => (
            <RateRow
              name={each.suite}
              href={episodesHref(key, { suite: each.suite })}
              tasks={each.tasks}
              rates={each}
              behaviour={each.behaviour}
            />
          ))}
          {isHeldOut && heldOut !== undefined ? (
            <RateRow
              name={missing.length === 0 ? "held-out" : `held-out without ${missing.join(", ")}`}
              tasks={undefined}
              rates={heldOut}
            />
          ) : null}
        </tbody>
      </table>
    </div>
  );
}

/** How the episodes of each suite ended, with the way to them. */
export function Endings({ view }: { readonly view: Summed }) {
  const { key, summary } = view;
  const shown = ENDINGS.filter((ending) => summary.suites.some(({ endings }) => endings[ending] > 0));
  return (
    <section>
      <h2>How episodes ended</h2>
      <div class="scroll" tabindex={0}>
        <table class="narrow">
          <thead>
            <tr>
              <th>suite</th>
              {shown.map((ending) => (
                <th class="num">{ending}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {summary.suites.map(({ suite, endings }) => (
              <tr>
                <th scope="row">
                  <Line text={suite} />
                </th>
                {shown.map((ending) => (
                  <td class="num">
                    {endings[ending] === 0 ? (
                      "0"
                    ) : (
                      <a href={episodesHref(key, { suite, ending })}>{wholeNumber(endings[ending])}</a>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What was achieved in parts of a suite. */
export function Groups(props: {
  readonly title: string;
  readonly rows: SuiteSummary["groups"];
  readonly measures: readonly Measure[];
  readonly href?: (group: string) => string;
}) {
  const { title, rows, measures, href } = props;
  const entries = Object.entries(rows);
  if (entries.length === 0) return null;
  return (
    <div class="scroll" tabindex={0}>
      <table class="narrow">
        <thead>
          <tr>
            <th>{title}</th>
            <th class="num">episodes</th>
            {measures.map((measure) => (
              <th class="num">{measureTitle(measure)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map(([name, { episodes, scores }]) => (
            <tr>
              <th scope="row">
                {href === undefined ? (
                  <Line text={name} />
                ) : (
                  <a href={href(name)}>
                    <Line text={name} />
                  </a>
                )}
              </th>
              <td class="num">{wholeNumber(episodes)}</td>
              {measures.map((measure) => (
                <BarCell value={scores[measure.name]} measure={measure} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
