import type { PureWorld, Start, Step } from "../world.ts";
import type { GeneratedLevel } from "./levels/generate-level.ts";
import { type Answer, beginPlay, type Play, type Rules, type Scene, type Simulation } from "./play/play.ts";
import {
  fullLabelProgress,
  labelProgress,
  missionProgress,
  type Progress,
  type SubgoalPatterns,
} from "./play/progress.ts";
import { actInBabyai } from "./play/rules.ts";

/** Where progress comes from: what it is at the first moment of a play. */
export type Scoring = (scene: Scene, simulation: Simulation, rules: Rules) => Progress;

/** Progress by the subgoals of AgentBoard's label file. */
export function scoreByLabels(subgoals: SubgoalPatterns): Scoring {
  return ({ observation }, _simulation, rules) =>
    rules === "agentboard" ? labelProgress(subgoals) : fullLabelProgress(subgoals, observation);
}

/** Progress by the mission's own parts. */
export const scoreByMission: Scoring = ({ view }, { world, check }) =>
  missionProgress({ view, world, check });

/** How a world is played. */
export interface BabyaiOptions {
  readonly rules: Rules;
  readonly scoring: Scoring;
}

/** The first moment of a play of a generated level. */
export function beginBabyai(generated: GeneratedLevel, { rules, scoring }: BabyaiOptions): Play {
  return beginPlay(generated, rules, (scene, simulation) => scoring(scene, simulation, rules));
}

function toStep({ play, observation }: Answer, rules: Rules): Step {
  const { progress, done, success, actionIsValid } = play;
  // A mission that succeeds in a way which its labels did not foresee is achieved in full.
  const reached = success && rules === "plain" ? 1 : progress.value;
  return {
    observation,
    scores: { success: success ? 1 : 0, progress: reached },
    understood: actionIsValid,
    ...(done ? { ending: success ? "success" : "failure" } : {}),
  };
}

/** A world in which a generated level is played. The level itself is never changed. */
export function createBabyaiWorld(generated: GeneratedLevel, options: BabyaiOptions): PureWorld {
  const { rules } = options;
  const { mission } = generated;
  const first = beginBabyai(generated, options);
  let play = first;
  let last: Step | undefined;
  return {
    // AgentBoard's "and" for "then" and "after you" hides the order from the agent, and turns it round for the latter.
    reset: (): Start => {
      play = first;
      last = undefined;
      return {
        observation: first.scene.observation,
        goal:
          rules === "agentboard" ? mission.replaceAll("then", "and").replaceAll("after you", "and") : mission,
      };
    },
    step: (action) => {
      if (last?.ending !== undefined) return last;
      const answer = actInBabyai(play, action, rules);
      play = answer.play;
      last = toStep(answer, rules);
      return last;
    },
    actions: () => [...play.scene.listing.actions.keys()],
  };
}
