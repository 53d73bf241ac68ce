import { recordsAt, storedTrajectory } from "../synthesis/read-run.ts";
import type { Turn } from "../trajectory/trajectory.ts";
import { type Annotator, annotatorKey, type TurnAnnotation } from "./annotation.ts";
import { type Annotations, readAnnotations, type SkippedLine } from "./annotation-file.ts";
import { type AcceptedRun, type DrawnTurn, labelOf } from "./draw.ts";
import type { TurnVerdict } from "./verdict.ts";

/** A turn that was judged by section 8's rules: what the dungeon master says of it, and what annotators say. */
export interface Judgement extends DrawnTurn {
  readonly label: TurnVerdict;
  /** By annotator; see {@link annotatorKey}. */
  readonly verdicts: ReadonlyMap<string, TurnVerdict>;
}

/** All that was judged in a run. */
export interface Judgements {
  readonly turns: readonly Judgement[];
  /** Who judged, people before models, by name. */
  readonly annotators: readonly string[];
  /** Lines of the file that could not be read. */
  readonly skipped: readonly SkippedLine[];
}

/** The blind verdicts on one trajectory. */
function blindVerdicts(
  { of }: Annotations,
  id: string,
): readonly (TurnAnnotation & { readonly verdict: TurnVerdict })[] {
  return (of.get(id) ?? []).flatMap((annotation) => {
    if (annotation.kind !== "turn" || annotation.blind !== true) return [];
    const { verdict } = annotation;
    return verdict === null ? [] : [{ ...annotation, verdict }];
  });
}

/** The blind verdict of one annotator on a turn; undefined when there is none. */
export function blindVerdict(
  annotations: Annotations,
  annotator: Annotator,
  { id, turn }: DrawnTurn,
): TurnVerdict | undefined {
  const key = annotatorKey(annotator);
  return blindVerdicts(annotations, id).find((each) => each.turn === turn && annotatorKey(each) === key)
    ?.verdict;
}

/** What was said of one trajectory, by turn. */
function judgementsOf(
  id: string,
  turns: readonly Turn[],
  said: ReturnType<typeof blindVerdicts>,
): readonly Judgement[] {
  const byTurn = new Map<number, Map<string, TurnVerdict>>();
  for (const { turn, verdict, ...annotator } of said)
    byTurn.set(turn, (byTurn.get(turn) ?? new Map()).set(annotatorKey(annotator), verdict));
  return [...byTurn]
    .sort(([one], [other]) => one - other)
    .flatMap(([turn, verdicts]) => {
      const label = labelOf(turns, turn);
      return label === undefined ? [] : [{ id, turn, label, verdicts }];
    });
}

/**
 * Reads what was judged blind in a run, by any draw, and sets the dungeon master's flags beside it. A verdict on what
 * is no turn of an accepted trajectory is left out.
 */
export async function readJudgements({ folder, accepted }: AcceptedRun): Promise<Judgements> {
  const annotations = await readAnnotations(folder.directory);
  const said = new Map([...annotations.of.keys()].map((id) => [id, blindVerdicts(annotations, id)] as const));
  const places = accepted.filter(({ id }) => (said.get(id) ?? []).length > 0);
  const turns: Judgement[] = [];
  for await (const record of places.length === 0 ? [] : recordsAt(folder.paths, places)) {
    const trajectory = storedTrajectory(record)?.turns ?? [];
    turns.push(...judgementsOf(record.id, trajectory, said.get(record.id) ?? []));
  }
  const models = new Set([...said.values()].flat().flatMap((each) => (each.judge ? annotatorKey(each) : [])));
  const annotators = [...new Set(turns.flatMap(({ verdicts }) => [...verdicts.keys()]))].sort(
    (one, other) => Number(models.has(one)) - Number(models.has(other)) || (one < other ? -1 : 1),
  );
  return { turns, annotators, skipped: annotations.skipped };
}
