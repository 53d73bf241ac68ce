import type { Measure } from "../../environment/suite.ts";
import type { EpisodeEnding } from "../../evaluation/endings.ts";
import type { Trial } from "../../evaluation/episode.ts";
import type { EpisodeResult } from "../../evaluation/episode-result.ts";
import type { Usage } from "../../model/chat-model.ts";
import { counted, dollars, wholeNumber } from "../../numbers.ts";
import type { ShownTurn } from "../dialogue.ts";
import { link, type Query } from "../link.ts";
import { AnnotationPanel, TurnJudgement } from "../parts/annotations.tsx";
import { Dialogue } from "../parts/dialogue.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/pager.tsx";
import { episodesHref } from "../parts/rates.tsx";
import { Line, Prose } from "../parts/text.tsx";
import type { AnnotationsView } from "../read-annotations.ts";
import { EndingBadge, episodeHref, taskName, valueText } from "./episode-list.tsx";

/** What was asked in an episode beside the player's replies: a judge's verdict, a page, a call that broke. */
export interface AskedBeside {
  readonly kind: "verdict" | "page" | "broken";
  /** The judge, the world's key of the page, or the call. */
  readonly name: string;
  readonly text: string;
  readonly usage?: Usage;
  readonly cost?: number;
}

/** One way through the task. */
export interface TrialView {
  readonly number: number;
  /** Turns of the trials before it: what is said of a turn counts through all trials. */
  readonly before: number;
  /** What the player was told at first. */
  readonly told: string | undefined;
  /** How many turns it has; `shown` are those of this page. */
  readonly turns: number;
  readonly shown: readonly ShownTurn[];
  /** The conversation exactly as it was sent. */
  readonly messages: Trial["messages"];
  readonly ending: EpisodeEnding;
  readonly reason: string | null;
  readonly scores: Trial["scores"];
  /** What was noted for the next trial, and what was asked for it (Reflexion). */
  readonly noted?: string;
  readonly reflected?: Trial["messages"];
}

/** An episode, as a page shows it. */
export interface EpisodeView {
  readonly key: string;
  readonly shown: string;
  readonly player: string;
  readonly number: number;
  readonly result: EpisodeResult;
  readonly measures: readonly Measure[];
  readonly trials: readonly TrialView[];
  /** Of the turns, from 1. */
  readonly page: number;
  readonly pages: number;
  readonly asked: readonly AskedBeside[];
  /** The attempts at the same task, this one among them. */
  readonly attempts: readonly {
    readonly number: number;
    readonly attempt: number;
    readonly ending: EpisodeEnding;
  }[];
  /** Other evaluations that have played the task. */
  readonly elsewhere: readonly {
    readonly key: string;
    readonly shown: string;
    readonly ending: EpisodeEnding;
  }[];
  readonly annotations: AnnotationsView;
  /** What of the list is kept in addresses, and the numbers before and behind this one in it. */
  readonly query: Query;
  readonly previous?: number;
  readonly next?: number;
}

/** The messages of a conversation as they were sent. */
function Messages({ messages }: { readonly messages: Trial["messages"] }) {
  return (
    <ol class="messages">
      {messages.map(({ role, content }) => (
        <li>
          <h4>{role}</h4>
          <pre class="exact">
            <Prose text={content} />
          </pre>
        </li>
      ))}
    </ol>
  );
}

function TrialSection({ view, trial }: { readonly view: EpisodeView; readonly trial: TrialView }) {
  const { trials, measures } = view;
  const { number, told, turns, shown, messages, ending, reason, scores, noted, reflected } = trial;
  return (
    <section>
      {trials.length === 1 ? (
        <h2 class="hidden">Turns</h2>
      ) : (
        <>
          <h2 id={`trial-${number}`}>Trial {number}</h2>
          <p class="sub">
            <EndingBadge ending={ending} /> after {counted(turns, "turn")}
            {measures.map((measure) => `, ${measure.name} ${valueText(scores[measure.name], measure)}`)}
            {reason === null ? null : (
              <span class="problem">
                {" "}
                <Line text={reason} />
              </span>
            )}
          </p>
        </>
      )}
      {told === undefined ? null : (
        <details>
          <summary>what the player was told at first</summary>
          <Prose text={told} />
        </details>
      )}
      {turns === 0 ? (
        <p class="soft">No turn was played.</p>
      ) : (
        <Dialogue
          turns={shown}
          beneath={({ side, number: turn }) =>
            side === "world" ? null : <TurnJudgement view={view.annotations} turn={trial.before + turn} />
          }
        />
      )}
      {noted === undefined ? null : (
        <div class="reflection">
          <h3>Noted for the next trial</h3>
          <Prose text={noted} />
          {reflected === undefined ? null : (
            <details>
              <summary>what was asked for it: {counted(reflected.length, "message")}</summary>
              <Messages messages={reflected} />
            </details>
          )}
        </div>
      )}
      {messages.length === 0 ? null : (
        <details>
          <summary>the conversation exactly as it was sent: {counted(messages.length, "message")}</summary>
          <Messages messages={messages.slice(0, 2 * shown.length + 2)} />
        </details>
      )}
    </section>
  );
}

const ASKED: Readonly<Record<AskedBeside["kind"], string>> = {
  verdict: "Verdicts",
  page: "Pages that the world asked for",
  broken: "Calls that broke",
};

