import {
  agreementOf,
  beyondChance,
  type Confusion,
  chanceOf,
  confusionOf,
  krippendorffAlpha,
  totalOf,
} from "../annotation/agreement.ts";
import type { Judgements } from "../annotation/judgements.ts";
import { type TurnVerdict, VERDICTS } from "../annotation/verdict.ts";
import { type Estimate, rate } from "../evaluation/metrics/interval.ts";
import { counted } from "../numbers.ts";
import { BLANK, type Part, percent } from "./render.ts";

/** How two agree on the same turns. */
export interface Agreement {
  /** How often one said this and the other that. */
  readonly confusion: Confusion;
  /** The share of turns on which they agree. */
  readonly agreement: Estimate;
  /**
   * Cohen's kappa; undefined where both always say the same. Its interval is the agreement's, beyond the chance that
   * the two have by their shares of right and wrong: exact where one side's are given, as the draw of section 8 gives
   * the dungeon master's, and near elsewhere.
   */
  readonly kappa: Estimate | undefined;
}

/** How an annotator judged what the dungeon master had labelled: a part of Figure 10. */
export interface AnnotatorReliability extends Agreement {
  readonly annotator: string;
  /** Of the turns with each label, the share that the annotator judged alike; undefined where none was judged. */
  readonly byLabel: Readonly<Record<TurnVerdict, Estimate | undefined>>;
}

/** How reliable the dungeon master's labels are (section 8), and how far the annotators agree among themselves. */
export interface Reliability {
  /** Turns that were judged by anybody, and the trajectories that they are of. */
  readonly turns: number;
  readonly trajectories: number;
  /** In `confusion`, the dungeon master comes first. */
  readonly annotators: readonly AnnotatorReliability[];
  /** Each two annotators who judged the same turns. */
  readonly between: readonly (Agreement & { readonly one: string; readonly other: string })[];
  /** Krippendorff's alpha of all annotators; undefined where it says nothing. */
  readonly alpha: number | undefined;
}

/** What two said of one turn. */
interface Compared {
  readonly id: string;
  readonly pair: readonly [TurnVerdict, TurnVerdict];
}

/**
 * The share of turns on which two agree. The turns of one trajectory are not independent, so that a trajectory is one
 * observation; those of which as many turns were judged are a part of their own.
 */
function shareAlike(compared: readonly Compared[]): Estimate {
  const byTrajectory = new Map<string, number[]>();
  for (const { id, pair } of compared)
    byTrajectory.set(id, [...(byTrajectory.get(id) ?? []), pair[0] === pair[1] ? 1 : 0]);
  const bySize = new Map<number, number[]>();
  for (const alike of byTrajectory.values()) {
    const mean = alike.reduce((sum, each) => sum + each, 0) / alike.length;
    bySize.set(alike.length, [...(bySize.get(alike.length) ?? []), mean]);
  }
  return rate(
    [...bySize].map(([size, scores]) => ({ weight: (size * scores.length) / compared.length, scores })),
  );
}

function agreementBetween(compared: readonly Compared[]): Agreement {
  const confusion = confusionOf(compared.map(({ pair }) => pair));
  const agreement = shareAlike(compared);
  const chance = chanceOf(confusion);
  const value = beyondChance(agreementOf(confusion), chance);
  if (value === undefined) return { confusion, agreement, kappa: undefined };
  const limit = (share: number): number => (share - chance) / (1 - chance);
  return { confusion, agreement, kappa: { value, low: limit(agreement.low), high: limit(agreement.high) } };
}

