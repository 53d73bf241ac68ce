import { formatReAct, type Instruction, type ReAct } from "../react.ts";
import type { PureWorld, Start } from "./world.ts";

/** A worked example: turns of a player, and the small world that they are played in. */
export interface Example {
  readonly turns: readonly ReAct[];
  createWorld(): PureWorld;
}

/** What players of a kind of task are told in advance; the goal and the first observation come from the task. */
export interface Guide extends Pick<Instruction, "world" | "player" | "actions"> {
  readonly example?: Example;
}

/** Examples that were played already: each is the same every time. */
const played = new WeakMap<Example, string>();

/** A turn with what the world answered. */
export interface PlayedTurn extends ReAct {
  readonly observation: string;
}

/** A played example as text, in the form of the conversation that follows it. */
export function playedText({ goal, observation }: Start, turns: readonly PlayedTurn[]): string {
  const lines = turns.flatMap((turn) => [formatReAct(turn), `Observation: ${turn.observation.trim()}`]);
  return [`Goal: ${goal.trim()}`, `Observation: ${observation.trim()}`, ...lines].join("\n");
}

/** The text of a worked example, which is played in its world, so that what it shows is what the world says. */
export function exampleText(example: Example): string {
  const known = played.get(example);
  if (known !== undefined) return known;
  const world = example.createWorld();
  const start = world.reset();
  const turns = example.turns.map((turn) => ({ ...turn, observation: world.step(turn.action).observation }));
  const text = playedText(start, turns);
  played.set(example, text);
  return text;
}

/** What an agent is told of a task before its first observation: guide, goal and a worked example if there is one. */
export function instructionOf({ example, ...guide }: Guide, { goal }: Start): Instruction {
  return { ...guide, goal, ...(example === undefined ? {} : { example: exampleText(example) }) };
}
