import { link } from "../link.ts";
import { Dialogue } from "../parts/dialogue.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/list.tsx";
import { Line } from "../parts/text.tsx";
import type { BesideView } from "../read-episode.ts";
import { CameTo } from "./episode.tsx";
import { episodeHref, taskName } from "./episode-list.tsx";

function ColumnHead(
  props: Pick<BesideView, "measures"> & { readonly column: BesideView["columns"][number] },
) {
  const { key, shown, player, number, result } = props.column;
  return (
    <div class="column-head">
      <h2>
        <Line text={player} href={number === undefined ? undefined : episodeHref(key, number)} />
      </h2>
      <p class="soft small">
        <Line text={shown} />
      </p>
      {result === undefined ? (
        <p>It has not played this task.</p>
      ) : (
        <p>
          <CameTo {...result} turns={result.turns} measures={props.measures} />
        </p>
      )}
    </div>
  );
}

/** Episodes of one task side by side, turn by turn: the paper's case studies (Figure 9). */
export function EpisodesBesidePage({ view }: { readonly view: BesideView }) {
  const { key, shown, number, result, measures, columns, others, page, pages, parted } = view;
  const turns = Math.max(0, ...columns.map(({ dialogue }) => dialogue.length / 2));
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
        const first = columns.flatMap(({ dialogue }) => dialogue[2 * place]?.number ?? [])[0] ?? place + 1;
        return (
          <section class={`pair ${first === parted ? "parted" : ""}`} id={`pair-${first}`}>
            <h3>
              turn {first}
              {first === parted ? " – here they part" : ""}
            </h3>
            <div class={across}>
              {columns.map(({ dialogue }) => (
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
