import type { Environment, Start, Step } from "../environment.ts";
import { agentboardGoal } from "./goal.ts";
import type { GeneratedLevel } from "./levels/generate-level.ts";
import { actAsAgentboard } from "./play/agentboard-rules.ts";
import { actPlainly } from "./play/plain-rules.ts";
import { type Answer, beginPlay, type Play, type Rules, type Scene } from "./play/play.ts";
import type { Simulation } from "./play/simulation.ts";
import { fullLabelProgress, labelProgress, type SubgoalPatterns } from "./progress/label-progress.ts";
import { missionProgress } from "./progress/mission-progress.ts";
import { type Progress, rewardProgress } from "./progress/progress.ts";

/** Where progress comes from. */
export type Scoring =
  /** The subgoals of AgentBoard's label file. */
  | { readonly code: "labels"; readonly subgoals: SubgoalPatterns }
  /** The mission's own parts. */
  | { readonly code: "mission" }
  /** The grid world's reward, as AgentBoard does without labels; it can fall. For comparison only. */
  | { readonly code: "reward" };

/** How a world is played. */
export interface BabyaiOptions {
  readonly rules: Rules;
  readonly scoring: Scoring;
}

function progressAt(scene: Scene, { world, check }: Simulation, { rules, scoring }: BabyaiOptions): Progress {
  switch (scoring.code) {
    case "labels":
      return rules === "agentboard"
        ? labelProgress(scoring.subgoals)
        : fullLabelProgress(scoring.subgoals, scene.observation);
    case "mission":
      return missionProgress({ view: scene.view, world, check });
    case "reward":
      return rewardProgress();
  }
}

/** The first moment of a play of a generated level. */
export function beginBabyai(generated: GeneratedLevel, options: BabyaiOptions): Play {
  return beginPlay(generated, options.rules, (scene, simulation) => progressAt(scene, simulation, options));
}

/** One action under the given rules; `play` stays as it is. */
export function actInBabyai(play: Play, action: string, rules: Rules): Answer {
  return rules === "agentboard" ? actAsAgentboard(play, action) : actPlainly(play, action);
}

function toStep({ play, observation }: Answer, rules: Rules): Step {
  const { progress, done, success, actionIsValid, scene } = play;
  return {
    observation,
    // A mission that succeeds in a way which its labels did not foresee is achieved in full.
    progress: success && rules === "plain" ? 1 : progress.value,
    done,
    success,
    actionIsValid,
    validActions: [...scene.listing.actions.keys()],
  };
}

/** An environment in which a generated level is played. The level itself is never changed. */
export function createBabyaiEnvironment(generated: GeneratedLevel, options: BabyaiOptions): Environment {
  const { rules } = options;
  const first = beginBabyai(generated, options);
  let play = first;
  let last: Step | undefined;
  return {
    reset: (): Start => {
      play = first;
      last = undefined;
      return {
        observation: first.scene.observation,
        goal: rules === "agentboard" ? agentboardGoal(generated.mission) : generated.mission,
        validActions: [...first.scene.listing.actions.keys()],
      };
    },
    step: (action) => {
      if (last?.done) return last;
      const answer = actInBabyai(play, action, rules);
      play = answer.play;
      last = toStep(answer, rules);
      return last;
    },
  };
}
