import { bakeryTrajectory, dungeonMaster, player } from "../../dataset/testing/trajectories.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import { trainingExample } from "../../dataset/training-example.ts";

const turns = [
  dungeonMaster("Ein Tor — 世界 🌍, it's 12345 steps away…"),
  player("Let me see:\n\n- a list\n-  two spaces", "go to {gate}"),
  dungeonMaster("No such place.", { placeError: true }),
  player("I read it wrong.", "go to gate"),
  dungeonMaster("Task Succeed", { finished: true }),
];

/** Examples of different lengths, with error turns, other scripts than the Latin one, and spaces in a row. */
export const PROOF_EXAMPLES: readonly TrainingExample[] = [
  bakeryTrajectory,
  { script: bakeryTrajectory.script, turns },
  { script: bakeryTrajectory.script, turns: bakeryTrajectory.turns.slice(0, 3) },
].flatMap((trajectory, place) => trainingExample(`p${place + 1}`, trajectory) ?? []);
