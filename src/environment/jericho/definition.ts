import { AgentRefineError } from "../../errors.ts";
import { findLabels, labelsNeed } from "../agentboard-files.ts";
import {
  type LoadOptions,
  type Need,
  PROGRESS,
  SUCCESS,
  type SuiteDefinition,
  type Variant,
} from "../suite.ts";
import { findStories } from "./stories.ts";

async function needs(options: LoadOptions): Promise<readonly Need[]> {
  const stories = await findStories();
  const zork =
    stories?.origin === "zork" ? " (three Zorks; the twenty games: agentrefine data get jericho)" : "";
  return [
    {
      need: "Jericho's games",
      found: stories !== undefined,
      detail: stories === undefined ? "agentrefine data get jericho" : `${stories.folder}${zork}`,
    },
    await labelsNeed(
      options,
      "Jericho",
      "without them the games' own scores count: agentrefine data get agentboard",
    ),
  ];
}

function unlike({ problems, scoring }: Variant): readonly string[] {
  return [
    problems.startsWith("AgentBoard's games")
      ? "first texts and goals are not AgentBoard's own"
      : `other games (${problems})`,
    ...(scoring === "labels" ? [] : [`progress from ${scoring}`]),
  ];
}

/** Jericho: twenty text adventures, played on a Z-machine of our own. */
export const JERICHO: SuiteDefinition = {
  name: "jericho",
  measures: [SUCCESS, PROGRESS],
  paper: { column: "Jericho", tasks: 20, heldOut: true, unlike },
  rules: ["agentboard"],
  perturbations: {},
  needs,
  async load(options) {
    if (options.split === "train") {
      throw new AgentRefineError("jericho has no tasks to train on: all of its games are scored", {
        fix: "Serve another suite, or these with --split test.",
      });
    }
    const { readStories } = await import("./stories.ts");
    const { createJerichoSuite } = await import("./jericho-suite.ts");
    return createJerichoSuite(await readStories(), await findLabels(options, "jericho"));
  },
};
