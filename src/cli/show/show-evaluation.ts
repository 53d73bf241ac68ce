import stringWidth from "string-width";
import type { ShowFlags } from "../../config/flags.ts";
import { type Episode, isRepeated, keyText } from "../../evaluation/episode.ts";
import { type EpisodeResult, readResults } from "../../evaluation/episode-result.ts";
import { findEpisode } from "../../evaluation/find-episode.ts";
import { measuresOf } from "../../evaluation/metrics/scores.ts";
import { counted } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { isShare, movingMeasure, scoreText } from "../../report/score-text.ts";
import type { Host } from "../terminal/host.ts";
import { type Alignment, tableLines } from "../terminal/table.ts";
import { paintFor, type Style, tell } from "../terminal/text.ts";
import { annotatedOnly, moreWords, pageOf } from "./list-run.ts";
import { annotationLines, type Page, pageFor } from "./show-record.ts";

const COLUMNS = ["no.", "ending", "score", "turns", "malformed", "repeated", "suite", "task"];
const ALIGNMENT: readonly Alignment[] = ["right", "left", "right", "right", "right", "right", "left", "left"];

function endingStyle(ending: EpisodeResult["ending"]): Style {
  if (ending === "success") return "green";
  return ending === "model-failed" || ending === "world-failed" ? "red" : "yellow";
}

/** What is shown of how far an episode has come: the measure that moves in each turn, where one does. */
function scored(
  episode: Pick<Episode, "suite" | "scores">,
  { scores }: Pick<Episode, "scores"> = episode,
): string {
  const measure = movingMeasure(measuresOf([episode]));
  if (measure === undefined) return "";
  const text = scoreText(scores[measure.name], measure);
  return isShare(measure) ? `${measure.name} ${text} %` : `${measure.name} ${text}`;
}

/** Lists the finished episodes of an evaluation on stdout, a page of them. */
async function listEpisodes(directory: string, flags: ShowFlags, host: Host): Promise<void> {
  const { stdout, stderr, env } = host;
  const takes = await annotatedOnly(directory, flags, host);
  const results = await readResults(directory);
  const all = [...results.values()].map((result, place) => ({ number: place + 1, ...result }));
  const matching = all.filter(
    (each) => (flags.ending === undefined || each.ending === flags.ending) && takes(keyText(each)),
  );
  const rows = pageOf(matching, flags);
  if (flags.json === true) stdout.write(`${JSON.stringify(rows)}\n`);
  else if (rows.length > 0) {
    const cells = rows.map((row) => [
      String(row.number),
      row.ending,
      scored(row),
      ...[row.turns, row.formatErrors, row.repeatedActions].map(String),
      row.suite,
      printableLine(row.attempt === 0 ? row.task : `${row.task} (attempt ${row.attempt + 1})`),
    ]);
    const paint = paintFor(stdout, env);
    const [head = "", ...lines] = tableLines([COLUMNS, ...cells], ALIGNMENT);
    const [, ...withoutTasks] = tableLines(
      [COLUMNS, ...cells].map((row) => row.slice(0, -1)),
      ALIGNMENT.slice(0, -1),
    );
    const shown = lines.flatMap((line, place) => {
      const { ending = "stopped" } = rows[place] ?? {};
      // A name is what tells a task from others and what `show` takes: it is whole, where need be on a line of its own.
      const isShort = !stdout.isTTY || stringWidth(line) <= stdout.columns;
      const [row = "", ...name] = isShort
        ? [line]
        : [withoutTasks[place] ?? "", `    ${cells[place]?.at(-1)}`];
      return [row.replace(ending, () => paint(endingStyle(ending), ending)), ...name];
    });
    stdout.write(`${[paint("bold", head), ...shown].join("\n")}\n`);
  }
  await stdout.drained();
  if (rows.length === 0) tell(stderr, "No episode to show: none has ended in that way yet.");
  const more = moreWords(matching.length, rows.length, flags);
  if (more !== undefined) tell(stderr, more);
}

