import { stat } from "node:fs/promises";
import { fetchFix } from "../data/published.ts";
import type { Need } from "../environment/need.ts";
import type { LoadOptions, Suite, SuiteDefinition, Task } from "../environment/suite.ts";
import { definitionOf, loadSuite, SUITES } from "../environment/suites.ts";
import { AgentRefineError, wordsWithFix } from "../errors.ts";
import { hash32 } from "../random.ts";
import { groupBy } from "./metrics/scores.ts";
import type { EvaluationSettings } from "./settings.ts";

/** Which worlds are played and how. */
export type WorldSettings = Pick<
  EvaluationSettings,
  "suites" | "compat" | "perturbation" | "limit" | "sample"
> &
  Omit<LoadOptions, "compat"> & {
    /** Whether instructions have their worked examples; true when not given. */
    readonly example?: boolean;
  };

/** Those of the suites to which the plain rules do not apply although they are asked for. */
export function suitesLeftAsTheyAre({
  suites,
  compat,
}: Pick<WorldSettings, "suites" | "compat">): readonly string[] {
  return compat === "plain" ? suites.filter((name) => !definitionOf(name).rules.includes("plain")) : [];
}

/** Refuses rules that apply to none of the suites. Throws AgentRefineError. */
function checkRules(settings: Pick<WorldSettings, "suites" | "compat">): void {
  const left = suitesLeftAsTheyAre(settings);
  if (left.length === 0 || left.length < settings.suites.length) return;
  throw new AgentRefineError(
    `the plain rules do not apply to ${left.join(", ")}, which has AgentBoard's rules only`,
    { fix: "Leave them out." },
  );
}

/** So many tasks, alike of all groups, in the order of the suite; which ones of a group does not depend on how many. */
function sampled(tasks: readonly Task[], count: number): readonly Task[] {
  const groups = [...groupBy(tasks, ({ group }) => group).values()].map((group) =>
    [...group].sort((one, other) => hash32(one.id) - hash32(other.id)),
  );
  const rounds = Math.max(0, ...groups.map((group) => group.length));
  const inTurn = Array.from({ length: rounds }, (_value, round) =>
    groups.flatMap((group) => group.slice(round, round + 1)),
  ).flat();
  const chosen = new Set(inTurn.slice(0, count));
  return tasks.filter((task) => chosen.has(task));
}

/** Those of the tasks that are played, in their order. */
export function chosenTasks(
  tasks: readonly Task[],
  { limit, sample }: Pick<WorldSettings, "limit" | "sample">,
): readonly Task[] {
  return (sample === undefined ? tasks : sampled(tasks, sample)).slice(0, limit);
}

async function checkFolder(directory: string | null | undefined): Promise<void> {
  if (directory === undefined || directory === null) return;
  const isFolder = await stat(directory).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new AgentRefineError(`there is no folder ${directory}`, { fix: "Check its path." });
}

/** A suite with those of its tasks that are played; `onNote` is told what a limit leaves out. */
function limitedSuite(
  suite: Suite,
  settings: WorldSettings,
  onNote: ((note: string) => void) | undefined,
): Suite {
  const tasks = chosenTasks(suite.tasks, settings);
  const groups = [...new Set(suite.tasks.map(({ group }) => group))];
  const played = new Set(tasks.map(({ group }) => group));
  const left = groups.filter((group) => !played.has(group));
  if (left.length > 0 && tasks.length > 0) {
    const named = left.slice(0, 5);
    const better =
      settings.sample === undefined ? "; a sample has some of each as long as there are enough" : "";
    onNote?.(
      `${suite.name}: ${tasks.length} of ${suite.tasks.length} tasks are played, and ${left.length} of ${groups.length} groups left out (${named.join(", ")}${left.length > named.length ? ", …" : ""})${better}`,
    );
  }
  return { ...suite, tasks };
}

/** A suite whose instructions have no worked example. */
function withoutExamples(suite: Suite): Suite {
  return {
    ...suite,
    instruction: (task, start) => {
      const { example: _example, ...instruction } = suite.instruction(task, start) ?? {};
      return "goal" in instruction ? instruction : undefined;
    },
  };
}

/** A suite with what it cannot be played without and is not there; nothing where it can be. */
interface Lacking {
  readonly name: string;
  readonly lacks: readonly Need[];
}

/** What suites lack. */
async function lackingOf(
  suites: readonly SuiteDefinition[],
  options: LoadOptions,
): Promise<readonly Lacking[]> {
  return Promise.all(
    suites.map(async ({ name, needs }) => ({
      name,
      lacks: (await needs(options)).filter(({ found, optional = false }) => !found && !optional),
    })),
  );
}

/** Which suites lack what, all in one line, and what brings it. */
function missingWords(lacking: readonly Lacking[]): {
  readonly problem: string;
  readonly fix: string;
} {
  const suites = lacking.filter(({ lacks }) => lacks.length > 0);
  const all = suites.flatMap(({ name, lacks }) => lacks.map((each) => ({ name, ...each })));
  const data = [...new Set(all.flatMap(({ data: set }) => set ?? []))];
  const others = all.filter((each) => each.data === undefined);
  return {
    problem: suites
      .map(({ name, lacks }) => `${name} (${lacks.map(({ need }) => need).join("; ")})`)
      .join(", "),
    fix: [
      ...(data.length === 0 ? [] : [fetchFix(...data)]),
      ...others.map(({ name, need, detail }) => `For ${name}, ${need}: ${detail}.`),
    ].join(" "),
  };
}

/** An error of several things that are missing at once; undefined where there is one at most, which says so itself. */
async function severalMissing(
  suites: readonly SuiteDefinition[],
  options: LoadOptions,
): Promise<AgentRefineError | undefined> {
  const lacking = await lackingOf(suites, options);
  if (lacking.flatMap(({ lacks }) => lacks).length < 2) return undefined;
  const { problem, fix } = missingWords(lacking);
  return new AgentRefineError(`what these suites need is missing: ${problem}`, { fix });
}

/** Loads suites by their names, in other words where that is set. Throws AgentRefineError. */
export async function openSuites(
  settings: WorldSettings,
  onNote?: (note: string) => void,
): Promise<readonly Suite[]> {
  const { suites, example = true, compat, agentboard, perturbation } = settings;
  const { split, seed, judge, wikipedia, recorded, pages } = settings;
  checkRules(settings);
  await checkFolder(agentboard);
  const options = { compat, agentboard, perturbation, split, seed, judge, wikipedia, recorded, pages };
  const opening = await Promise.allSettled(
    suites.map(async (name) => {
      const loaded = await loadSuite(name, options);
      const suite = limitedSuite(example ? loaded : withoutExamples(loaded), settings, onNote);
      if (suite.tasks.length > 0) return suite;
      throw new AgentRefineError(`the suite ${name} has no task`, {
        fix: "Look at what AgentBoard's files and the limit leave of it.",
      });
    }),
  );
  const failed = opening.find((each) => each.status === "rejected");
  // Who brings one missing thing shall not be told of the next one then.
  if (failed !== undefined)
    throw (
      (await severalMissing(
        suites.map((name) => definitionOf(name)),
        options,
      )) ?? failed.reason
    );
  return opening.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
}

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
      return [definitionOf(name, SUITE_GROUPS).name];
    }),
  );
  return [...new Set(chosen.flat())];
}
