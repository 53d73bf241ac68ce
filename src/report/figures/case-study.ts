import { AgentRefineError } from "../../errors.ts";
import type { EpisodeEnding } from "../../agent/endings.ts";
import { type Episode, hasFailed, isRepeated, readEpisodes } from "../../evaluation/episode.ts";

/** A turn of an episode as a case study shows it. */
export interface CaseTurn {
  readonly thought: string | undefined;
  /** Null when the reply held none. */
  readonly action: string | null;
  readonly observation: string;
  /** The action was understood and possible. */
  readonly isValid: boolean;
  /** It did what the turn before had done and was shown the same again (section 7's loops). */
  readonly isRepeated: boolean;
  /** What the suite's first measure but success stands at, from 0 to 1 in AgentBoard's suites. */
  readonly progress: number | undefined;
}

/** How one evaluation played a task. */
export interface CaseEpisode {
  readonly evaluation: string;
  readonly ending: EpisodeEnding;
  readonly progress: number | undefined;
  /** Of the last trial, where there are several. */
  readonly turns: readonly CaseTurn[];
}

/** Figure 9: one task as two evaluations played it. */
export interface CaseStudy {
  readonly suite: string;
  readonly task: string;
  readonly group: string;
  readonly episodes: readonly [CaseEpisode, CaseEpisode];
}

/** An evaluation and what it is called. */
interface NamedEvaluation {
  readonly name: string;
  readonly directory: string;
}

/** What tells episodes apart enough to choose among them; the texts are read when they are chosen. */
interface Played {
  readonly suite: string;
  readonly task: string;
  readonly progress: number;
  readonly repeated: number;
}

function progressOf(scores: Episode["scores"]): number | undefined {
  return scores.progress ?? Object.values(scores)[0];
}

function keyOf({ suite, task }: Pick<Episode, "suite" | "task">): string {
  return JSON.stringify([suite, task]);
}

/** First attempts that were played to an end of their own. */
async function* playedEpisodes({ directory }: NamedEvaluation): AsyncGenerator<Episode> {
  for await (const episode of readEpisodes(directory))
    if (episode.attempt === 0 && !hasFailed(episode)) yield episode;
}

function repeatedIn({ trials }: Episode): number {
  const turns = trials.at(-1)?.turns ?? [];
  return turns.filter((turn, place) => isRepeated(turn, turns[place - 1])).length;
}

async function outlines(evaluation: NamedEvaluation): Promise<ReadonlyMap<string, Played>> {
  const found = new Map<string, Played>();
  for await (const episode of playedEpisodes(evaluation)) {
    const { suite, task, scores } = episode;
    found.set(keyOf(episode), {
      suite,
      task,
      progress: progressOf(scores) ?? 0,
      repeated: repeatedIn(episode),
    });
  }
  if (found.size > 0) return found;
  throw new AgentRefineError(`no episode of ${evaluation.name} has ended`, {
    fix: "Give the folder of an evaluation of which some have.",
  });
}

/** Of each suite the task that tells the two apart most: by progress, then by how much more one repeats itself. */
function mostTelling(
  first: ReadonlyMap<string, Played>,
  second: ReadonlyMap<string, Played>,
): ReadonlySet<string> {
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

function caseEpisode(name: string, { trials, ending, scores }: Episode): CaseEpisode {
  const turns = trials.at(-1)?.turns ?? [];
  return {
    evaluation: name,
    ending,
    progress: progressOf(scores),
    turns: turns.map((turn, place) => ({
      thought: turn.thought,
      action: turn.action,
      observation: turn.observation,
      isValid: turn.actionIsValid,
      isRepeated: isRepeated(turn, turns[place - 1]),
      progress: progressOf(turn.scores),
    })),
  };
}

async function episodesOf(
  evaluation: NamedEvaluation,
  keys: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Episode>> {
  const found = new Map<string, Episode>();
  for await (const episode of playedEpisodes(evaluation)) {
    const key = keyOf(episode);
    if (keys.has(key)) found.set(key, episode);
  }
  return found;
}

/**
 * Figure 9: how two evaluations played the same task, turn by turn. Of every suite that both played one task: the one
 * that is asked for, else that in which their progress differs most. First attempts only; memory holds no more texts
 * than those shown. Rejects with an AgentRefineError when one is no evaluation or a task was not played by both.
 *
 * @param task the id of a task
 */
export async function caseStudies(
  [first, second]: readonly [NamedEvaluation, NamedEvaluation],
  task?: string,
): Promise<readonly CaseStudy[]> {
  const [one, other] = [await outlines(first), await outlines(second)];
  const asked = [...one.values()].filter((each) => each.task === task).map(keyOf);
  const keys = task === undefined ? mostTelling(one, other) : new Set(asked.filter((key) => other.has(key)));
  if (task !== undefined && keys.size === 0) {
    throw new AgentRefineError(`${first.name} and ${second.name} have not both played a task ${task}`, {
      fix: "Take a task's id from their episodes.",
    });
  }
  const [left, right] = [await episodesOf(first, keys), await episodesOf(second, keys)];
  return [...keys].flatMap((key) => {
    const [ours, theirs] = [left.get(key), right.get(key)];
    if (ours === undefined || theirs === undefined) return [];
    const episodes = [caseEpisode(first.name, ours), caseEpisode(second.name, theirs)] as const;
    return [{ suite: ours.suite, task: ours.task, group: ours.group, episodes }];
  });
}