/** The reliability of a run's labels, of what was judged in it. */
export function reliabilityOf({ turns, annotators }: Judgements): Reliability {
  const compare = (
    one: (turn: (typeof turns)[number]) => TurnVerdict | undefined,
    other: string,
  ): readonly Compared[] =>
    turns.flatMap((turn) => {
      const pair = [one(turn), turn.verdicts.get(other)] as const;
      return pair[0] === undefined || pair[1] === undefined
        ? []
        : [{ id: turn.id, pair: [pair[0], pair[1]] }];
    });
  return {
    turns: turns.length,
    trajectories: new Set(turns.map(({ id }) => id)).size,
    annotators: annotators.map((annotator) => {
      const compared = compare(({ label }) => label, annotator);
      const ofLabel = (label: TurnVerdict): Estimate | undefined => {
        const labelled = compared.filter(({ pair }) => pair[0] === label);
        return labelled.length === 0 ? undefined : shareAlike(labelled);
      };
      const byLabel = { right: ofLabel("right"), wrong: ofLabel("wrong") };
      return { annotator, byLabel, ...agreementBetween(compared) };
    }),
    between: annotators.flatMap((one, place) =>
      annotators.slice(place + 1).flatMap((other) => {
        const compared = compare(({ verdicts }) => verdicts.get(one), other);
        return compared.length === 0 ? [] : [{ one, other, ...agreementBetween(compared) }];
      }),
    ),
    alpha: krippendorffAlpha(turns.map(({ verdicts }) => [...verdicts.values()])),
  };
}

const PAPER = "the paper: people, of GPT-4";

/** What the paper prints in Figure 10: GPT-4's labels, and people's verdicts on them. */
export const PAPER_RELIABILITY: Reliability = reliabilityOf({
  annotators: [PAPER],
  skipped: [],
  turns: (
    [
      ["right", "right", 47],
      ["right", "wrong", 3],
      ["wrong", "right", 9],
      ["wrong", "wrong", 41],
    ] as const
  ).flatMap(([label, verdict, count], cell) =>
    Array.from({ length: count }, (_turn, place) => ({
      // Which of the turns are of one trajectory is not printed, so that each counts for itself.
      id: `${cell}-${place}`,
      turn: 1,
      label,
      verdicts: new Map([[PAPER, verdict]]),
    })),
  ),
});

function within({ value, low, high }: Estimate, digits: (each: number) => string): string {
  return `${digits(value)} [${digits(low)}, ${digits(high)}]`;
}

function shareText(estimate: Estimate | undefined): string {
  return estimate === undefined ? BLANK : within(estimate, percent);
}

function kappaText(kappa: Estimate | undefined): string {
  return kappa === undefined ? BLANK : within(kappa, (each) => each.toFixed(2));
}

function annotatorRows(own: AnnotatorReliability): readonly (readonly string[])[] {
  const { annotator, confusion, byLabel, agreement, kappa } = own;
  const said = (verdict: TurnVerdict): string => String(confusion.right[verdict] + confusion.wrong[verdict]);
  return [
    [annotator],
    ...VERDICTS.map((label) => [
      `labelled ${label}`,
      ...VERDICTS.map((verdict) => String(confusion[label][verdict])),
      shareText(byLabel[label]),
    ]),
    ["together", said("right"), said("wrong"), shareText(agreement)],
    ["Cohen's kappa", "", "", kappaText(kappa)],
  ];
}

/** Figure 10 in words and tables: each annotator's confusion table with the paper's, and how annotators agree. */
export function reliabilityParts(reliability: Reliability): readonly Part[] {
  const { turns, trajectories, annotators, between, alpha } = reliability;
  const rows = [...annotators, ...PAPER_RELIABILITY.annotators].flatMap(annotatorRows);
  const several: readonly Part[] =
    between.length === 0
      ? []
      : [
          {
            kind: "table",
            head: ["Annotators", "turns", "alike, %", "Cohen's kappa"],
            rows: between.map(({ one, other, confusion, agreement, kappa }) => [
              `${one}, ${other}`,
              String(totalOf(confusion)),
              shareText(agreement),
              kappaText(kappa),
            ]),
          },
          {
            kind: "text",
            text: `All of them together, Krippendorff's alpha: ${alpha === undefined ? BLANK : alpha.toFixed(2)}.`,
          },
        ];
  return [
    {
      kind: "text",
      text: `Is a turn right, or does it need refinement? The dungeon master's labels and what annotators said who did not see them (section 8, Figure 10): ${counted(turns, "turn")} of ${counted(trajectories, "trajectory", "trajectories")}, shares with 95 % intervals.`,
    },
    { kind: "table", head: ["Dungeon master", "said right", "said wrong", "alike, %"], rows },
    ...several,
  ];
}
