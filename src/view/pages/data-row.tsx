import { PART_SIZE } from "../dialogue.ts";
import { link } from "../link.ts";
import { Dialogue } from "../parts/dialogue.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/list.tsx";
import { ScriptView } from "../parts/script.tsx";
import { Line, Prose } from "../parts/text.tsx";
import type { DataRowView } from "../read-data.ts";

/** A row of a data file as a dialogue. */
export function DataRowPage({ view }: { readonly view: DataRowView }) {
  const { key, shown, place, id, turns, part, turnCount, about, persona, script, problem } = view;
  const rowHref = (number: number): string => link(["data", key, String(number)]);
  const partHref = (number: number): string => link(["data", key, String(place + 1)], { part: number });
  return (
    <Layout
      title={[about, id, shown]}
      crumbs={[{ text: shown, href: link(["data", key]) }, { text: id.slice(0, 40) }]}
      previous={place > 0 ? rowHref(place) : undefined}
      next={rowHref(place + 2)}
    >
      <h1>
        <Line text={about ?? id} />
      </h1>
      {persona === undefined ? null : <Prose class="sub" text={persona} />}
      {problem === undefined ? null : (
        <p class="problem">
          The row <Line text={problem} />
        </p>
      )}
      {turnCount > PART_SIZE ? (
        <Pager page={part} size={PART_SIZE} total={turnCount} things="turns" href={partHref} />
      ) : null}
      <div class={script === undefined ? "" : "reader"}>
        <Dialogue turns={turns} />
        {script === undefined ? null : (
          <aside tabindex={0} aria-label="script">
            <ScriptView script={script} />
          </aside>
        )}
      </div>
    </Layout>
  );
}
