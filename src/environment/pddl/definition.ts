import { agentboardFolder, agentboardNeed } from "../agentboard-files.ts";
import { type LoadOptions, PROGRESS, SUCCESS, type Suite, type SuiteDefinition } from "../suite.ts";
import { PDDL_PERTURBATIONS } from "./rewordings.ts";

/** Worlds are large, so they are loaded when they are asked for. */
async function load(options: LoadOptions): Promise<Suite> {
  const { split, seed = 0 } = options;
  const agentboard = split === "train" ? undefined : await agentboardFolder(options);
  if (agentboard === undefined) {
    const { createPddlTraining, createShippedPddlSuite } = await import("./problems/shipped-suite.ts");
    return split === "train" ? createPddlTraining(seed) : createShippedPddlSuite();
  }
  const { readAgentboardPddl } = await import("./agentboard-suite.ts");
  const { createAgentboardPddlSuite } = await import("./agentboard-suite.ts");
  return createAgentboardPddlSuite(readAgentboardPddl(agentboard));
}

/** AgentBoard's four planning games (section 4.1). */
export const PDDL: SuiteDefinition = {
  name: "pddl",
  measures: [SUCCESS, PROGRESS],
  paper: {
    column: "PDDL",
    tasks: 60,
    heldOut: true,
    unlike: ({ problems }) => {
      if (problems === "AgentBoard's problems") return [];
      const ours = problems.startsWith("own problems")
        ? "problems of our own"
        : `other problems (${problems})`;
      return [`${ours}, not AgentBoard's`];
    },
  },
  rules: ["agentboard"],
  perturbations: PDDL_PERTURBATIONS,
  needs: async (options) => [
    await agentboardNeed("AgentBoard's PDDL problems", options, "problems of our own are played", load),
  ],
  load,
};
