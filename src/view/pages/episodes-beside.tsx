import type { Measure } from "../../environment/suite.ts";
import type { EpisodeResult } from "../../evaluation/episode-result.ts";
import { counted } from "../../numbers.ts";
import type { ShownTurn } from "../dialogue.ts";
import { link } from "../link.ts";
import { Dialogue } from "../parts/dialogue.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/pager.tsx";
import { Line } from "../parts/text.tsx";
import { EndingBadge, episodeHref, taskName, valueText } from "./episode-list.tsx";

/** What one evaluation did with the task; without a number when it has not played it. */
export interface PlayedBeside {
  readonly key: string;
  readonly shown: string;
  readonly player: string;
  readonly number?: number;
  readonly result?: EpisodeResult;
  /** The turns of this page, the player's and the world's in turn. */
  readonly dialogue?: readonly ShownTurn[];
}

/** The episodes of one task in several evaluations, as a page shows them. */
export interface BesideView {
  readonly key: string;
  readonly shown: string;
  readonly number: number;
  readonly result: EpisodeResult;
  readonly measures: readonly Measure[];
  readonly columns: readonly PlayedBeside[];
  /** The keys of the others, for addresses. */
  readonly others: readonly string[];
  readonly page: number;
  readonly pages: number;
  /** The first turn in which the first two did not do the same; undefined when they did to the end. */
  readonly parted?: number;
}

function ColumnHead({
  column,
  measures,
}: {
  readonly column: PlayedBeside;
  readonly measures: readonly Measure[];
}) {
  const { key, shown, player, number, result } = column;
  return (
    <div class="column-head">
      <h2>
        {number === undefined ? (
          <Line text={player} />
        ) : (
          <a href={episodeHref(key, number)}>
            <Line text={player} />
          </a>
        )}
      </h2>
      <p class="soft small">
        <Line text={shown} />
      </p>
      {result === undefined ? (
        <p>It has not played this task.</p>
      ) : (
        <p>
          <EndingBadge ending={result.ending} /> {counted(result.turns, "turn")}
          {measures.map((measure) => `, ${measure.name} ${valueText(result.scores[measure.name], measure)}`)}
          {result.reason === null ? null : (
            <span class="problem">
              {" "}
              <Line text={result.reason} />
            </span>
          )}
        </p>
      )}
    </div>
  );
}

/** Episodes of one task side by side, turn by turn: the paper's case studies (Figure 9). */
export function EpisodesBesidePage({ view }: { readonly view: BesideView }) {
  const { key, shown, number, result, measures, columns, others, page, pages, parted } = view;
  const turns = Math.max(0, ...columns.map(({ dialogue = [] }) => dialogue.length / 2));
  const across = `side-by-side across-${Math.min(4, columns.length)}`;
  return (
    <Layout
      title={[`${result.suite}: ${taskName(result)}`, "side by side", ...columns.map((each) => each.shown)]}
      crumbs={[
        { text: shown, href: link(["evaluation", key]) },
        { text: "tasks", href: link(["evaluation", key, "tasks"], { with: others }) },
        { text: taskName(result) },
      ]}
    >
      <h1>
        <Line text={`${result.suite}: ${taskName(result)}`} />
      </h1>
      <p class="sub">
        <Line text={result.group} />
        {columns.length < 2 ? null : (
          <>
            {" · "}
            {parted === undefined ? (
              "they did the same to the end"
            ) : (
              <>
                they part in <a href={`#pair-${parted}`}>turn {parted}</a>
              </>
            )}
          </>
        )}
      </p>
      {pages < 2 ? null : (
        <Pager
          page={page}
          size={1}
          total={pages}
          things="pages of turns"
          href={(to) => link(["evaluation", key, "beside", String(number)], { with: others, turns: to })}
        />
      )}
      <div class={across}>
        {columns.map((column) => (
          <ColumnHead column={column} measures={measures} />
        ))}
      </div>
      {Array.from({ length: turns }, (_value, place) => {
        const first =
          columns.flatMap(({ dialogue = [] }) => dialogue[2 * place]?.number ?? [])[0] ?? place + 1;
        return (
          <section class={`pair ${first === parted ? "parted" : ""}`} id={`pair-${first}`}>
            <h3>
              turn {first}
              {first === parted ? " – here they part" : ""}
            </h3>
            <div class={across}>
              {columns.map(({ dialogue = [] }) => (
                <div>
                  {dialogue.length <= 2 * place ? null : (
                    <Dialogue turns={dialogue.slice(2 * place, 2 * place + 2)} />
                  )}
                </div>
              ))}
            </div>
          </section>
        );
      })}
    </Layout>
  );
}
