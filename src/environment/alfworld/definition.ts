import { publishedFolder } from "../../data/published.ts";
import { findLabels, labelsNeed } from "../agentboard-files.ts";
import { dataNeed, type Need } from "../need.ts";
import { type LoadOptions, PROGRESS, SUCCESS, type Suite, type SuiteDefinition } from "../suite.ts";
import { ALFWORLD_PERTURBATIONS } from "./rewordings.ts";

async function load(options: LoadOptions): Promise<Suite> {
  const { createAlfworldSuite, createHouseholdSuite } = await import("./alfworld-suite.ts");
  const { split = "test", seed = 0 } = options;
  if (split === "train") return createHouseholdSuite(seed, "train");
  const folder = await publishedFolder("alfworld");
  if (folder === undefined) return createHouseholdSuite(0, "test");
  return createAlfworldSuite(folder, await findLabels(options, "alfworld"));
}

async function needs(options: LoadOptions): Promise<readonly Need[]> {
  const games = await publishedFolder("alfworld");
  return [
    dataNeed("ALFWorld's games", "alfworld", games, "households of our own are played"),
    await labelsNeed(options, "ALFWorld", "progress comes from the goal's own parts"),
  ];
}

/** ALFWorld: household tasks in text (section 4.1, Table 3), as AgentBoard plays them. */
export const ALFWORLD: SuiteDefinition = {
  name: "alfworld",
  measures: [SUCCESS, PROGRESS],
  paper: {
    column: "ALFWorld",
    tasks: 134,
    heldOut: false,
    unlike: ({ problems, scoring }) => [
      ...(problems === "ALFWorld's games" ? [] : [`other games (${problems}), not ALFWorld's 134`]),
      ...(scoring === "labels" ? [] : ["progress without AgentBoard's labels"]),
    ],
  },
  rules: ["agentboard"],
  perturbations: ALFWORLD_PERTURBATIONS,
  needs,
  load,
};
