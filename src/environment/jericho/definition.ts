import { fetchCommand } from "../../data/published.ts";
import { AgentRefineError } from "../../errors.ts";
import { findLabels, labelsNeed } from "../agentboard-files.ts";
import { dataNeed, type Need } from "../need.ts";
import { type LoadOptions, PROGRESS, SUCCESS, type SuiteDefinition, type Variant } from "../suite.ts";
import { findStories } from "./stories.ts";

async function needs(options: LoadOptions): Promise<readonly Need[]> {
  const stories = await findStories();
  const zork =
    stories?.origin === "zork" ? ` (three Zorks; the twenty games: ${fetchCommand("jericho")})` : "";
  return [
    dataNeed("Jericho's games", "jericho", stories && `${stories.folder}${zork}`),
    await labelsNeed(options, "Jericho", "the games' own scores count"),
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
        fix: "Serve another suite, or these with 'split' test.",
      });
    }
    const { readStories } = await import("./stories.ts");
    const { createJerichoSuite } = await import("./jericho-suite.ts");
    const suite = createJerichoSuite(await readStories(), await findLabels(options, "jericho"));
    const { startThreadAhead } = await import("./game-thread.ts");
    startThreadAhead();
    return suite;
  },
};
