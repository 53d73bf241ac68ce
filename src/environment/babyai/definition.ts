import { agentboardFolder, agentboardNeed, needLabels } from "../agentboard-files.ts";
import { type LoadOptions, PROGRESS, SUCCESS, type Suite, type SuiteDefinition } from "../suite.ts";
import { BABYAI_PERTURBATIONS } from "./rewordings.ts";

/** Worlds are large, so they are loaded when they are asked for. */
async function load(options: LoadOptions): Promise<Suite> {
  const { compat, split, seed = 0 } = options;
  const { createBabyaiSuite, createBabyaiTraining } = await import("./babyai-suite.ts");
  if (split === "train") return createBabyaiTraining(compat, seed);
  const agentboard = await agentboardFolder(options);
  if (agentboard === undefined) return createBabyaiSuite({ rules: compat });
  return createBabyaiSuite({ rules: compat, labels: needLabels(agentboard, "babyai") });
}

/** BabyAI's grid worlds (section 4.1), as AgentBoard plays them. */
export const BABYAI: SuiteDefinition = {
  name: "babyai",
  measures: [SUCCESS, PROGRESS],
  paper: {
    column: "BabyAI",
    tasks: 112,
    heldOut: true,
    unlike: ({ rules, problems, scoring }) => [
      ...(problems === "AgentBoard's problems" ? [] : [`other problems (${problems})`]),
      ...(scoring === "labels"
        ? []
        : ["no labels of AgentBoard, so progress is counted in another way, and success at times"]),
      ...(rules === "agentboard" ? [] : ["the plain rules, which are fairer to a player than AgentBoard's"]),
    ],
  },
  rules: ["agentboard", "plain"],
  perturbations: BABYAI_PERTURBATIONS,
  needs: async (options) => [
    await agentboardNeed(
      "AgentBoard's labels of BabyAI",
      options,
      "progress comes from the mission's own parts",
      load,
    ),
  ],
  load,
};
