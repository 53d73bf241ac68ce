import type { LoadOptions, SuiteDefinition } from "../environment/suite.ts";
import { SUITES } from "../environment/suites.ts";
import { AgentRefineError, wordsWithFix } from "../errors.ts";
import { lackingOf, missingWords } from "./missing-needs.ts";

/** What stands for several suites: all that can be played on this machine, and the four of App. A's score. */
export const SUITE_GROUPS: readonly string[] = ["all", "held-out"];

/** How suites are chosen. */
export interface Choosing {
  /** Is told which suites are left out, and what would bring them. */
  readonly onNote: (note: string) => void;
  /** Whether the agent is paid for its replies: what its worlds ask outside must then be there from the start. */
  readonly isPaid: boolean;
}

/** Why what the worlds of a suite ask outside cannot be reached; undefined when it can. */
async function unreachable({ reach }: SuiteDefinition, options: LoadOptions): Promise<string | undefined> {
  try {
    await reach?.(options);
    return undefined;
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    return wordsWithFix(error);
  }
}

/** Those of all suites for which nothing is missing. */
async function playable(options: LoadOptions, { onNote, isPaid }: Choosing): Promise<readonly string[]> {
  const lacking = await lackingOf(SUITES, options);
  const { problem, fix } = missingWords(lacking);
  const whole = SUITES.filter((_suite, place) => lacking[place]?.lacks.length === 0);
  if (whole.length === 0) throw new AgentRefineError(`no suite can be played: ${problem}`, { fix });
  if (whole.length < SUITES.length) onNote(`Left out, for want of what they need: ${problem}. ${fix}`);
  if (!isPaid) return whole.map(({ name }) => name);
  const reached = await Promise.all(
    whole.map(async (suite) => ({ name: suite.name, why: await unreachable(suite, options) })),
  );
  for (const { name, why } of reached) if (why !== undefined) onNote(`${name} is left out: ${why}`);
  return reached.flatMap(({ name, why }) => (why === undefined ? [name] : []));
}

/**
 * The names of suites, each once, with those in place of what stands for several. Of the four held-out suites none is
 * left out, since the score is over all of them. Throws an AgentRefineError when all are asked for and none can be
 * played.
 */
export async function chooseSuites(
  names: readonly string[],
  options: LoadOptions,
  choosing: Choosing,
): Promise<readonly string[]> {
  const chosen = await Promise.all(
    names.map((name) => {
      if (name === "all") return playable(options, choosing);
      if (name === "held-out") return SUITES.filter(({ paper }) => paper?.heldOut).map((each) => each.name);
      return [name];
    }),
  );
  return [...new Set(chosen.flat())];
}
