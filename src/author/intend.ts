import type { Formula } from "../pddl/formula.ts";
import { applyAction, type GroundAction, isApplicable } from "../pddl/ground-action.ts";
import { holds } from "../pddl/holds.ts";
import { createPlanner, type Planner } from "../pddl/plan.ts";
import type { State } from "../pddl/state.ts";
import { randomFor } from "../random.ts";
import { nameOf } from "./conditions.ts";
import type { Deed } from "./phrase.ts";
import { isInSight, isSo, type Play, placeOf } from "./play.ts";
import { doorKey, type Fixture, type World } from "./world.ts";
import { deedOf } from "./world-problem.ts";

export interface Intention {
  readonly deed: Deed;
  /** The deed that this one leads up to, when it only prepares one. */
  readonly towards?: Deed;
  readonly sought?: string;
  readonly rest: readonly Deed[];
}

export type Player = (play: Play) => Intention;

/** The first room on a shortest way from the present one. */
function stepTowards(world: World, play: Play, room: string): Deed {
  const direct = world.doors.has(doorKey(play.room, room));
  return { operation: "go", names: [direct ? room : world.theme.corridor] };
}

/** How many containers the player opens in vain before the right one. */
function patience(world: World): number {
  return randomFor(world.seed, world.persona, "patience").integer(3);
}

/** Where the player looks for an item next; the right place once enough others were tried. */
function placeToSearch(world: World, play: Play, item: string): Fixture | undefined {
  const right = world.fixtures.get(placeOf(play, item) ?? "");
  const hint = world.task.hints.find((one) => one.item === item);
  const fixtures = [...world.fixtures.values()];
  const tried = fixtures.filter(({ kind, name }) => kind === "container" && play.looked.has(name)).length;
  if (hint?.fixture !== undefined || tried >= patience(world)) return right;
  const room = hint?.room ?? play.room;
  if (room !== play.room) return right;
  const choices = fixtures.filter(
    (fixture) =>
      fixture.kind === "container" &&
      fixture.room === room &&
      !play.looked.has(fixture.name) &&
      !isSo(play, "locked", fixture.name),
  );
  if (choices.length > 0) return randomFor(world.seed, world.persona, "search", item, tried).pick(choices);
  const unseen = fixtures.filter(
    (fixture) => !play.visited.has(fixture.room) && fixture.kind === "container",
  );
  if (hint !== undefined || unseen.length === 0 || play.visited.size > 2) return right;
  return randomFor(world.seed, world.persona, "wander", item, play.visited.size).pick(unseen);
}

function seek(world: World, play: Play, item: string, rest: readonly Deed[]): Intention | undefined {
  const place = placeToSearch(world, play, item);
  if (place === undefined) return undefined;
  const opening: Deed = { operation: "open", names: [place.name] };
  if (place.room === play.room) return { deed: opening, sought: item, rest };
  const deed = stepTowards(world, play, place.room);
  return { deed, sought: item, rest, ...(place.kind === "container" ? { towards: opening } : {}) };
}

function itemOf(world: World, deed: Deed): string | undefined {
  const [thing = ""] = deed.names;
  return world.items.has(thing) ? thing : undefined;
}

/**
 * The plan with each series of moves replaced by the shortest way; every room is at most one room away from another.
 */
function withShortWays(world: World, plan: readonly GroundAction[]): readonly GroundAction[] {
  const short: GroundAction[] = [];
  for (const action of plan) {
    const last = short.at(-1);
    const from = last?.objects[0];
    const to = action.objects[1];
    if (action.schema.name !== "go" || last?.schema.name !== "go" || from === undefined || to === undefined) {
      short.push(action);
    } else if (from === to) short.pop();
    else if (world.doors.has(doorKey(nameOf(from), nameOf(to)))) {
      short.splice(-1, 1, { schema: action.schema, objects: [from, to] });
    } else short.push(action);
  }
  return short;
}

/** What is left of a plan from a state on, or undefined when it does not lead to the goal any more. */
function remaining(
  world: World,
  plan: readonly GroundAction[],
  start: State,
  goal: Formula,
): readonly GroundAction[] | undefined {
  const { universe } = world.core;
  let state = start;
  const left = plan.filter((action) => {
    if (!isApplicable(action, state, universe)) return false;
    const next = applyAction(action, state, universe);
    const changes = next !== state;
    state = next;
    return changes;
  });
  return holds(goal, state, universe) ? withShortWays(world, left) : undefined;
}

const planners = new WeakMap<World, Planner>();

/** Each further trajectory of a world begins where the one before did: its planner is kept, and so are its plans. */
function plannerOf(world: World): Planner {
  const planner = planners.get(world) ?? createPlanner(world.core);
  planners.set(world, planner);
  return planner;
}

/** Plans for the first stage that is not reached; goes on with the plan before as long as it leads there. */
function createDeedPlanner(world: World): (play: Play) => readonly Deed[] {
  const planner = plannerOf(world);
  let plan: readonly GroundAction[] = [];
  return ({ state }) => {
    const { stages } = world.task;
    const stage = stages.find((one) => !holds(one, state, world.core.universe)) ?? world.core.goal;
    const fresh = (): readonly GroundAction[] => planner.findPlan(state, stage).plan ?? [];
    plan = remaining(world, plan, state, stage) ?? withShortWays(world, fresh());
    return plan.map((action) => deedOf(world.task, action));
  };
}

/** The deeds with a later taking of something that is in sight brought forward, as a person would do it. */
function takeAlong(world: World, play: Play, deeds: readonly Deed[]): readonly Deed[] {
  const early = deeds.find(
    ({ operation, names: [item = ""] }) =>
      operation === "take" && !isSo(play, "held", item) && isInSight(world, play, item),
  );
  return early === undefined ? deeds : [early, ...deeds.filter((deed) => deed !== early)];
}

/**
 * A player who plans with full knowledge of the world but does not use it: whatever has not been seen yet has
 * to be found first.
 */
export function createPlayer(world: World): Player {
  const plannedDeeds = createDeedPlanner(world);
  return (play) => {
    if (!play.visited.has(play.room)) return { deed: { operation: "look", names: [] }, rest: [] };
    const deeds = plannedDeeds(play);
    const wanted = deeds.find((deed) => itemOf(world, deed) !== undefined);
    const item = wanted === undefined ? undefined : itemOf(world, wanted);
    if (item !== undefined && !play.seen.has(item)) {
      const search = seek(world, play, item, deeds);
      if (search !== undefined) return search;
    }
    const [deed = { operation: "look", names: [] }, ...rest] = takeAlong(world, play, deeds);
    const purposeful = rest.find(({ operation }) => operation !== "go" && operation !== "open");
    const prepares = deed.operation === "go" || deed.operation === "open";
    return { deed, ...(prepares && purposeful !== undefined ? { towards: purposeful } : {}), rest };
  };
}
