import { changingPredicates, type Domain } from "../../pddl/domain.ts";
import { type Effect, type Formula, NO_EFFECT } from "../../pddl/formula.ts";
import { applicableActions, bindingOf, changesOf, type GroundAction } from "../../pddl/ground-action.ts";
import { type Binding, groundTerms, holds } from "../../pddl/holds.ts";
import type { Problem } from "../../pddl/problem.ts";
import { changeState, type Fact, type State } from "../../pddl/state.ts";
import { typedKey, type Values, writeText } from "./text/derive.ts";
import { type Grammar, readSymbols, type TextSymbol } from "./text/grammar.ts";

const ESCAPES: readonly (readonly [written: string, sign: string])[] = [
  ["_minus_", "-"],
  ["_plus_", "+"],
  ["_dot_", "."],
  ["_comma_", ","],
];

function readable(text: string): string {
  if (!text.includes("_")) return text;
  return ESCAPES.reduce((read, [written, sign]) => read.replaceAll(written, sign), text);
}

/** What an id is called without its number; undefined for one that gets none, as it has no place. */
function kindOf(id: string): string | undefined {
  const end = id.indexOf("_bar_");
  if (end < 0) return undefined;
  return id.includes("basin") ? `${id.slice(0, end)}basin` : id.slice(0, end);
}

/**
 * What things are called, by their ids: `mug_bar_…` is `mug 2`. Things of a kind are numbered from the end of the
 * sorted ids, so that the first one has the highest number; an id without a place keeps its name and a blank.
 */
export function namesOf(ids: ReadonlySet<string>): ReadonlyMap<string, string> {
  const left = new Map<string, number>();
  const sorted = [...ids].sort().map((id) => ({ id, kind: kindOf(id) }));
  for (const { kind } of sorted) if (kind !== undefined) left.set(kind, (left.get(kind) ?? 0) + 1);
  const names = new Map<string, string>();
  for (const { id, kind } of sorted) {
    const number = kind === undefined ? 0 : (left.get(kind) ?? 0);
    if (kind !== undefined) left.set(kind, number - 1);
    names.set(id, kind === undefined ? `${readable(id)} ` : `${readable(kind)} ${number}`);
  }
  return names;
}

/** An atom that a precondition demands to hold or not to hold, or an effect makes so. */
type Literals = Map<string, boolean>;

function demandedBy(formula: Formula, binding: Binding, into: Literals): Literals {
  if (formula.kind === "and") for (const part of formula.parts) demandedBy(part, binding, into);
  else if (formula.kind === "atom") {
    into.set([formula.predicate, ...groundTerms(formula, binding)].join(" "), true);
  } else if (formula.kind === "not" && formula.formula.kind === "atom") {
    into.set([formula.formula.predicate, ...groundTerms(formula.formula, binding)].join(" "), false);
  }
  return into;
}

/** What an effect makes so; undefined when it has conditions or speaks of all objects. An add wins over a delete. */
function madeBy(effect: Effect, binding: Binding, into: Literals): Literals | undefined {
  if (effect.kind === "all") {
    return effect.parts.every((part) => madeBy(part, binding, into) !== undefined) ? into : undefined;
  }
  if (effect.kind !== "add" && effect.kind !== "delete") return undefined;
  const atom = [effect.atom.predicate, ...groundTerms(effect.atom, binding)].join(" ");
  if (effect.kind === "add") into.set(atom, true);
  else if (!into.has(atom)) into.set(atom, false);
  return into;
}

/**
 * Whether an action makes something so that its precondition does not demand already. The original's planner drops the
 * others: one cannot go where one stands.
 */
function changesSomething(action: GroundAction): boolean {
  const { precondition, effect } = action.schema;
  if (effect === NO_EFFECT) return false;
  const binding = bindingOf(action.schema, action.objects);
  const made = madeBy(effect, binding, new Map());
  if (made === undefined) return true;
  const demanded = demandedBy(precondition, binding, new Map());
  for (const [atom, value] of made) if (demanded.get(atom) !== value) return true;
  return false;
}

const SEPARATORS: readonly string[] = ["list_empty", "list_separator", "list_last_separator"];

/** Whether lists are put together in the same way in every state. */
function hasPlainLists({ rules }: Grammar): boolean {
  return SEPARATORS.every((name) =>
    (rules.get(name) ?? []).every(
      ({ condition, symbols }) => condition === undefined && symbols.every(({ kind }) => kind === "text"),
    ),
  );
}

/** The actions whose commands are the same in every state of a game, for the same objects. */
function lastingTemplates(grammar: Grammar, domain: Domain): ReadonlySet<string> {
  const changing = changingPredicates(domain);
  const listsLast = hasPlainLists(grammar);
  const lasts = (symbol: TextSymbol): boolean => {
    if (symbol.kind === "text" || symbol.kind === "expression") return true;
    if (symbol.kind === "rule" || (symbol.isList && !listsLast)) return false;
    const isFixed = (symbol.query ?? []).every(
      ({ predicate }) => !changing.has(predicate.replace(/^not_/, "")),
    );
    return isFixed && lasts(symbol.inner);
  };
  return new Set(
    [...grammar.actions].filter(([, { template }]) => template.every(lasts)).map(([name]) => name),
  );
}

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
interface Simulator {
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
