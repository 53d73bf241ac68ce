import { type BabyaiOptions, beginBabyai } from "../babyai-world.ts";
import type { GeneratedLevel } from "../levels/generate-level.ts";
import type { Play } from "../play/play.ts";
import { actInBabyai } from "../play/rules.ts";
import { CHECK_ACTIONS } from "../text/listing.ts";
import type { World } from "../world/world.ts";
import { remainingMoves } from "./remaining-moves.ts";

interface Node {
  readonly play: Play;
  readonly action: string;
  readonly parent: Node | undefined;
  /** Lower is better. */
  readonly rank: number;
}

/** AgentBoard's and the paper's limit for an episode (section 4.1). */
const MAXIMUM_ACTIONS = 30;
/** How many plays are followed after each action: few first, and many only where few do not suffice. */
const WIDTHS: readonly number[] = [12, 100];

/** A text that two plays share when they cannot differ in what follows. */
function keyOf({ simulation, progress }: Play): string {
  const { cells, doors, agent, carrying }: World = simulation.world;
  const state = `${agent.x},${agent.y},${agent.direction},${carrying},${progress.value}`;
  return `${state}|${cells.join()}|${doors.join()}`;
}

/**
 * Whether a play has achieved its mission. Under AgentBoard's rules an episode can also end by a failure that
 * counts as success; the expert does not take that way.
 */
function isSolved({ simulation, progress, done, success }: Play): boolean {
  return done && success && (simulation.check.done || progress.value === 1);
}

function actionsTo(node: Node): string[] {
  const actions: string[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) actions.push(at.action);
  return actions.reverse();
}

function expand(node: Node, options: BabyaiOptions, seen: Set<string>): Node[] {
  const children: Node[] = [];
  for (const action of node.play.scene.listing.actions.keys()) {
    if (action === CHECK_ACTIONS) continue;
    const { play } = actInBabyai(node.play, action, options.rules);
    if (play.done && !isSolved(play)) continue;
    const key = keyOf(play);
    if (seen.has(key)) continue;
    seen.add(key);
    const { world, check } = play.simulation;
    const rank = isSolved(play) ? -1 : remainingMoves(world, check) - play.progress.value;
    children.push({ play, action, parent: node, rank });
  }
  return children;
}

function search(start: Play, options: BabyaiOptions, width: number): readonly string[] | undefined {
  const seen = new Set<string>();
  let beam: Node[] = [{ play: start, action: "", parent: undefined, rank: 0 }];
  for (let depth = 0; depth < MAXIMUM_ACTIONS && beam.length > 0; depth += 1) {
    const children = beam.flatMap((node) => expand(node, options, seen));
    children.sort((a, b) => a.rank - b.rank);
    const [best] = children;
    if (best !== undefined && isSolved(best.play)) return actionsTo(best);
    beam = children.slice(0, width);
  }
  return undefined;
}

/**
 * Finds at most 30 actions that achieve a level's mission, by a beam search over the text actions that knows
 * the whole world. Undefined when it finds none.
 */
export function solveBabyai(
  generated: GeneratedLevel,
  options: BabyaiOptions,
): readonly string[] | undefined {
  const start = beginBabyai(generated, options);
  for (const width of WIDTHS) {
    const actions = search(start, options, width);
    if (actions !== undefined) return actions;
  }
  return undefined;
}
