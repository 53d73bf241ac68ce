import type { Action, Script } from "../../script/script.ts";
import {
  type DungeonMasterTurn,
  type ErrorRun,
  errorRuns,
  type PlayerTurn,
  type Trajectory,
  type Turn,
} from "../../trajectory/trajectory.ts";
import { wrapText } from "../terminal/text.ts";

/** What a line is, so that the caller can choose its colour. */
export type ShownKind = "heading" | "thought" | "observation" | "action" | "error" | "refinement" | "fault";

/** A trajectory to show. A rejected one has the turns that were verified and a fault. */
export interface ShownTrajectory {
  readonly persona: string;
  readonly trajectory: Trajectory;
  /** Why it was rejected, in words. */
  readonly fault?: string;
}

/** How to show it. */
export interface ShowOptions {
  /** Characters a line; 80 when not given. Never fewer than 30 are used. */
  readonly width?: number;
  /** Puts colour on a finished line, which stays as it is when this is not given. */
  readonly style?: (kind: ShownKind, text: string) => string;
}

interface Block {
  readonly kind: ShownKind | undefined;
  readonly text: string;
  readonly indent: number;
}

const ERROR_KINDS = [
  ["parameter", "parameterError"],
  ["place", "placeError"],
  ["logic", "logicError"],
] as const satisfies readonly (readonly [string, keyof DungeonMasterTurn])[];

function heading(text: string): Block {
  return { kind: "heading", text, indent: 0 };
}

function runText({ first, last, length }: ErrorRun): string {
  if (length === 1) return `turn ${first}`;
  return `turns ${first} ${length === 2 ? "and" : "to"} ${last}`;
}

function judgement(number: number, next: Turn | undefined, runs: readonly ErrorRun[]): Block {
  if (next?.role !== "DM") return heading(`Turn ${number}, player; loss: none (not judged)`);
  const errors = ERROR_KINDS.filter(([, flag]) => next[flag]).map(([kind]) => kind);
  if (errors.length > 0) {
    const text = `Turn ${number}, player: ERROR (${errors.join(", ")}); loss: no`;
    return { kind: "error", text, indent: 0 };
  }
  const refined = runs.find((run) => run.last === number - 2);
  if (refined === undefined) return heading(`Turn ${number}, player; loss: yes`);
  const text = `Turn ${number}, player; loss: yes (refines ${runText(refined)})`;
  return { kind: "refinement", text, indent: 0 };
}

function playerBlocks(turn: PlayerTurn, judged: Block): readonly Block[] {
  return [
    judged,
    { kind: "thought", text: `Thought: ${turn.thought.trim()}`, indent: 2 },
    { kind: "action", text: `Action: ${turn.action.trim()}`, indent: 2 },
  ];
}

function dungeonMasterBlocks(turn: DungeonMasterTurn, number: number): readonly Block[] {
  const progress = `progress ${Math.round(turn.progressRate * 100)} %${turn.finished ? ", finished" : ""}`;
  return [
    heading(`Turn ${number}, dungeon master: ${progress}`),
    { kind: "thought", text: `Thought: ${turn.thought.trim()}`, indent: 2 },
    { kind: "observation", text: `Observation: ${turn.observation.trim()}`, indent: 2 },
  ];
}

function plain(text: string): Block {
  return { kind: undefined, text: text.trim(), indent: 2 };
}

/** The tree of places and objects, as compact as it can be read. */
function placesText({ placesAndObjects }: Script): string {
  return JSON.stringify(placesAndObjects, null, 1).replaceAll(/"([^"\\]+)":/g, "$1:");
}

/** An action with its pattern, without which a fault of an action cannot be judged. */
function actionBlocks({ name, pattern, description, specialFormat, parameters }: Action): readonly Block[] {
  const values = parameters.map((parameter) => `${parameter.name}: ${parameter.values.join(", ")}`);
  return [
    plain(`- ${name}${description === undefined ? "" : `: ${description.trim()}`}`),
    ...[`pattern ${pattern}`, ...(specialFormat === undefined ? [] : [specialFormat]), ...values].map(
      (text): Block => ({ kind: "thought", text, indent: 6 }),
    ),
  ];
}

/** A script for reading: the goal, the conditions, the world and the actions. */
function scriptSections(script: Script): readonly (readonly Block[])[] {
  const conditions = script.completionConditions.map((condition) => plain(`- ${condition.trim()}`));
  return [
    [heading("Goal"), plain(script.goal)],
    [heading("Completion conditions"), ...conditions],
    [
      heading("Environment"),
      plain(script.initialState),
      plain(`Player: ${script.player}`),
      plain(placesText(script)),
    ],
    [heading("Available actions"), ...script.actions.flatMap(actionBlocks)],
  ];
}

function sections({ persona, trajectory, fault }: ShownTrajectory): readonly (readonly Block[])[] {
  const { script, turns } = trajectory;
  const runs = errorRuns(turns);
  return [
    [heading("Persona"), plain(persona)],
    ...scriptSections(script),
    ...turns.map((turn, number) =>
      turn.role === "DM"
        ? dungeonMasterBlocks(turn, number)
        : playerBlocks(turn, judgement(number, turns[number + 1], runs)),
    ),
    ...(fault === undefined
      ? []
      : [[{ kind: "fault" as const, text: `Rejected: ${fault.trim()}`, indent: 0 }]]),
  ];
}

/**
 * A trajectory as lines for a terminal: the persona, the goal and the completion conditions, then each turn, with
 * error turns, their kinds, the `loss` that training gives them (Eq. 1) and what a turn refines, then the fault of
 * a rejected one. A turn refines the run of error turns right before it. Lines are wrapped before they are styled.
 */
export function showTrajectory(shown: ShownTrajectory, options: ShowOptions = {}): readonly string[] {
  return sectionLines(sections(shown), options);
}

/** A script as lines for a terminal: goal, completion conditions, environment and available actions. */
export function scriptLines(script: Script, options: ShowOptions = {}): readonly string[] {
  return sectionLines(scriptSections(script), options);
}

function sectionLines(
  sectioned: readonly (readonly Block[])[],
  { style = (_kind, text) => text, ...options }: ShowOptions,
): readonly string[] {
  const width = Math.max(options.width ?? 80, 30);
  const lines = (block: Block): readonly string[] => {
    const wrapped = wrapText(block.text, { width, indent: block.indent, hanging: block.indent + 2 });
    const { kind } = block;
    return kind === undefined ? wrapped : wrapped.map((line) => style(kind, line));
  };
  return sectioned.flatMap((blocks, place) => [
    ...(place === 0 ? [] : [""]),
    ...blocks.flatMap((block) => lines(block)),
  ]);
}
