import { counted } from "../../numbers.ts";
import type { IndexedPersona } from "../../synthesis/run-index.ts";
import type { ShownTurn } from "../dialogue.ts";
import { link, type Query } from "../link.ts";
import { OutcomeBadge } from "../parts/badge.tsx";
import { Dialogue } from "../parts/dialogue.tsx";
import { Layout } from "../parts/layout.tsx";
import { ScriptView } from "../parts/script.tsx";
import { Line, Prose } from "../parts/text.tsx";
import type { ShownScript } from "../read-script.ts";

/** A persona with what came of it, as a page shows it. */
export interface TrajectoryView {
  readonly key: string;
  readonly shown: string;
  readonly entry: IndexedPersona;
  readonly persona: string;
  /** Undefined when no script was verified. */
  readonly script?: ShownScript;
  readonly turns: readonly ShownTurn[];
  /** Why it was rejected or failed, in words. */
  readonly why?: string;
  /** What of the list is kept in addresses, and the ids before and behind this one in it. */
  readonly query: Query;
  readonly previous?: string;
  readonly next?: string;
}

/** A trajectory as a dialogue, with its script beside it. */
export function TrajectoryPage({ view }: { readonly view: TrajectoryView }) {
  const { key, shown, entry, persona, script, turns, why, query, previous, next } = view;
  const href = (id: string | undefined): string | undefined =>
    id === undefined ? undefined : link(["run", key, id], query);
  return (
    <Layout
      title={entry.id}
      crumbs={[{ text: shown, href: link(["run", key, "list"], query) }, { text: entry.id.slice(0, 8) }]}
      previous={href(previous)}
      next={href(next)}
    >
      <h1>
        <Line text={script?.goal ?? entry.persona} />
      </h1>
      <Prose class="sub" text={persona} />
      <p class="sub">
        <OutcomeBadge outcome={entry.outcome} /> after {counted(entry.calls, "call")}
        {why === undefined ? null : (
          <span class="problem">
            {" "}
            <Line text={why} />
          </span>
        )}
      </p>
      <div class="reader">
        <Dialogue turns={turns} />
        <aside>
          {script === undefined ? <p>No script was verified.</p> : <ScriptView script={script} />}
        </aside>
      </div>
    </Layout>
  );
}
