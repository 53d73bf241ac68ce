import type { LoadOptions } from "../environment/suite.ts";
import { SUITES } from "../environment/suites.ts";
import { AgentRefineError } from "../errors.ts";

/** What stands for several suites: all that can be played on this machine, and the four of App. A's score. */
export const SUITE_GROUPS: readonly string[] = ["all", "held-out"];

/** Those of all suites for which nothing is missing; `onNote` is told of each of the others what brings it. */
async function playable(options: LoadOptions, onNote: (note: string) => void): Promise<readonly string[]> {
  const missing = await Promise.all(
    SUITES.map(async ({ name, needs }) => {
      const lacks = (await needs(options)).filter(({ found, optional = false }) => !found && !optional);
      return { name, lacks };
    }),
  );
  const names = missing.flatMap(({ name, lacks }) => (lacks.length === 0 ? [name] : []));
  const told = missing.flatMap(({ name, lacks: [first] }) =>
    first === undefined ? [] : [`${name} is left out, for want of ${first.need} (${first.detail})`],
  );
  if (names.length === 0) throw new AgentRefineError(`no suite can be played: ${told.join("; ")}`);
  for (const note of told) onNote(note);
  return names;
}

/**
 * The names of suites, each once, with those in place of what stands for several. Of the four held-out suites none is
 * left out, since the score is over all of them. Throws an AgentRefineError when all are asked for and none can be
 * played.
 */
export async function chooseSuites(
  names: readonly string[],
  options: LoadOptions,
  onNote: (note: string) => void,
): Promise<readonly string[]> {
  const chosen = await Promise.all(
    names.map((name) => {
      if (name === "all") return playable(options, onNote);
      if (name === "held-out") return SUITES.filter(({ paper }) => paper?.heldOut).map((each) => each.name);
      return [name];
    }),
  );
  return [...new Set(chosen.flat())];
}
