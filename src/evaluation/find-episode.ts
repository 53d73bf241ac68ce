import { AgentRefineError } from "../errors.ts";
import { didYouMean } from "../spelling.ts";
import { type Episode, keyText, readEpisodes } from "./episode.ts";
import { type EpisodeResult, readResults } from "./episode-result.ts";

/** An episode's task, also with its suite before it. */
function namesOf({ suite, task }: EpisodeResult): readonly string[] {
  return [task, `${suite}/${task}`];
}

/** Those whose task is called so; else those whose task begins so. */
function called(results: readonly EpisodeResult[], id: string): readonly EpisodeResult[] {
  const exact = results.filter((each) => namesOf(each).includes(id));
  if (exact.length > 0) return exact;
  return results.filter((each) => namesOf(each).some((name) => name.startsWith(id)));
}

/**
 * Episodes that are named alike: the one with a number of the list, or the attempts at the task of a name. With an
 * attempt a number is a task's name.
 */
function namedAlike(
  all: readonly EpisodeResult[],
  id: string,
  attempt: number | undefined,
): { readonly alike: readonly EpisodeResult[]; readonly found: readonly EpisodeResult[] } {
  const isNumber = /^\d+$/.test(id);
  const numbered = isNumber ? all.slice(Math.max(0, Number(id) - 1), Number(id)) : [];
  if (numbered.length > 0 && attempt === undefined) return { alike: numbered, found: numbered };
  if (numbered.length > 0 && !all.some((each) => namesOf(each).includes(id))) {
    throw new AgentRefineError(`${id} is the number of one episode, of which 'attempt' says nothing`, {
      fix: "Leave out 'attempt', or give the task's name.",
    });
  }
  const alike = called(all, id);
  return { alike, found: alike.filter((each) => each.attempt === (attempt ?? 1) - 1) };
}

/** The episode of an evaluation that is named, by its number in the list or its task. Throws AgentRefineError. */
export async function findEpisode(
  directory: string,
  id: string,
  attempt: number | undefined,
): Promise<Episode> {
  const all = [...(await readResults(directory)).values()];
  const { alike, found } = namedAlike(all, id, attempt);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    const name = JSON.stringify(id);
    if (alike.length === 0) {
      throw new AgentRefineError(
        `no task with a finished episode is called ${name}${didYouMean(id, all.flatMap(namesOf))}`,
        { fix: "`agentrefine show DIR` lists them." },
      );
    }
    const problem =
      first === undefined
        ? `${name} has no finished attempt ${attempt ?? 1}`
        : `${name} is ${found.length} episodes`;
    const examples = alike
      .slice(0, 3)
      .map(({ suite, task, attempt: of }) => `${suite}/${task} (attempt ${of + 1})`);
    throw new AgentRefineError(`${problem}: ${examples.join(", ")}${alike.length > 3 ? "…" : ""}`, {
      fix: "Give its number, as `agentrefine show DIR` lists it.",
    });
  }
  let last: Episode | undefined;
  for await (const episode of readEpisodes(directory)) {
    if (keyText(episode) === keyText(first)) last = episode;
  }
  if (last === undefined) throw new TypeError("an episode that was listed is gone");
  return last;
}
