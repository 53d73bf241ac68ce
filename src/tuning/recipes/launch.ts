import type { Hardware } from "./recipe.ts";

/** Where the processes of one training meet, as shell words. */
interface Meeting {
  readonly nodes: string;
  readonly rank: string;
  readonly address: string;
}

/** How an engine is started. Each gives one line for a shell in the training's folder. */
export interface EngineCommand {
  /** On the processor. */
  readonly alone: string;
  /** On cards, also on a single one: DeepSpeed needs the launcher, and without it all cards there are would be used. */
  onNode(gpus: number): string;
  onNodes(gpus: number, meeting: Meeting): string;
  /** Lines that stand before it in the scripts. */
  readonly before?: readonly string[];
}

/** The port at which the processes of several nodes meet. */
const PORT = 29_500;

/** The command of an engine that LLaMA-Factory's own launcher starts. */
export const LLAMAFACTORY_COMMAND: EngineCommand = {
  alone: "llamafactory-cli train train.yaml",
  onNode: (gpus) => `FORCE_TORCHRUN=1 NPROC_PER_NODE=${gpus} llamafactory-cli train train.yaml`,
  onNodes: (gpus, { nodes, rank, address }) =>
    `FORCE_TORCHRUN=1 NPROC_PER_NODE=${gpus} NNODES=${nodes} NODE_RANK=${rank} MASTER_ADDR=${address} ` +
    `MASTER_PORT=${PORT} llamafactory-cli train train.yaml`,
};

/** The command of an engine that torchrun starts. `program` is what Python runs. */
export function torchrunCommand(alone: string, program: string): EngineCommand {
  return {
    alone,
    onNode: (gpus) => `torchrun --nproc_per_node ${gpus} ${program}`,
    onNodes: (gpus, { nodes, rank, address }) =>
      `torchrun --nnodes ${nodes} --node_rank ${rank} --nproc_per_node ${gpus} --master_addr ${address} ` +
      `--master_port ${PORT} ${program}`,
  };
}

/**
 * axolotl's command. axolotl reports to its makers what it is used for; where nothing outside can be reached, such as on
 * the nodes of many clusters, it then does not come to its end.
 */
export const AXOLOTL_COMMAND: EngineCommand = {
  ...torchrunCommand("axolotl train train.yaml", "-m axolotl.cli.train train.yaml"),
  before: [
    "# Set it to 0 to let axolotl report what it is used for.",
    `export AXOLOTL_DO_NOT_TRACK="\${AXOLOTL_DO_NOT_TRACK:-1}"`,
  ],
};

/** The line that starts an engine on one node, or on each of several with `RANK` and `HEAD` set. */
export function launchLine(command: EngineCommand, { nodes, gpusPerNode }: Hardware): string {
  if (nodes > 1) {
    return command.onNodes(gpusPerNode, { nodes: `${nodes}`, rank: '"$RANK"', address: '"$HEAD"' });
  }
  return gpusPerNode > 0 ? command.onNode(gpusPerNode) : command.alone;
}

/** The shell script that starts a training by hand. */
export function launchScript(command: EngineCommand, hardware: Hardware): string {
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
    launchLine(command, hardware),
  ].join("\n")}\n`;
}

/** The script that starts a training under Slurm, one task on each node. */
export function slurmScript(command: EngineCommand, { nodes, gpusPerNode }: Hardware): string {
  const line =
    nodes > 1
      ? `srun bash -c '${command.onNodes(gpusPerNode, { nodes: "$SLURM_NNODES", rank: "$SLURM_NODEID", address: "$HEAD" })}'`
      : `srun ${launchLine(command, { nodes, gpusPerNode }).startsWith("FORCE") ? "env " : ""}${launchLine(command, { nodes, gpusPerNode })}`;
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
    line,
  ].join("\n")}\n`;
}
