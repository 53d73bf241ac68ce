import {
  ALWAYS,
  type Effect,
  type Formula,
  NO_EFFECT,
  readEffect,
  readFormula,
  readTypedList,
  type TypedName,
} from "./formula.ts";
import { type Query, queriesOf } from "./query.ts";
import { asList, asWord, headOf, type List, pddlError, readSExpression } from "./s-expression.ts";

/** An action with variables. */
export interface ActionSchema {
  readonly name: string;
  readonly parameters: readonly TypedName[];
  readonly precondition: Formula;
  readonly effect: Effect;
  /** The precondition as joins; the first variables of each are the parameters. */
  readonly queries: readonly Query[];
}

/** Makes an action schema and works out how its precondition is joined. */
function actionSchema(
  name: string,
  parameters: readonly TypedName[],
  precondition: Formula,
  effect: Effect,
): ActionSchema {
  return { name, parameters, precondition, effect, queries: queriesOf(parameters, precondition) };
}

/** A declared predicate. Its types are kept but never enforced: a benchmark domain declares them wrongly. */
interface PredicateDeclaration {
  readonly name: string;
  readonly parameters: readonly TypedName[];
}

/** A PDDL domain: typed, with the ADL parts of the language. Requirements and costs are left out. */
export interface Domain {
  readonly name: string;
  /** Each type with its direct supertypes. */
  readonly types: ReadonlyMap<string, readonly string[]>;
  readonly constants: readonly TypedName[];
  readonly predicates: readonly PredicateDeclaration[];
  readonly actions: readonly ActionSchema[];
}

/** Checks `(define (KIND NAME) …)` and gives the name and the sections. */
export function definition(text: string, kind: string): { readonly name: string; readonly sections: List[] } {
  const whole = readSExpression(text);
  if (headOf(whole) !== "define") throw pddlError('expected "(define …"', whole.position);
  const title = asList(whole.items[1], `(${kind} NAME)`, whole.position);
  if (headOf(title) !== kind) throw pddlError(`expected (${kind} NAME)`, title.position);
  const name = asWord(title.items[1], "a name", title.position);
  const sections = whole.items.slice(2).map((item) => asList(item, "a section", whole.position));
  return { name, sections };
}

function readTypes(section: List): ReadonlyMap<string, readonly string[]> {
  const types = new Map<string, readonly string[]>();
  for (const { name, types: supertypes } of readTypedList(section.items.slice(1), section.position)) {
    types.set(name, [...(types.get(name) ?? []), ...supertypes]);
  }
  return types;
}

function readAction(section: List): ActionSchema {
  const name = asWord(section.items[1], "the action's name", section.position);
  let parameters: readonly TypedName[] = [];
  let precondition: Formula = ALWAYS;
  let effect: Effect = NO_EFFECT;
  for (let i = 2; i < section.items.length; i += 2) {
    const key = asWord(section.items[i], "a keyword", section.position);
    const value = section.items[i + 1];
    if (key === ":parameters") {
      const list = asList(value, "a list of parameters", section.position);
      parameters = readTypedList(list.items, list.position);
    } else if (key === ":precondition") precondition = readFormula(value, section);
    else if (key === ":effect") effect = readEffect(value, section);
    else
      throw pddlError(
        `unknown keyword "${key}" in an action`,
        section.items[i]?.position ?? section.position,
      );
  }
  return actionSchema(name, parameters, precondition, effect);
}

/** Parses a domain. Throws an `AgentRefineError` with line and column when the text is not one. */
export function parseDomain(text: string): Domain {
  const { name, sections } = definition(text, "domain");
  let types: ReadonlyMap<string, readonly string[]> = new Map();
  let constants: readonly TypedName[] = [];
  const predicates: PredicateDeclaration[] = [];
  const actions: ActionSchema[] = [];
  for (const section of sections) {
    switch (headOf(section)) {
      case ":types":
        types = readTypes(section);
        break;
      case ":constants":
        constants = readTypedList(section.items.slice(1), section.position);
        break;
      case ":predicates":
        for (const item of section.items.slice(1)) {
          const list = asList(item, "a predicate", section.position);
          const predicate = asWord(list.items[0], "a predicate's name", list.position);
          predicates.push({ name: predicate, parameters: readTypedList(list.items.slice(1), list.position) });
        }
        break;
      case ":action":
        actions.push(readAction(section));
        break;
      case ":requirements":
      case ":functions":
        break;
      default:
        throw pddlError(`unknown section "${headOf(section) ?? "()"}"`, section.position);
    }
  }
  return { name, types, constants, predicates, actions };
}

function changedBy(effect: Effect, into: Set<string>): void {
  if (effect.kind === "all") for (const part of effect.parts) changedBy(part, into);
  else if (effect.kind === "forall" || effect.kind === "when") changedBy(effect.effect, into);
  else into.add(effect.atom.predicate);
}

/** The predicates that some action changes; the facts of all others are the same in every state. */
export function changingPredicates({ actions }: Pick<Domain, "actions">): ReadonlySet<string> {
  const changing = new Set<string>();
  for (const { effect } of actions) changedBy(effect, changing);
  return changing;
}
