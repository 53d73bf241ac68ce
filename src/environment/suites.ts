import { AgentRefineError } from "../errors.ts";
import { agentboardFiles, type DataFile, labelFiles, readingFrom } from "./agentboard-files.ts";
import type { Suite } from "./environment.ts";

/** The name of a suite that comes with this program. */
export type SuiteName = "babyai" | "pddl";

/** How suites are played. */
export interface SuiteOptions {
  /** `agentboard` for numbers that can be compared with the paper's; `plain` fixes what treats a player unfairly. */
  readonly compat: "agentboard" | "plain";
  /** A folder with AgentBoard's labels and problems, which do not come with this program. */
  readonly agentboard?: string;
}

/** AgentBoard's label file of a suite. Throws an AgentRefineError when there is none. */
function readLabels(folder: string, suite: string): DataFile {
  const file = agentboardFiles(folder).labels(suite);
  if (file !== undefined) return file;
  const places = labelFiles(folder, suite).join(", ");
  throw new AgentRefineError(`there are no labels of ${suite} in ${folder}: no ${places}`, {
    fix: "Give the folder of AgentBoard's data archive.",
  });
}

async function loadBabyai({ compat, agentboard }: SuiteOptions): Promise<Suite> {
  const { createBabyaiSuite } = await import("./babyai/babyai-suite.ts");
  if (agentboard === undefined) return createBabyaiSuite({ rules: compat });
  const { parseLabels } = await import("./babyai/labels.ts");
  return readingFrom(readLabels(agentboard, "babyai"), (text) =>
    createBabyaiSuite({ rules: compat, labels: parseLabels(text) }),
  );
}

/** The PDDL games know AgentBoard's rules only ({@link knowsPlainRules}), as their variant says. */
async function loadPddl({ agentboard }: SuiteOptions): Promise<Suite> {
  if (agentboard === undefined) {
    const { createShippedPddlSuite } = await import("./pddl/problems/shipped-suite.ts");
    return createShippedPddlSuite();
  }
  const { readAgentboardPddl } = await import("./pddl/agentboard/problem-files.ts");
  const { createAgentboardPddlSuite } = await import("./pddl/agentboard/agentboard-suite.ts");
  return createAgentboardPddlSuite(readAgentboardPddl(agentboard));
}

// Worlds are large, so each is loaded when it is asked for.
const LOADERS: Readonly<Record<SuiteName, (options: SuiteOptions) => Promise<Suite>>> = {
  babyai: loadBabyai,
  pddl: loadPddl,
};

/** The names of all suites. */
export const SUITE_NAMES: readonly string[] = Object.keys(LOADERS);

/** Whether a suite of this name comes with this program. */
export function isSuiteName(name: string): name is SuiteName {
  return Object.hasOwn(LOADERS, name);
}

/** Whether a suite has the plain rules too; the others have AgentBoard's only, whatever is asked for. */
export function knowsPlainRules(name: SuiteName): boolean {
  return name === "babyai";
}

/** Loads a suite with its tasks. Throws an AgentRefineError when AgentBoard's files are missing or of no use. */
export function loadSuite(name: SuiteName, options: SuiteOptions): Promise<Suite> {
  return LOADERS[name](options);
}
