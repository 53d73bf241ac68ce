import { type Episode, type EpisodeTurn, isRepeated, type Trial } from "../evaluation/episode.ts";
import { measuresOf } from "../evaluation/metrics/scores.ts";
import { counted } from "../numbers.ts";
import { isShare, movingMeasure, scoreText } from "../report/score-text.ts";
import type { ShownTurn, TurnMark } from "./dialogue.ts";

/** What was wrong with a turn, and in which words. */
function marksOf(
  turn: EpisodeTurn,
  before: EpisodeTurn | undefined,
): { readonly marks: readonly TurnMark[]; readonly notes: readonly string[] } {
  const { malformed, irregular, forgotten, actionIsValid } = turn;
  const isUnknown = malformed === undefined && !actionIsValid;
  return {
    marks: [
      ...(malformed === undefined ? [] : (["malformed"] as const)),
      ...(isUnknown ? (["not-understood"] as const) : []),
      ...(isRepeated(turn, before) ? (["repeated"] as const) : []),
      ...(irregular === undefined ? [] : (["irregular"] as const)),
    ],
    notes: [
      ...(malformed === undefined ? [] : [malformed]),
      ...(irregular ?? []),
      ...(forgotten === undefined
        ? []
        : [`${counted(forgotten, "oldest turn")} not sent: the context was full`]),
    ],
  };
}

/** What the player said: thought and action where they could be read, else the reply as it came. */
function said({
  thought,
  action,
  reply,
}: EpisodeTurn): Pick<ShownTurn, "thought" | "action" | "text" | "folded"> {
  const read = action === null ? { text: reply?.text ?? "" } : { action };
  const folded = [
    ...(reply?.reasoning === undefined ? [] : [{ title: "reasoning", text: reply.reasoning }]),
    ...(reply === undefined || action === null
      ? []
      : [{ title: `the reply as it came (${reply.finish})`, text: reply.text }]),
  ];
  return {
    ...(thought === undefined ? {} : { thought }),
    ...read,
    ...(folded.length === 0 ? {} : { folded }),
  };
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
    const stands =
      measure === undefined || value === undefined
        ? {}
        : isShare(measure)
          ? { progress: value, measure: measure.name }
          : {};
    const graded =
      measure === undefined || value === undefined || isShare(measure)
        ? []
        : [`${measure.name} ${scoreText(value, measure)}`];
    const number = place + 1;
    const anchor = `${prefix}turn-${number}`;
    const shown = { number, side: "world", speaker: "world", marks: [], notes: graded } as const;
    return [
      { number, anchor, side: "player", speaker: "player", marks, notes, ...said(turn) },
      { ...shown, anchor: `${anchor}-world`, text: turn.observation, ...stands },
    ];
  });
}
