import type { PureWorld, Step } from "../world.ts";
import type { Scorer, Scoring } from "./scoring.ts";
import { createSimulator, type Game } from "./simulator.ts";

const LIST = "check valid actions";

/** A player's action as AgentBoard's task loop rewrites it. */
export function rewrittenAction(text: string): string {
  let action = text.trim();
  if (action.includes("put")) {
    action = action.includes(" in ")
      ? action.replaceAll(" in ", " in/on ")
      : action.replaceAll(" on ", " in/on ");
  }
  return action.endsWith(".") ? action.slice(0, -1).trim() : action;
}

/** What is shown of a text: where one has arrived is not told. */
function withoutPlace(text: string): string {
  return text.startsWith("You arrive at loc ") ? text.slice(text.indexOf(". ") + 2) : text;
}

/** What AgentBoard takes from the introduction: the room, and what follows "Your task is to:". */
function readIntroduction(text: string): { readonly room: string; readonly goal: string } {
  const [room = "", task = ""] = text.split("\n\n").slice(1).join("\n").split("\n");
  return { room, goal: (task.split("Your task is to:")[1] ?? "").trim() };
}

/** A world with what AgentBoard's wrapper keeps, beside what players are shown. */
interface AlfworldWorld extends PureWorld {
  /** What the simulator said to the last action; undefined when it was not asked. */
  raw(): string | undefined;
}

/** A game as AgentBoard plays it (its wrapper and its task loop). */
export function createAlfworldWorld(game: Game, scoring: Scoring): AlfworldWorld {
  const simulator = createSimulator(game);
  let scorer: Scorer = scoring(game.problem);
  let place = "";
  let isDone = false;
  let last: Step | undefined;
  let raw: string | undefined;
  const actions = (): readonly string[] => {
    const listed = simulator.admissible();
    return [...listed, ...["look", LIST].filter((each) => !listed.includes(each))];
  };
  const simulate = (action: string): string => {
    const { observation, won } = simulator.step(action);
    raw = observation;
    isDone = won;
    return observation;
  };
  /** What is answered to an action: the list, the place that was seen last, or what the simulator says. */
  const answer = (action: string): string => {
    if (action === LIST) return `Choose an action from these valid actions: ${actions().join(", ")}`;
    const said = simulate(action);
    return action === "look" ? place : said;
  };
  return {
    raw: () => raw,
    actions,
    reset: () => {
      const { room, goal } = readIntroduction(simulator.reset().observation);
      scorer = scoring(game.problem);
      place = room;
      isDone = false;
      last = undefined;
      return { observation: room, goal };
    },
    step: (text) => {
      if (last?.ending !== undefined) return last;
      raw = undefined;
      const rewritten = rewrittenAction(text);
      const understood = actions().includes(rewritten);
      const action = rewritten.endsWith(".") ? rewritten.slice(0, -1) : rewritten;
      const said = answer(action);
      const isPlace = action.includes("go to") || action.includes("open");
      if (isPlace && !said.includes("Nothing happens")) place = said;
      const observation = withoutPlace(said);
      const progress = scorer.after(observation, simulator.state());
      last = {
        observation,
        scores: { success: isDone ? 1 : 0, progress: isDone ? 1 : progress },
        understood,
        ...(isDone ? { ending: "success" as const } : {}),
      };
      return last;
    },
  };
}
