import { applyAction, isApplicable } from "../../pddl/ground-action.ts";
import type { Problem } from "../../pddl/problem.ts";
import type { State } from "../../pddl/state.ts";
import type { PureWorld, Step } from "../world.ts";
import type { Game } from "./games.ts";
import {
  describeNewFacts,
  describeState,
  fractionAchieved,
  goalText,
  type Listing,
  listActions,
  wantedFacts,
} from "./play/describe.ts";
import { readAction } from "./play/read-action.ts";

const NOT_UNDERSTOOD = "The action is not valid and therefore takes no effect. Please check valid actions.";
const NOT_POSSIBLE =
  "The action is not valid and therefore takes no effect. Please remember to satisfy the restriction of actions. You can also check valid actions.";

/** One moment of an episode. Never changes. */
interface Moment {
  readonly state: State;
  readonly listing: Listing;
  readonly progress: number;
  /** Every wanted fact holds. Looked at only when an action has changed the state. */
  readonly achieved: boolean;
}

function stepAt({ progress, achieved }: Moment, observation: string, understood: boolean): Step {
  const scores = { success: achieved ? 1 : 0, progress };
  return { observation, scores, understood, ...(achieved ? { ending: "success" } : {}) };
}

/**
 * A PDDL problem as AgentBoard shows it, to the string: see
 * {@link readAction} for how text is understood. Progress is the greatest fraction of wanted facts that held after
 * any action that changed something; actions that only ask (`check …`, `look around`) count as valid.
 * Throws an `AgentRefineError` when the problem's goal is not a list of facts.
 */
export function createPddlWorld(game: Game, problem: Problem): PureWorld {
  const wanted = wantedFacts(problem);
  const schemas = new Map(game.domain.actions.map((schema) => [schema.name, schema]));
  const first: Moment = {
    state: problem.initial,
    listing: listActions(game, problem, problem.initial),
    progress: 0,
    achieved: false,
  };
  let moment = first;
  let last: Step | undefined;

  const act = (text: string): Step => {
    const action = readAction(text, moment.listing.verbs, schemas, problem);
    if (action === undefined) return stepAt(moment, NOT_UNDERSTOOD, false);
    const before = moment.state;
    const isPossible = isApplicable(action, before, problem.universe);
    const state = isPossible ? applyAction(action, before, problem.universe) : before;
    if (state === before) return stepAt(moment, NOT_POSSIBLE, false);
    const fraction = fractionAchieved(wanted, state);
    const achieved = fraction === 1;
    const progress = Math.max(moment.progress, fraction);
    moment = { state, listing: listActions(game, problem, state), progress, achieved };
    const observation = game.tellsOnlyChanges ? describeNewFacts(before, state) : describeState(state);
    return stepAt(moment, achieved ? `${observation} The goal is satisfied.` : observation, true);
  };

  const answer = (text: string): Step => {
    const lower = text.toLowerCase();
    if (lower.includes("check")) {
      return stepAt(moment, `Valid actions are: ${moment.listing.texts.join(", ")}`, true);
    }
    return lower.includes("look around") ? stepAt(moment, describeState(moment.state), true) : act(text);
  };

  return {
    reset: () => {
      moment = first;
      last = undefined;
      return { observation: describeState(first.state), goal: goalText(wanted) };
    },
    step: (text) => {
      if (last?.ending !== undefined) return last;
      last = answer(text);
      return last;
    },
    actions: () => moment.listing.texts,
  };
}
