import { changingPredicates, type Domain } from "../../../pddl/domain.ts";
import type { Grammar } from "./grammar.ts";
import type { TextSymbol } from "./symbols.ts";

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
export function lastingTemplates(grammar: Grammar, domain: Domain): ReadonlySet<string> {
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
