import { AgentRefineError } from "../errors.ts";
import { randomFor, rankOf } from "../random.ts";
import type { LinePlace } from "../runs/journal-bytes.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { indexSyntheses, recordsAt, storedTrajectory } from "../synthesis/read-run.ts";
import { isErrorTurn, type Turn } from "../trajectory/trajectory.ts";
import type { TurnVerdict } from "./verdict.ts";

/** How many trajectories are drawn, and by which seed. */
export interface DrawSettings {
  /** 50 in the paper. */
  readonly sample: number;
  readonly seed: number;
}

/** A player's turn that an annotator is to judge. */
export interface DrawnTurn {
  /** The id of its trajectory. */
  readonly id: string;
  readonly turn: number;
}

/** A run whose accepted trajectories are known: where their records stand. */
export interface AcceptedRun {
  readonly folder: RunFolder;
  readonly accepted: readonly (LinePlace & { readonly id: string })[];
}

/** Looks through a run once for what was accepted. */
export async function acceptedIn(folder: RunFolder): Promise<AcceptedRun> {
  const ended = await indexSyntheses(folder.paths);
  return { folder, accepted: ended.filter(({ outcome }) => outcome === "accepted") };
}

/** What was drawn. */
export interface Draw {
  /** Two turns of each trajectory, in the order in which they are asked. */
  readonly turns: readonly DrawnTurn[];
  /** Trajectories that were drawn: fewer than were asked for when there are no more. */
  readonly trajectories: number;
}

/**
 * What the dungeon master says of a player's turn: wrong when it flags it. Undefined for a turn that it did not judge.
 */
export function labelOf(turns: readonly Turn[], turn: number): TurnVerdict | undefined {
  if (turns[turn]?.role !== "Player" || turns[turn + 1]?.role !== "DM") return undefined;
  return isErrorTurn(turns, turn) ? "wrong" : "right";
}

/** One right and one wrong turn of a trajectory, the earlier first; none when it does not have both. */
function pairOf(id: string, turns: readonly Turn[], seed: number): readonly DrawnTurn[] {
  const random = randomFor(seed, id, "judged-turns");
  const labelled = (verdict: TurnVerdict): readonly number[] =>
    turns.flatMap((_turn, number) => (labelOf(turns, number) === verdict ? [number] : []));
  const [right, wrong] = [labelled("right"), labelled("wrong")];
  if (right.length === 0 || wrong.length === 0) return [];
  return [random.pick(right), random.pick(wrong)].sort((a, b) => a - b).map((turn) => ({ id, turn }));
}

/**
 * The order in which turns are asked: shuffled, so that the answer to a turn does not give away that of the other one
 * of its trajectory, whose history shows what came of it; the earlier one goes first, for the same reason.
 */
function inOrder(pairs: readonly (readonly DrawnTurn[])[], seed: number): readonly DrawnTurn[] {
  const places = randomFor(seed, "judged-turns", "order").shuffle(
    pairs.flatMap((pair, place) => pair.map(() => place)),
  );
  const asked = new Map<number, number>();
  return places.flatMap((place) => {
    const next = asked.get(place) ?? 0;
    asked.set(place, next + 1);
    return pairs[place]?.[next] ?? [];
  });
}

/**
 * Draws the turns of section 8: of `sample` accepted trajectories of a run, one turn that the dungeon master found
 * right and one that it found wrong. Each trajectory's turns depend on the seed and its id alone, and a smaller sample
 * is a part of a larger one.
 *
 * @throws AgentRefineError when no trajectory has both
 */
export async function drawTurns(
  { folder, accepted }: AcceptedRun,
  { sample, seed }: DrawSettings,
): Promise<Draw> {
  const ranked = accepted
    .map((place) => ({ place, rank: rankOf(seed, "judged-trajectories", place.id) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ place }) => place);
  const pairs: (readonly DrawnTurn[])[] = [];
  if (ranked.length > 0) {
    for await (const record of recordsAt(folder.paths, ranked)) {
      const pair = pairOf(record.id, storedTrajectory(record)?.turns ?? [], seed);
      if (pair.length > 0) pairs.push(pair);
      if (pairs.length === sample) break;
    }
  }
  if (pairs.length === 0) {
    throw new AgentRefineError(
      `${folder.directory} has no accepted trajectory with a right and a wrong turn`,
      {
        fix: "Section 8 judges refinement data: generate with errors, and wait for the first to be accepted.",
      },
    );
  }
  return { turns: inOrder(pairs, seed), trajectories: pairs.length };
}
