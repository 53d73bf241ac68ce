import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { requireEngine, type TrainingEngineName } from "../dataset/engines.ts";
import { writeFileAtomically, writeFolderAtomically } from "../runs/atomic-file.ts";
import { shippedText } from "../shipped.ts";
import {
  type ExportTokenizedOptions,
  exportTokenized,
  type TokenizedExport,
} from "../tokens/export-tokenized.ts";
import { type OpenJob, openJob } from "../tokens/tokenize-example.ts";
import { field } from "../tokens/tokenizer-folder.ts";
import {
  type ChatEnding,
  DEEPSPEED_FILE,
  type EngineCommand,
  pipInstall,
  type RecipeFile,
} from "./engine.ts";
import { enginePackages, engineSettings, TRAINING_ENGINES } from "./engines.ts";
import type { Hardware, Recipe } from "./recipe.ts";

/** The port at which the processes of several nodes meet. */
const PORT = 29_500;
const EXECUTABLE = 0o755;

/** The program of a training's folder that completes what the engine has saved. */
export const COMPLETION = "complete.py";

/**
 * The program that completes checkpoints, and what it writes into them: whatever ends a training, also one that was
 * started without this program, each engine saves a tokenizer and a generation config of its own mind, most without the
 * template of the data and the token that ends a turn. It needs nothing but Python.
 */
export function completionFiles(
  { jinja, endOfTurn, endOfTurnId }: ChatEnding,
  tokenizer: string,
): readonly RecipeFile[] {
  const chat = { template: jinja, end_of_turn: endOfTurn, end_of_turn_id: endOfTurnId, tokenizer };
  return [
    { path: "chat.json", text: `${JSON.stringify(chat, null, 2)}\n` },
    { path: COMPLETION, text: shippedText(COMPLETION) },
  ];
}

/** The line that starts an engine on one node, or on each of several with `RANK` and `HEAD` set. */
function launchLine(command: EngineCommand, { nodes, gpusPerNode }: Hardware): string {
  const meeting = { nodes: `${nodes}`, rank: '"$RANK"', address: '"$HEAD"', port: PORT };
  if (nodes > 1) return command.onNodes(gpusPerNode, meeting);
  return gpusPerNode > 0 ? command.onNode(gpusPerNode) : command.alone;
}

/** Whatever ends the engine, also a signal, what it has saved by then is completed. */
const COMPLETE = `trap 'python3 ${COMPLETION}' EXIT`;

function launchScript(command: EngineCommand, hardware: Hardware): string {
  const check =
    hardware.nodes > 1
      ? [
          "# Run this on every node, RANK counting them from 0 and HEAD being the address of the first.",
          `: "\${RANK:?set RANK to the number of this node, from 0 to ${hardware.nodes - 1}}"`,
          `: "\${HEAD:?set HEAD to the address of node 0}"`,
        ]
      : [];
  return `${[
    "#!/bin/bash",
    "set -euo pipefail",
    'cd "$(dirname "$0")"',
    ...check,
    ...(command.before ?? []),
    hardware.nodes > 1 ? `if [ "$RANK" = 0 ]; then ${COMPLETE}; fi` : COMPLETE,
    launchLine(command, hardware),
  ].join("\n")}\n`;
}

/** The script that starts a training under Slurm, one task on each node. */
function slurmScript(command: EngineCommand, { nodes, gpusPerNode }: Hardware): string {
  const meeting = { nodes: "$SLURM_NNODES", rank: "$SLURM_NODEID", address: "$HEAD", port: PORT };
  const alone = launchLine(command, { nodes: 1, gpusPerNode });
  const line =
    nodes > 1
      ? `srun bash -c '${command.onNodes(gpusPerNode, meeting)}'`
      : `srun ${alone.startsWith("FORCE") ? "env " : ""}${alone}`;
  return `${[
    "#!/bin/bash",
    "#SBATCH --job-name=agentrefine",
    `#SBATCH --nodes=${nodes}`,
    "#SBATCH --ntasks-per-node=1",
    ...(gpusPerNode > 0 ? [`#SBATCH --gpus-per-node=${gpusPerNode}`] : []),
    "#SBATCH --output=slurm-%j.log",
    "set -euo pipefail",
    'cd "$SLURM_SUBMIT_DIR"',
    ...(nodes > 1
      ? ['HEAD=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)', "export HEAD"]
      : []),
    ...(command.before ?? []),
    COMPLETE,
    line,
  ].join("\n")}\n`;
}

/** DeepSpeed's configuration for ZeRO stage 3, in which the trainer fills in what is `auto`, where it is needed. */
function deepSpeedFiles({ deepSpeed }: Recipe): readonly RecipeFile[] {
  if (deepSpeed === "none") return [];
  const memory = { device: "cpu", pin_memory: true };
  const configuration = {
    train_batch_size: "auto",
    train_micro_batch_size_per_gpu: "auto",
    gradient_accumulation_steps: "auto",
    gradient_clipping: "auto",
    zero_allow_untested_optimizer: true,
    bf16: { enabled: "auto" },
    zero_optimization: {
      stage: 3,
      overlap_comm: true,
      contiguous_gradients: true,
      reduce_bucket_size: "auto",
      stage3_prefetch_bucket_size: "auto",
      stage3_param_persistence_threshold: "auto",
      stage3_gather_16bit_weights_on_model_save: true,
      ...(deepSpeed === "zero3-offload" ? { offload_optimizer: memory, offload_param: memory } : {}),
    },
  };
  return [{ path: DEEPSPEED_FILE, text: `${JSON.stringify(configuration, null, 2)}\n` }];
}

function readme(name: TrainingEngineName, recipe: Recipe, settings: readonly RecipeFile[]): string {
  const { format, data, command, note } = TRAINING_ENGINES[name];
  const { hardware, perDevice, accumulation, batch } = recipe;
  const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
  const devices = Math.max(hardware.nodes * hardware.gpusPerNode, 1);
  const noted = note?.(recipe);
  return `# Refinement tuning of ${recipe.model}