type Turn = Episode["trials"][number]["turns"][number];

/** A turn with its number from 1. */
interface NumberedTurn {
  readonly turn: Turn;
  readonly number: number;
  readonly before: Turn | undefined;
}

function turnLines({ turn, number, before }: NumberedTurn, episode: Episode, page: Page): readonly string[] {
  const { action, malformed, thought, observation, reply } = turn;
  const marks = [
    ...(malformed === undefined ? [] : [`MALFORMED (${malformed})`]),
    ...(turn.irregular === undefined ? [] : [`irregular (${turn.irregular.join(", ")})`]),
    ...(malformed === undefined && !turn.actionIsValid ? ["not understood"] : []),
    ...(isRepeated(turn, before) ? ["repeated"] : []),
    ...(turn.forgotten === undefined ? [] : [`${counted(turn.forgotten, "oldest turn")} left out`]),
  ];
  const head = `Turn ${number}: ${scored(episode, turn)}${marks.map((mark) => `; ${mark}`).join("")}`;
  const { lines, paint, heading } = page;
  const painted = (style: Style, text: string): readonly string[] =>
    lines(text, 2).map((line) => paint(style, line));
  return [
    "",
    ...(marks.length > 0
      ? lines(head).map((line) => paint(malformed === undefined ? "yellow" : "red", line))
      : heading(head)),
    ...(malformed === undefined ? [] : painted("red", reply?.text ?? "")),
    ...(thought === undefined ? [] : painted("dim", `Thought: ${thought}`)),
    ...(action === null ? [] : painted("green", `Action: ${action}`)),
    ...painted("cyan", `Observation: ${observation}`),
  ];
}

/** What an agent was told that has no conversation. */
function startLines(
  { goal, observation }: NonNullable<Episode["trials"][number]["start"]>,
  { heading, lines, paint }: Page,
): readonly string[] {
  const shown = lines(`Observation: ${observation}`, 2).map((line) => paint("cyan", line));
  return ["", ...heading("Goal"), ...lines(goal, 2), "", ...heading("At the start"), ...shown];
}

/** An episode as a dialogue: what the player was told, then each turn with what it came to. */
function episodeLines(episode: Episode, page: Page): readonly string[] {
  const { suite, task, ending, reason, trials } = episode;
  const because = reason === null ? "" : `: ${reason}`;
  const head = `${suite}, ${task}: ${ending}${because}, ${scored(episode)}`;
  return [
    ...page.heading(head),
    ...trials.flatMap(({ messages, start, turns, reflection }, place) => [
      ...(trials.length > 1 ? ["", ...page.heading(`Trial ${place + 1}`)] : []),
      ...messages
        .slice(0, 1)
        .flatMap(({ content }) => ["", ...page.heading("The player is told"), ...page.lines(content, 2)]),
      ...(start === undefined ? [] : startLines(start, page)),
      ...turns.flatMap((turn, number) =>
        turnLines({ turn, number: number + 1, before: turns[number - 1] }, episode, page),
      ),
      ...(reflection === undefined
        ? []
        : ["", ...page.heading("Noted for the next trial"), ...page.lines(reflection.reply.text, 2)]),
    ]),
  ];
}

/** The episodes of an evaluation, or one of them in full. */
export async function showEvaluation(
  directory: string,
  id: string | undefined,
  flags: ShowFlags,
  host: Host,
): Promise<void> {
  if (id === undefined) return listEpisodes(directory, flags, host);
  const episode = await findEpisode(directory, id, flags.attempt);
  const text =
    flags.json === true
      ? JSON.stringify(episode)
      : [
          ...episodeLines(episode, pageFor(host)),
          ...(await annotationLines(directory, keyText(episode), host)),
        ].join("\n");
  host.stdout.write(`${text}\n`);
  await host.stdout.drained();
}
