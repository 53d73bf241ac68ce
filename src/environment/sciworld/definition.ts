import { javaExecutable, publishedFolder } from "../../data/published.ts";
import { AgentRefineError } from "../../errors.ts";
import { findLabels, labelsNeed } from "../agentboard-files.ts";
import {
  type LoadOptions,
  type Need,
  PROGRESS,
  SUCCESS,
  type Suite,
  type SuiteDefinition,
  type Variant,
} from "../suite.ts";
import { findJar, type Jar } from "./simulator/jar.ts";

async function jarNeed(): Promise<Need> {
  const need = "ScienceWorld's simulator, release 1.2.2";
  try {
    const jar = await findJar(await publishedFolder("scienceworld"));
    if (jar === undefined) return { need, found: false, detail: "agentrefine data get scienceworld" };
    return { need, found: true, detail: `${jar.path}${jar.version === undefined ? " (another one)" : ""}` };
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    return { need, found: false, detail: [error.message, error.fix].filter(Boolean).join(". ") };
  }
}

async function needs(options: LoadOptions): Promise<readonly Need[]> {
  const java = await javaExecutable();
  return [
    await jarNeed(),
    { need: "Java 8 or newer", found: java !== undefined, detail: java ?? "agentrefine data get java" },
    await labelsNeed(
      options,
      "ScienceWorld",
      "without them the simulator's own score counts: agentrefine data get agentboard",
    ),
  ];
}

async function needJar(): Promise<Jar> {
  const jar = await findJar(await publishedFolder("scienceworld"));
  if (jar !== undefined) return jar;
  throw new AgentRefineError("sciworld needs the simulator of ScienceWorld", {
    // All that is missing in one command: who runs it shall not be sent away a second time.
    fix: `Run \`agentrefine data get scienceworld${(await javaExecutable()) === undefined ? " java" : ""}\`.`,
  });
}

async function needJava(): Promise<string> {
  const java = await javaExecutable();
  if (java !== undefined) return java;
  throw new AgentRefineError("sciworld needs a Java, and there is none in JAVA_HOME or on the PATH", {
    fix: "Run `agentrefine data get java`.",
  });
}

/** How long seeking a way to achieve a task may take on a busy machine. */
const GOLD_SECONDS = 300;

async function load(options: LoadOptions): Promise<Suite> {
  const { compat, split = "test", seed = 0 } = options;
  const jar = await needJar();
  const { javaCommand } = await import("./simulator/java.ts");
  const { startSimulator } = await import("./simulator/simulator.ts");
  const { createSimulators } = await import("./simulator/simulators.ts");
  const { createGoldFinder } = await import("./gold.ts");
  const { createSciworldSuite } = await import("./sciworld-suite.ts");
  const { readLabels } = await import("./labels.ts");
  const command = await javaCommand(await needJava(), jar.path);
  const file = split === "train" ? undefined : await findLabels(options, "scienceworld");
  const labels = file === undefined ? undefined : readLabels(file);
  const patience = { startSeconds: GOLD_SECONDS, answerSeconds: GOLD_SECONDS };
  return createSciworldSuite({
    rules: compat,
    tasks: split === "train" ? { split, seed } : { split, labels },
    simulators: createSimulators(() => startSimulator(command)),
    findGold: createGoldFinder(createSimulators(() => startSimulator(command, patience))),
    otherSimulator: jar.version === undefined ? `another simulator (${jar.sha256.slice(0, 12)})` : undefined,
    remarks: command.isReproducible
      ? []
      : [
          `${command.file} does not take -XX:hashCode=2, without which small things in ScienceWorld differ from run to run: the order of things, single degrees, bees.`,
        ],
  });
}

function unlike({ rules, problems, scoring }: Variant): readonly string[] {
  return [
    ...(problems === "AgentBoard's problems" ? [] : [`other problems (${problems})`]),
    ...(scoring === "labels"
      ? []
      : [
          "success and progress from the simulator, not from AgentBoard's labels (agentrefine data get agentboard)",
        ]),
    ...(rules === "agentboard" ? [] : ["the plain rules, which ask the simulator for no lists"]),
  ];
}

/** ScienceWorld: experiments of an elementary school in a house, told in text. */
export const SCIWORLD: SuiteDefinition = {
  name: "sciworld",
  measures: [SUCCESS, PROGRESS],
  paper: { column: "SciWorld", tasks: 90, heldOut: true, unlike },
  rules: ["agentboard", "plain"],
  perturbations: {},
  needs,
  load,
};
