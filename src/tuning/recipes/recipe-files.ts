import type { TokenizedFormatName } from "../../dataset/formats/engine.ts";
import { requireEngine } from "../../dataset/formats/require-engine.ts";
import { axolotlConfiguration } from "./axolotl.ts";
import { DEEPSPEED_FILE, deepSpeedConfiguration } from "./deepspeed.ts";
import { enginePackages, pipInstall } from "./engine-packages.ts";
import {
  AXOLOTL_COMMAND,
  type EngineCommand,
  LLAMAFACTORY_COMMAND,
  launchLine,
  launchScript,
  slurmScript,
  torchrunCommand,
} from "./launch.ts";
import { llamaFactoryConfiguration } from "./llamafactory.ts";
import type { Recipe } from "./recipe.ts";
import type { TrainingEngineName } from "./training-engine-name.ts";
import { trlConfiguration, trlProgram } from "./trl.ts";
import { yamlText } from "./yaml.ts";

/** A file of a training's folder. */
export interface RecipeFile {
  /** Its path within the folder. */
  readonly path: string;
  readonly text: string;
  readonly isExecutable: boolean;
}

/** What a training with an engine needs beside the recipe. */
export interface TrainingEngine {
  /** The data's format and its path within the training's folder. */
  readonly format: TokenizedFormatName;
  readonly data: string;
  readonly command: EngineCommand;
  configuration(recipe: Recipe): readonly Omit<RecipeFile, "isExecutable">[];
}

/** Every engine for which a training can be written. */
export const TRAINING_ENGINES: Readonly<Record<TrainingEngineName, TrainingEngine>> = {
  llamafactory: {
    format: "hf-disk",
    data: "data",
    command: LLAMAFACTORY_COMMAND,
    configuration: (recipe) => [{ path: "train.yaml", text: yamlText(llamaFactoryConfiguration(recipe)) }],
  },
  trl: {
    format: "hf-disk",
    data: "data",
    command: torchrunCommand("python3 train.py", "train.py"),
    configuration: (recipe) => [
      { path: "train.json", text: `${JSON.stringify(trlConfiguration(recipe), null, 2)}\n` },
      { path: "train.py", text: trlProgram(recipe) },
    ],
  },
  axolotl: {
    format: "tokenized-parquet",
    data: "data/train.parquet",
    command: AXOLOTL_COMMAND,
    configuration: (recipe) => [{ path: "train.yaml", text: yamlText(axolotlConfiguration(recipe)) }],
  },
};

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** What a person must know of an engine beside its settings. */
function notes(name: TrainingEngineName, { accumulation }: Recipe): string {
  if (name !== "axolotl" || accumulation === 1) return "";
  return `axolotl from 0.17 on (0.19 was tried) averages the loss of each pass by itself before it gathers ${accumulation} of them: the mask
is that of Eq. 1, but a token of a row with few trained tokens counts more than one of a row with many. With more rows
at once and accumulation 1, every token counts the same on a device, as in the other engines.

`;
}

function readme(name: TrainingEngineName, recipe: Recipe): string {
  const { format, data, command, configuration } = TRAINING_ENGINES[name];
  const { hardware, perDevice, accumulation, batch } = recipe;
  const devices = Math.max(hardware.nodes * hardware.gpusPerNode, 1);
  const settings = configuration(recipe).map(({ path }) => `\`${path}\``);
  return `# Refinement tuning of ${recipe.model}

The data is \`${data}\` (format \`${format}\`). Its labels are those of Eq. 1, and the engine uses them as they are:
${requireEngine(name, format)}.

The recipe is in ${settings.join(" and ")}. A step has ${counted(batch, "row")}: ${perDevice} at once x accumulation
${accumulation} x ${counted(devices, "device")}. With another number of devices, change the accumulation so that the product stays.

${notes(name, recipe)}- install: \`${pipInstall(enginePackages(name, recipe))}\`
- start: \`bash launch.sh\`, or under Slurm \`sbatch slurm.sh\`
- on one card: \`${launchLine(command, { nodes: 1, gpusPerNode: 1 })}\`
- on a node of 8: \`${launchLine(command, { nodes: 1, gpusPerNode: 8 })}\`
- on several nodes, on each: \`${launchLine(command, { nodes: 2, gpusPerNode: 8 })}\`
- on the processor: \`${command.alone}\` (bf16 must be off${name === "axolotl" ? "" : " and use_cpu on"})

Checkpoints are written to \`checkpoints\` after each epoch; the paper reports the best of them.
`;
}

/**
 * The files of a training's folder beside the data: the engine's configuration, scripts that start it by hand and
 * under Slurm, DeepSpeed's configuration where it is needed, and a README.
 */
export function recipeFiles(name: TrainingEngineName, recipe: Recipe): readonly RecipeFile[] {
  const { command, configuration } = TRAINING_ENGINES[name];
  const deepSpeed = deepSpeedConfiguration(recipe);
  return [
    ...configuration(recipe).map((file) => ({ ...file, isExecutable: false })),
    ...(deepSpeed === undefined
      ? []
      : [{ path: DEEPSPEED_FILE, text: `${JSON.stringify(deepSpeed, null, 2)}\n`, isExecutable: false }]),
    { path: "launch.sh", text: launchScript(command, recipe.hardware), isExecutable: true },
    { path: "slurm.sh", text: slurmScript(command, recipe.hardware), isExecutable: true },
    { path: "README.md", text: readme(name, recipe), isExecutable: false },
  ];
}