function Asked({ asked }: { readonly asked: readonly AskedBeside[] }) {
  return (
    <>
      {(["verdict", "page", "broken"] as const).map((kind) => {
        const lines = asked.filter((each) => each.kind === kind);
        if (lines.length === 0) return null;
        return (
          <section>
            <h2>{ASKED[kind]}</h2>
            {lines.map(({ name, text, usage, cost }) => (
              <details open={kind !== "page"}>
                <summary>
                  <Line text={name} />
                  {usage === undefined ? null : (
                    <span class="soft">
                      {" "}
                      {wholeNumber(usage.promptTokens + usage.completionTokens)} tokens
                    </span>
                  )}
                  {cost === undefined || cost === 0 ? null : <span class="soft"> {dollars(cost)}</span>}
                </summary>
                <Prose text={text} />
              </details>
            ))}
          </section>
        );
      })}
    </>
  );
}

function Facts({ view }: { readonly view: EpisodeView }) {
  const { key, result, measures, attempts, elsewhere, number } = view;
  const { usage, cost } = result;
  const counts: readonly (readonly [string, number])[] = [
    ["understood", result.validActions],
    ["malformed", result.formatErrors],
    ["repeated", result.repeatedActions],
    ["irregular", result.irregularTurns],
    ["with a full context", result.shortenedTurns],
  ];
  const kinds = [...Object.entries(result.malformed), ...Object.entries(result.irregular)];
  return (
    <aside>
      <h2>Scores</h2>
      <dl class="pairs">
        {measures.map((measure) => (
          <>
            <dt>{measure.name}</dt>
            <dd>{valueText(result.scores[measure.name], measure)}</dd>
          </>
        ))}
      </dl>
      <h2>Turns</h2>
      <dl class="pairs">
        <dt>in all</dt>
        <dd>{wholeNumber(result.turns)}</dd>
        {counts.map(([name, count], place) =>
          count === 0 && place > 0 ? null : (
            <>
              <dt>{name}</dt>
              <dd>{wholeNumber(count)}</dd>
            </>
          ),
        )}
      </dl>
      {kinds.length === 0 ? null : (
        <ul>
          {kinds.map(([kind, count]) => (
            <li>
              {wholeNumber(count)} <Line text={kind} />
            </li>
          ))}
        </ul>
      )}
      {usage.promptTokens + usage.completionTokens === 0 ? null : (
        <>
          <h2>Bought</h2>
          <dl class="pairs">
            <dt>prompt</dt>
            <dd>{wholeNumber(usage.promptTokens)} tokens</dd>
            <dt>cached</dt>
            <dd>{wholeNumber(usage.cachedTokens)} of them</dd>
            <dt>completion</dt>
            <dd>{wholeNumber(usage.completionTokens)} tokens</dd>
            <dt>cost</dt>
            <dd>{cost === null ? "unknown" : dollars(cost)}</dd>
          </dl>
        </>
      )}
      {attempts.length < 2 ? null : (
        <>
          <h2>Attempts</h2>
          <ul>
            {attempts.map((each) => (
              <li>
                {each.number === number ? (
                  <b>attempt {each.attempt + 1}</b>
                ) : (
                  <a href={episodeHref(key, each.number)}>attempt {each.attempt + 1}</a>
                )}{" "}
                <EndingBadge ending={each.ending} />
              </li>
            ))}
          </ul>
        </>
      )}
      {elsewhere.length === 0 ? null : (
        <>
          <h2>Side by side with</h2>
          <ul>
            {elsewhere.map((each) => (
              <li>
                <a href={link(["evaluation", key, "beside", String(number)], { with: each.key })}>
                  <Line text={each.shown} />
                </a>{" "}
                <EndingBadge ending={each.ending} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Asked asked={view.asked} />
    </aside>
  );
}

/** An episode as a dialogue, with what it came to beside it. */
export function EpisodePage({ view }: { readonly view: EpisodeView }) {
  const { key, shown, player, number, result, trials, query, previous, next, page, pages } = view;
  const href = (to: number | undefined): string | undefined =>
    to === undefined ? undefined : episodeHref(key, to, query);
  return (
    <Layout
      title={[`${result.suite}: ${taskName(result)}`, `no. ${number}`, shown]}
      crumbs={[
        { text: shown, href: link(["evaluation", key]) },
        { text: "episodes", href: episodesHref(key, query) },
        { text: `no. ${number}` },
      ]}
      previous={href(previous)}
      next={href(next)}
    >
      <h1>
        <Line text={`${result.suite}: ${taskName(result)}`} />
      </h1>
      <p class="sub">
        <EndingBadge ending={result.ending} /> <Line text={player} />, <Line text={result.group} />
        {result.difficulty === null ? null : `, ${result.difficulty}`}
        {result.reason === null ? null : (
          <span class="problem">
            {" "}
            <Line text={result.reason} />
          </span>
        )}
      </p>
      <AnnotationPanel view={view.annotations} />
      <div class="reader">
        <div>
          {pages < 2 ? null : (
            <Pager
              page={page}
              size={1}
              total={pages}
              things="pages of turns"
              href={(to) => episodeHref(key, number, { ...query, turns: to })}
            />
          )}
          {trials.map((trial) => (
            <TrialSection view={view} trial={trial} />
          ))}
        </div>
        <Facts view={view} />
      </div>
    </Layout>
  );
}
