import { type Episode, type EpisodeTurn, isRepeated, type Trial } from "../evaluation/episode.ts";
import { measuresOf } from "../evaluation/metrics/scores.ts";
import { counted } from "../numbers.ts";
import { isShare, movingMeasure, scoreText } from "../report/score-text.ts";
import type { ShownTurn, TurnMark } from "./dialogue.ts";

/** What was wrong with a turn, and in which words. */
function marksOf(turn: EpisodeTurn, before: EpisodeTurn | undefined): Pick<ShownTurn, "marks" | "notes"> {
  const { malformed, irregular = [], forgotten, actionIsValid } = turn;
  const marks: readonly (readonly [TurnMark, boolean])[] = [
    ["malformed", malformed !== undefined],
    ["not-understood", malformed === undefined && !actionIsValid],
    ["repeated", isRepeated(turn, before)],
    ["irregular", irregular.length > 0],
  ];
  const shortened =
    forgotten === undefined ? [] : [`${counted(forgotten, "oldest turn")} not sent: the context was full`];
  return {
    marks: marks.flatMap(([mark, isSo]) => (isSo ? [mark] : [])),
    notes: [...(malformed === undefined ? [] : [malformed]), ...irregular, ...shortened],
  };
}

/** What the player said: thought and action where they could be read, else the reply as it came. */
function said({ thought, action, reply }: EpisodeTurn): Partial<ShownTurn> {
  const folded = [
    { title: "reasoning", text: reply?.reasoning },
    { title: `the reply as it came (${reply?.finish})`, text: action === null ? undefined : reply?.text },
  ].flatMap(({ title, text }) => (text === undefined ? [] : [{ title, text }]));
  return action === null ? { thought, text: reply?.text ?? "", folded } : { thought, action, folded };
}

/** Which turns of a trial are shown, and what addresses of them begin with. */
interface Shown {
  readonly from?: number;
  readonly most?: number;
  readonly prefix?: string;
}

/** What the addresses of a trial's turns begin with: nothing in an episode of one trial. */
export function trialPrefix(trials: readonly Trial[], place: number): string {
  return trials.length > 1 ? `trial-${place + 1}-` : "";
}

/** A trial's turns for reading: the player's, and after each what the world showed. */
export function episodeDialogue(
  episode: Pick<Episode, "suite" | "scores">,
  { turns }: Pick<Trial, "turns">,
  { from = 0, most = Number.POSITIVE_INFINITY, prefix = "" }: Shown = {},
): readonly ShownTurn[] {
  const measure = movingMeasure(measuresOf([episode]));
  return turns.slice(from, from + most).flatMap((turn, index): readonly ShownTurn[] => {
    const place = from + index;
    const { marks, notes } = marksOf(turn, turns[place - 1]);
    const value = measure === undefined ? undefined : turn.scores[measure.name];
    const isDrawn = measure !== undefined && isShare(measure);
    const graded = measure === undefined || value === undefined || isDrawn;
    const number = place + 1;
    const anchor = `${prefix}turn-${number}`;
    const world = {
      side: "world",
      speaker: "world",
      marks: [],
      notes: graded ? [] : [`${measure.name} ${scoreText(value, measure)}`],
      ...(isDrawn ? { progress: value, measure: measure.name } : {}),
    } as const;
    return [
      { number, anchor, side: "player", speaker: "player", marks, notes, ...said(turn) },
      { number, anchor: `${anchor}-world`, text: turn.observation, ...world },
    ];
  });
}
