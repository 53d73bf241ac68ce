import { AgentRefineError } from "../../errors.ts";
import { type Episode, hasFailed, isRepeated, readEpisodes } from "../../evaluation/episode.ts";

/** An evaluation and what it is called. */
interface NamedEvaluation {
  readonly name: string;
  readonly directory: string;
}

function keyOf({ suite, task }: Pick<Episode, "suite" | "task">): string {
  return JSON.stringify([suite, task]);
}

/** First attempts that were played to an end of their own, by suite and task: what `keep` makes of each. */
async function playedEpisodes<Kept>({ name, directory }: NamedEvaluation, keep: (episode: Episode) => Kept) {
  const found = new Map<string, Kept>();
  for await (const episode of readEpisodes(directory))
    if (episode.attempt === 0 && !hasFailed(episode)) found.set(keyOf(episode), keep(episode));
  if (found.size > 0) return found;
  throw new AgentRefineError(`no episode of ${name} has ended`, {
    fix: "Give the folder of an evaluation of which some have.",
  });
}

/** What tells episodes apart enough to choose among them; the texts are read when they are chosen. */
function outline({ suite, scores, trials }: Episode) {
  const turns = trials.at(-1)?.turns ?? [];
  const repeated = turns.filter((turn, place) => isRepeated(turn, turns[place - 1])).length;
  return { suite, progress: progressOf(scores) ?? 0, repeated };
}

type Outlines = ReadonlyMap<string, ReturnType<typeof outline>>;

/** What an episode came to: its suite's progress, else its first measure. */
export function progressOf(scores: Episode["scores"]): number | undefined {
  return scores.progress ?? Object.values(scores)[0];
}

/** Of each suite the task that tells the two apart most: by progress, then by how much more one repeats itself. */
function mostTelling(first: Outlines, second: Outlines): ReadonlySet<string> {
  const best = new Map<string, { readonly key: string; readonly gap: number }>();
  for (const [key, one] of first) {
    const other = second.get(key);
    if (other === undefined) continue;
    // Turns are a tie-break: a thousand of them weigh as much as one point of progress.
    const gap = Math.abs(one.progress - other.progress) + Math.abs(one.repeated - other.repeated) / 1000;
    if (gap > (best.get(one.suite)?.gap ?? -1)) best.set(one.suite, { key, gap });
  }
  return new Set([...best.values()].map(({ key }) => key));
}

/**
 * Figure 9: how two evaluations played the same task. Of every suite that both played, the task in which their progress
 * differs most. First attempts only; memory holds no more texts than those shown. Rejects with an AgentRefineError when
 * one is no evaluation.
 */
export async function caseStudies(both: readonly [NamedEvaluation, NamedEvaluation]) {
  const [first, second] = both;
  const outlines = [await playedEpisodes(first, outline), await playedEpisodes(second, outline)] as const;
  const keys = mostTelling(...outlines);
  const texts = (episode: Episode): Episode | undefined => (keys.has(keyOf(episode)) ? episode : undefined);
  const [ours, theirs] = [await playedEpisodes(first, texts), await playedEpisodes(second, texts)];
  return [...keys].flatMap((key) => {
    const [one, other] = [ours.get(key), theirs.get(key)];
    return one === undefined || other === undefined ? [] : [[one, other] as const];
  });
}