The data is \`${data}\` (format \`${format}\`). Its labels are those of Eq. 1, and the engine uses them as they are:
${requireEngine(name, format)}.

The recipe is in ${settings.map(({ path }) => `\`${path}\``).join(" and ")}. A step has ${counted(batch, "row")}: ${perDevice} at once x accumulation
${accumulation} x ${counted(devices, "device")}. With another number of devices, change the accumulation so that the product stays.

${noted === undefined ? "" : `${noted}\n\n`}- install: \`${pipInstall(enginePackages(name, recipe))}\`
- start: \`bash launch.sh\`, or under Slurm \`sbatch slurm.sh\`
- on one card: \`${launchLine(command, { nodes: 1, gpusPerNode: 1 })}\`
- on a node of 8: \`${launchLine(command, { nodes: 1, gpusPerNode: 8 })}\`
- on several nodes, on each: \`${launchLine(command, { nodes: 2, gpusPerNode: 8 })}\`
- on the processor: \`${command.alone}\` (bf16 must be off${name === "axolotl" ? "" : " and use_cpu on"})

Checkpoints are written to \`checkpoints\` after each epoch; the paper reports the best of them. When the engine has ended,
\`${COMPLETION}\` gives each of them the chat template of the data, its end-of-turn token and a generation config that stops
there. The scripts run it; after an engine that was started otherwise, run \`python3 ${COMPLETION}\`.
`;
}

/** What an engine and its checkpoints have to know of the template of the data. */
export function chatEnding({ folder, tokenizer, template }: OpenJob): ChatEnding {
  const { jinja, endOfTurn } = template;
  const hasPadding = (field(folder.config, "pad_token") ?? undefined) !== undefined;
  return {
    jinja,
    endOfTurn,
    endOfTurnId: tokenizer.encode(endOfTurn)[0] ?? 0,
    padToken: hasPadding ? undefined : folder.eosToken,
  };
}

/**
 * The files of a training's folder beside the data: the engine's configuration, scripts that start it by hand and
 * under Slurm, DeepSpeed's configuration where it is needed, what completes the checkpoints, and a README.
 */
export function recipeFiles(
  name: TrainingEngineName,
  recipe: Recipe,
  chat: ChatEnding,
): readonly RecipeFile[] {
  const { command, files } = TRAINING_ENGINES[name];
  const settings = files(engineSettings(name, recipe, chat).settings, recipe);
  return [
    ...settings,
    ...deepSpeedFiles(recipe),
    ...completionFiles(chat, recipe.tokenizer),
    { path: "launch.sh", text: launchScript(command, recipe.hardware) },
    { path: "slurm.sh", text: slurmScript(command, recipe.hardware) },
    { path: "README.md", text: readme(name, recipe, settings) },
  ];
}

/** A training that is to be written as a folder, `out`; one that is there may be replaced with all that is in it. */
interface WriteTrainingOptions
  extends Pick<ExportTokenizedOptions, "examples" | "opened" | "notes" | "out" | "replace" | "onRow"> {
  readonly engine: TrainingEngineName;
  readonly recipe: Recipe;
}

/**
 * Writes everything that an engine needs for a training into a folder: the tokenised data with the labels of Eq. 1,
 * the configuration, scripts that start it, and READMEs of both. The folder appears under its name only when it is
 * complete. Gives what was tokenised, cut and dropped, and what a person should know before training.
 *
 * @throws AgentRefineError when the tokenizer, an example, the target or the disk do not allow it, or no row is left
 */
export async function writeTraining(options: WriteTrainingOptions): Promise<TokenizedExport> {
  const { engine, recipe, out, replace = false, ...rows } = options;
  const { format, data } = TRAINING_ENGINES[engine];
  const opened = rows.opened ?? (await openJob(recipe));
  const chat = chatEnding(opened);
  const fill = async (folder: string): Promise<TokenizedExport> => {
    const target = { format, out: join(folder, data), job: recipe, opened };
    const tally = await exportTokenized({ ...rows, ...target });
    for (const { path, text } of recipeFiles(engine, recipe, chat)) {
      await writeFileAtomically(join(folder, path), text);
      if (path.endsWith(".sh")) await chmod(join(folder, path), EXECUTABLE);
    }
    return tally;
  };
  const written = await writeFolderAtomically(out, fill, { replace });
  return {
    ...written,
    warnings: [...written.warnings, ...engineSettings(engine, recipe, chat).replaced],
  };
}
