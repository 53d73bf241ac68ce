import type { DrawSettings } from "../../annotation/draw.ts";
import { WHAT_IS_WRONG } from "../../annotation/verdict.ts";
import { link } from "../link.ts";
import { Dialogue } from "../parts/dialogue.tsx";
import { ReportParts } from "../parts/figures.tsx";
import { Layout } from "../parts/layout.tsx";
import { ScriptView } from "../parts/script.tsx";
import { Folded, Line } from "../parts/text.tsx";
import type { JudgingView, ReliabilityView } from "../read-judging.ts";

/** The address of a turn of a draw; without a place, of the first that is still to be judged. */
export function judgingHref(key: string, { sample, seed }: DrawSettings, at?: number): string {
  return link(["run", key, "judge"], { sample, seed, at });
}

function VerdictButton(props: {
  readonly value: string;
  readonly text: string;
  readonly of: string;
  readonly earlier: string | undefined;
}) {
  const { value, text, of, earlier } = props;
  return (
    <button
      type="submit"
      name="verdict"
      value={value}
      data-key={of}
      class={value === earlier ? "press down" : "press"}
      aria-pressed={value === earlier ? "true" : "false"}
    >
      {text} <kbd>{of}</kbd>
    </button>
  );
}

/** One turn: what was before it, what it says, and two buttons. */
export function JudgingPage({ view }: { readonly view: JudgingView }) {
  const { key, shown, draw, annotator, at, total, judged, earlier, turns, script } = view;
  const before = at > 1 ? judgingHref(key, draw, at - 1) : undefined;
  const [own, history] = [turns.slice(-1), turns.slice(0, -1)];
  return (
    <Layout
      title={[`right or wrong? ${at} of ${total}`, shown]}
      crumbs={[
        { text: shown, href: link(["run", key]) },
        { text: "judging", href: link(["run", key, "judgements"]) },
        { text: `${at} of ${total}` },
      ]}
    >
      <h1>Right or wrong?</h1>
      <p class="sub">
        Is this player's turn right, or does it have to be refined? It is wrong for a parameter, a place or
        against logic; what the dungeon master said of it is not shown. {judged} of {total} judged, as{" "}
        <Line text={annotator} />.
      </p>
      <Folded title="what makes a turn wrong">
        <ul>
          {WHAT_IS_WRONG.map((each) => (
            <li>{each}</li>
          ))}
        </ul>
        <p>A detour is right as long as it finds something out or changes something.</p>
      </Folded>
      <div class="reader">
        <div>
          <section class="judged" aria-label="the turn to be judged">
            <Dialogue turns={own} />
            <form method="post" action={judgingHref(key, draw, at)} class="verdicts">
              <VerdictButton value="right" text="right" of="r" earlier={earlier} />
              <VerdictButton value="wrong" text="wrong" of="w" earlier={earlier} />
              <VerdictButton value="" text="skip" of="s" earlier={undefined} />
              {before === undefined ? null : (
                <a href={before} data-key="b">
                  back <kbd>b</kbd>
                </a>
              )}
            </form>
          </section>
          <h2>What was before, the last first</h2>
          <Dialogue turns={[...history].reverse()} />
        </div>
        <aside>
          <ScriptView script={script} />
        </aside>
      </div>
    </Layout>
  );
}

/** Figure 10 of a run, and the way to judge. */
export function ReliabilityPage({ view }: { readonly view: ReliabilityView }) {
  const { key, shown, parts, annotator } = view;
  return (
    <Layout
      title={["judging", shown]}
      crumbs={[{ text: shown, href: link(["run", key]) }, { text: "judging" }]}
    >
      <h1>Can the labels be trusted?</h1>
      {annotator === undefined ? null : (
        <form class="filters" method="get" action={link(["run", key, "judge"])}>
          <label>
            trajectories
            <input name="sample" type="number" min={1} max={999999} value="50" required />
          </label>
          <label>
            seed
            <input name="seed" type="number" min={0} max={999999} value="1" required />
          </label>
          <button type="submit">judge turns</button>
          <span class="soft">
            as <Line text={annotator} />
          </span>
        </form>
      )}
      {parts.length === 0 ? (
        <p>
          Nobody has judged a turn of this run yet. Of each trajectory one turn is drawn that the dungeon
          master found right and one that it found wrong, and people or a model say without seeing that what
          they find (section 8 of the paper).
        </p>
      ) : (
        <ReportParts parts={parts} />
      )}
    </Layout>
  );
}
