import type { EpisodeEnding } from "../../agent/agent.ts";
import type { Measure } from "../../environment/suite.ts";
import type { Trial } from "../../evaluation/episode.ts";
import { counted, dollars, wholeNumber } from "../../numbers.ts";
import { link } from "../link.ts";
import { AnnotationPanel, TurnJudgement } from "../parts/annotations.tsx";
import { Badge } from "../parts/badge.tsx";
import { Dialogue } from "../parts/dialogue.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/list.tsx";
import { episodesHref } from "../parts/rates.tsx";
import { Folded, Line, Pairs, Prose } from "../parts/text.tsx";
import type { EpisodeView } from "../read-episode.ts";
import { episodeHref, taskName, valueText } from "./episode-list.tsx";

/** How an episode or one of its trials ended, after how many turns, and what it came to. */
export function CameTo(props: {
  readonly ending: EpisodeEnding;
  readonly reason: string | null;
  readonly turns: number;
  readonly scores: Trial["scores"];
  readonly measures: readonly Measure[];
}) {
  const { ending, reason, turns, scores, measures } = props;
  const values = measures.map((measure) => `${measure.name} ${valueText(scores[measure.name], measure)}`);
  return (
    <>
      <Badge end={ending} /> {[counted(turns, "turn"), ...values].join(", ")}
      <Reason reason={reason} />
    </>
  );
}

function Reason({ reason }: { readonly reason: string | null }) {
  if (reason === null) return null;
  return (
    <span class="problem">
      {" "}
      <Line text={reason} />
    </span>
  );
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

function TrialSection({
  view,
  trial,
}: {
  readonly view: EpisodeView;
  readonly trial: EpisodeView["trials"][number];
}) {
  const { trials, measures } = view;
  const { number, told, turns, shown, messages, noted, reflected } = trial;
  return (
    <section>
      {trials.length === 1 ? (
        <h2 class="hidden">Turns</h2>
      ) : (
        <>
          <h2 id={`trial-${number}`}>Trial {number}</h2>
          <p class="sub">
            <CameTo {...trial} measures={measures} />
          </p>
        </>
      )}
      {told === undefined ? null : (
        <Folded title="what the player was told at first">
          <Prose text={told} />
        </Folded>
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
            <Folded title={`what was asked for it: ${counted(reflected.length, "message")}`}>
              <Messages messages={reflected} />
            </Folded>
          )}
        </div>
      )}
      {messages.length === 0 ? null : (
        <Folded title={`the conversation exactly as it was sent: ${counted(messages.length, "message")}`}>
          <Messages messages={messages.slice(0, 2 * shown.length + 2)} />
        </Folded>
      )}
    </section>
  );
}

const ASKED = [
  ["verdict", "Verdicts"],
  ["page", "Pages that the world asked for"],
  ["broken", "Calls that broke"],
] as const;

function Asked({ asked }: Pick<EpisodeView, "asked">) {
  return (
    <>
      {ASKED.map(([kind, title]) => {
        const lines = asked.filter((each) => each.kind === kind);
        if (lines.length === 0) return null;
        return (
          <section>
            <h2>{title}</h2>
            {lines.map(({ name, text, tokens, cost }) => {
              const bought = [
                ...(tokens === 0 ? [] : [counted(tokens, "token")]),
                ...(cost ? [dollars(cost)] : []),
              ];
              const heading = (
                <>
                  <Line text={name} /> <span class="soft">{bought.join(" ")}</span>
                </>
              );
              return (
                <Folded title={heading} isOpen={kind !== "page"}>
                  <Prose text={text} />
                </Folded>
              );
            })}
          </section>
        );
      })}
    </>
  );
}

/** Other episodes of the task, each with how it ended. */
function Others(props: {
  readonly title: string;
  readonly episodes: readonly {
    readonly name: string;
    readonly href?: string | undefined;
    readonly ending: EpisodeEnding;
  }[];
}) {
  if (props.episodes.length === 0) return null;
  return (
    <>
      <h2>{props.title}</h2>
      <ul>
        {props.episodes.map(({ name, href, ending }) => (
          <li>
            <Line text={name} href={href} /> <Badge end={ending} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Facts({ view }: { readonly view: EpisodeView }) {
  const { key, result, measures, attempts, elsewhere, number } = view;
  const { usage, cost } = result;
  const counts: readonly (readonly [string, number])[] = [
    ["in all", result.turns],
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
      <Pairs pairs={measures.map((each) => [each.name, valueText(result.scores[each.name], each)])} />
      <h2>Turns</h2>
      <Pairs
        pairs={counts.flatMap(([name, count], place) =>
          count === 0 && place > 1 ? [] : [[name, wholeNumber(count)]],
        )}
      />
      {kinds.length === 0 ? null : (
        <ul>
          {kinds.map(([kind, count]) => (
            <li>
              <Line text={`${wholeNumber(count)} ${kind}`} />
            </li>
          ))}
        </ul>
      )}
      {usage.promptTokens + usage.completionTokens === 0 ? null : (
        <>
          <h2>Bought</h2>
          <Pairs
            pairs={[
              ["prompt", counted(usage.promptTokens, "token")],
              ["cached", `${wholeNumber(usage.cachedTokens)} of them`],
              ["completion", counted(usage.completionTokens, "token")],
              ["cost", cost === null ? "unknown" : dollars(cost)],
            ]}
          />
        </>
      )}
      <Others
        title="Attempts"
        episodes={(attempts.length < 2 ? [] : attempts).map((each) => ({
          name: `attempt ${each.attempt + 1}`,
          href: each.number === number ? undefined : episodeHref(key, each.number),
          ending: each.ending,
        }))}
      />
      <Others
        title="Side by side with"
        episodes={elsewhere.map(({ key: other, shown, ending }) => ({
          name: shown,
          href: link(["evaluation", key, "beside", String(number)], { with: other }),
          ending,
        }))}
      />
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
        <Badge end={result.ending} /> <Line text={player} />, <Line text={result.group} />
        {result.difficulty === null ? null : `, ${result.difficulty}`}
        <Reason reason={result.reason} />
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
