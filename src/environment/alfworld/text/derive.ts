import type { State } from "../../../pddl/state.ts";
import { hasType, type Universe } from "../../../pddl/universe.ts";
import type { Condition, Expression, Grammar, Placeholder, TextRule, TextSymbol } from "./grammar.ts";

/** Objects by the names of variables (for expressions) and by names with types (for queries). */
export type Values = ReadonlyMap<string, string>;

/** A variable of a query. Another type under the same name is another variable. */
export function typedKey({ name, type }: Placeholder): string {
  return `${name}:${type}`;
}

const NONE: readonly (readonly string[])[] = [];

function compareTuples(one: readonly string[], other: readonly string[]): number {
  for (let i = 0; i < one.length; i += 1) {
    const [a = "", b = ""] = [one[i], other[i]];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

/** The facts that a condition can match, in the order of their objects. */
function candidates(condition: Condition, state: State, values: Values): readonly (readonly string[])[] {
  const relation = state.relations.get(condition.predicate);
  if (relation === undefined) return NONE;
  let fewest: readonly (readonly string[])[] | undefined;
  condition.placeholders.forEach((placeholder, place) => {
    const object = values.get(typedKey(placeholder));
    if (object === undefined) return;
    const list = relation.at(place, object);
    if (fewest === undefined || list.length < fewest.length) fewest = list;
  });
  const list = fewest ?? [...relation.tuples.values()];
  return list.length < 2 ? list : [...list].sort(compareTuples);
}

/** Binds what is free in a condition to the objects of a fact; undefined where that does not fit. */
function bind(
  { placeholders }: Condition,
  fact: readonly string[],
  values: Values,
  universe: Universe,
): Values | undefined {
  if (fact.length !== placeholders.length) return undefined;
  let extended: Map<string, string> | undefined;
  for (const [place, placeholder] of placeholders.entries()) {
    const object = fact[place] ?? "";
    const key = typedKey(placeholder);
    const bound = (extended ?? values).get(key);
    if (bound === object) continue;
    // Two variables never stand for the same object.
    if (bound !== undefined || isUsed(object, extended ?? values)) return undefined;
    if (!hasType(universe, object, [placeholder.type])) return undefined;
    extended ??= new Map(values);
    extended.set(key, object).set(placeholder.name, object);
  }
  return extended ?? values;
}

function isUsed(object: string, values: Values): boolean {
  for (const [name, value] of values) if (value === object && name.includes(":")) return true;
  return false;
}

/** Every way to bind the free variables of a query, in the order of conditions and objects. */
function* matches(
  query: readonly Condition[],
  state: State,
  universe: Universe,
  values: Values,
  depth = 0,
): Generator<Values> {
  const condition = query[depth];
  if (condition === undefined) {
    yield values;
    return;
  }
  for (const fact of candidates(condition, state, values)) {
    const extended = bind(condition, fact, values, universe);
    if (extended !== undefined) yield* matches(query, state, universe, extended, depth + 1);
  }
}

/** What a text is about. */
interface Scene {
  readonly state: State;
  readonly universe: Universe;
  /** What objects are called, by their names in PDDL. */
  readonly names: ReadonlyMap<string, string>;
}

/** Rules within rules, and symbols in a text: far more than any game has, so that a damaged one cannot hang. */
const DEEPEST = 200;
const MOST_SYMBOLS = 200_000;

/** Writes texts by a grammar. */
class Writer {
  readonly #grammar: Grammar;
  readonly #scene: Scene;
  #symbols = 0;

  constructor(grammar: Grammar, scene: Scene) {
    this.#grammar = grammar;
    this.#scene = scene;
  }

  write(symbols: readonly TextSymbol[], values: Values, depth = 0): string {
    if (depth > DEEPEST) throw new Error("the rules of the grammar lead to each other without an end");
    let text = "";
    for (const symbol of symbols) text += this.#one(symbol, values, depth);
    return text;
  }

  #one(symbol: TextSymbol, values: Values, depth: number): string {
    this.#symbols += 1;
    if (this.#symbols > MOST_SYMBOLS) throw new Error("the grammar makes texts without an end");
    switch (symbol.kind) {
      case "text":
        return symbol.text;
      case "expression":
        return this.#value(symbol.expression, values);
      case "rule":
        return this.#rule(symbol.name, values, depth);
      case "each": {
        const found = symbol.query === undefined ? [values] : this.#matches(symbol.query, values);
        const texts = [...found].map((match) => this.write([symbol.inner], match, depth + 1));
        return symbol.isList ? this.#list(texts, values, depth) : texts.join("");
      }
    }
  }

  #matches(query: Parameters<typeof matches>[0], values: Values): Iterable<Values> {
    return matches(query, this.#scene.state, this.#scene.universe, values);
  }

  #isInForce({ condition }: TextRule, values: Values): boolean {
    if (condition === undefined) return true;
    for (const _match of this.#matches(condition, values)) return true;
    return false;
  }

  #rule(name: string, values: Values, depth: number): string {
    const rule = this.#grammar.rules.get(name)?.find((each) => this.#isInForce(each, values));
    if (rule === undefined) throw new Error(`the grammar has no text for #${name}#`);
    return this.write(rule.symbols, values, depth + 1);
  }

  #list(texts: readonly string[], values: Values, depth: number): string {
    if (texts.length === 0) return this.#rule("list_empty", values, depth);
    const last = texts.at(-1) ?? "";
    if (texts.length === 1) return last;
    const separator = this.#rule("list_separator", values, depth);
    return texts.slice(0, -1).join(separator) + this.#rule("list_last_separator", values, depth) + last;
  }

  #value(expression: Expression, values: Values): string {
    switch (expression.kind) {
      case "literal":
        return expression.text;
      case "join":
        return expression.parts.map((part) => this.#value(part, values)).join("");
      case "first":
        return expression.parts.map((part) => this.#value(part, values)).find((text) => text !== "") ?? "";
      case "value":
        return this.#attribute(expression.variable, expression.attribute, values);
    }
  }

  #attribute(variable: string, attribute: string, values: Values): string {
    const object = values.get(variable);
    if (object === undefined)
      throw new Error(`a text of the grammar speaks of ${variable}, which is nothing`);
    if (attribute === "id") return object;
    if (attribute === "definite") return "the";
    if (attribute === "indefinite") return "a";
    if (attribute === "name") return this.#scene.names.get(object) ?? object;
    throw new Error(`the grammar asks for ${variable}.${attribute}, which objects do not have`);
  }
}

/** Writes a text; `values` are the objects that the action is about. Throws an Error where the grammar has none. */
export function writeText(
  symbols: readonly TextSymbol[],
  grammar: Grammar,
  scene: Scene,
  values: Values,
): string {
  return new Writer(grammar, scene).write(symbols, values);
}
