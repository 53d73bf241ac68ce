import { fetchCommand, fetchFix, javaExecutable, publishedFolder } from "../../data/published.ts";
import { AgentRefineError, wordsWithFix } from "../../errors.ts";
import { findLabels, labelsNeed } from "../agentboard-files.ts";
import { dataNeed, type Need } from "../need.ts";
import {
  type LoadOptions,
  PROGRESS,
  SUCCESS,
  type Suite,
  type SuiteDefinition,
  type Variant,
} from "../suite.ts";
import { findJar, type Jar } from "./simulator/java.ts";

const JAR = "ScienceWorld's simulator, release 1.2.2";

async function jarNeed(): Promise<Need> {
  try {
    const jar = await findJar(await publishedFolder("scienceworld"));
    const other = jar?.version === undefined ? " (another one)" : "";
    return dataNeed(JAR, "scienceworld", jar && `${jar.path}${other}`);
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    return { ...dataNeed(JAR, "scienceworld", undefined), detail: wordsWithFix(error) };
  }
}

async function needs(options: LoadOptions): Promise<readonly Need[]> {
  return [
    await jarNeed(),
    dataNeed("Java 8 or newer", "java", await javaExecutable()),
    await labelsNeed(options, "ScienceWorld", "the simulator's own score counts"),
  ];
}

async function needJar(): Promise<Jar> {
  const jar = await findJar(await publishedFolder("scienceworld"));
  if (jar !== undefined) return jar;
  // All that is missing in one command: who runs it shall not be sent away a second time.
  const more = (await javaExecutable()) === undefined ? (["java"] as const) : [];
  throw new AgentRefineError("sciworld needs the simulator of ScienceWorld", {
    fix: fetchFix("scienceworld", ...more),
  });
}

async function needJava(): Promise<string> {
  const java = await javaExecutable();
  if (java !== undefined) return java;
  throw new AgentRefineError("sciworld needs a Java, and there is none in JAVA_HOME or on the PATH", {
    fix: fetchFix("java"),
  });
}

/** How long seeking a way to achieve a task may take on a busy machine. */
const GOLD_SECONDS = 300;

async function load(options: LoadOptions): Promise<Suite> {
  const { compat, split = "test", seed = 0 } = options;
  const jar = await needJar();
  const { javaCommand } = await import("./simulator/java.ts");
  const { startSimulator } = await import("./simulator/simulator.ts");
  const { Simulators } = await import("./simulator/simulators.ts");
  const { createGoldFinder } = await import("./simulator/simulators.ts");
  const { createSciworldSuite } = await import("./sciworld-suite.ts");
  const { readLabels } = await import("./scoring.ts");
  const command = await javaCommand(await needJava(), jar.path);
  const file = split === "train" ? undefined : await findLabels(options, "scienceworld");
  const labels = file === undefined ? undefined : readLabels(file);
  const patience = { startSeconds: GOLD_SECONDS, answerSeconds: GOLD_SECONDS };
  return createSciworldSuite({
    rules: compat,
    tasks: split === "train" ? { split, seed } : { split, labels },
    simulators: new Simulators(() => startSimulator(command)),
    findGold: createGoldFinder(new Simulators(() => startSimulator(command, patience))),
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
          `success and progress from the simulator, not from AgentBoard's labels (${fetchCommand("agentboard")})`,
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
