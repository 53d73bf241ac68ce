import { applicableActions, changesOf, type GroundAction } from "../../pddl/ground-action.ts";
import { holds } from "../../pddl/holds.ts";
import type { Problem } from "../../pddl/problem.ts";
import { changeState, type Fact, type State } from "../../pddl/state.ts";
import { namesOf } from "./names.ts";
import { changesSomething } from "./operators.ts";
import { writeText } from "./text/derive.ts";
import type { Grammar } from "./text/grammar.ts";
import { lastingTemplates } from "./text/lasting.ts";
import { typedKey, type Values } from "./text/match.ts";
import { readSymbols } from "./text/symbols.ts";

/** A game: a PDDL problem and the words to play it in. */
export interface Game {
  readonly problem: Problem;
  readonly grammar: Grammar;
}

/** What the simulator shows, and whether the goal holds now. */
export interface Shown {
  readonly observation: string;
  readonly won: boolean;
}

/** Plays a game as TextWorld does. It goes on when the goal is reached, and the goal may cease to hold. */
export interface Simulator {
  reset(): Shown;
  step(command: string): Shown;
  /** The commands that do something now, sorted. */
  admissible(): readonly string[];
  /** The command that does an action now; undefined for one that changes nothing or has no words. */
  commandOf(action: GroundAction): string | undefined;
  /** The facts of now; what an action took away is also there, as a fact `not_…`. */
  state(): State;
}

const INTRODUCTION = readSymbols("#intro#");
const NO_VALUES: Values = new Map();

/** The objects of an action by the names of its parameters. */
function valuesOf({ schema, objects }: GroundAction): Values {
  const values = new Map<string, string>();
  schema.parameters.forEach((parameter, place) => {
    const name = parameter.name.replaceAll("?", "");
    const object = objects[place] ?? "";
    values.set(name, object).set(typedKey({ name, type: parameter.types[0] ?? "object" }), object);
  });
  return values;
}

function denied({ predicate, objects }: Fact): Fact {
  return { predicate: `not_${predicate}`, objects };
}

/** The state after an action, in which what it took away is told as a fact of its own. */
function stateAfter(action: GroundAction, state: State, { universe }: Problem): State {
  const { adds, deletes } = changesOf(action, state, universe);
  const kept = new Set(adds.map(({ predicate, objects }) => `${predicate} ${objects.join(" ")}`));
  const gone = deletes.filter(({ predicate, objects }) => !kept.has(`${predicate} ${objects.join(" ")}`));
  return changeState(state, [...gone, ...adds.map(denied)], [...adds, ...gone.map(denied)]);
}

/** The objects that some fact speaks of. */
function objectsIn({ relations }: State): ReadonlySet<string> {
  const objects = new Set<string>();
  for (const { tuples } of relations.values()) {
    for (const tuple of tuples.values()) for (const object of tuple) objects.add(object);
  }
  return objects;
}

/** Begins nothing: `reset` does. Its methods throw an Error when the game's grammar has no text for what happens. */
export function createSimulator({ problem, grammar }: Game): Simulator {
  const names = namesOf(objectsIn(problem.initial));
  let state = problem.initial;
  let listed: ReadonlyMap<string, GroundAction> | undefined;
  const scene = () => ({ state, universe: problem.universe, names });
  // A command that no change of the state can change is written once a game: listing is most of what a step costs.
  const lasting = lastingTemplates(grammar, problem.domain);
  const written = new Map<string, string | undefined>();
  const write = (action: GroundAction): string | undefined => {
    const text = grammar.actions.get(action.schema.name);
    if (text === undefined || !changesSomething(action)) return undefined;
    return writeText(text.template, grammar, scene(), valuesOf(action));
  };
  const commandOf = (action: GroundAction): string | undefined => {
    if (!lasting.has(action.schema.name)) return write(action);
    const key = `${action.schema.name} ${action.objects.join(" ")}`;
    const known = written.get(key);
    if (known !== undefined || written.has(key)) return known;
    const command = write(action);
    written.set(key, command);
    return command;
  };
  const commands = (): ReadonlyMap<string, GroundAction> => {
    if (listed !== undefined) return listed;
    const found = new Map<string, GroundAction>();
    for (const action of applicableActions(problem, state)) {
      const command = commandOf(action);
      if (command !== undefined && !found.has(command)) found.set(command, action);
    }
    listed = found;
    return found;
  };
  const shown = (observation: string): Shown => ({
    observation,
    won: holds(problem.goal, state, problem.universe),
  });
  return {
    reset: () => {
      state = problem.initial;
      listed = undefined;
      return shown(writeText(INTRODUCTION, grammar, scene(), NO_VALUES));
    },
    step: (command) => {
      const action = commands().get(command.trim());
      const text = action && grammar.actions.get(action.schema.name);
      if (action === undefined || text === undefined) return shown("Nothing happens.");
      state = stateAfter(action, state, problem);
      listed = undefined;
      return shown(writeText(text.feedback, grammar, scene(), valuesOf(action)));
    },
    admissible: () => [...commands().keys()].sort(),
    commandOf,
    state: () => state,
  };
}
