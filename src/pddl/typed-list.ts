import { asList, asWord, type List, type Position, pddlError, type SExpression } from "./s-expression.ts";

/** A name with the types that it may have; several for `either`, and `object` when none was given. */
export interface TypedName {
  readonly name: string;
  readonly types: readonly string[];
}

function typesAt(expression: SExpression | undefined, near: Position): readonly string[] {
  if (expression?.kind === "word") return [expression.text];
  const list: List = asList(expression, "a type", near);
  if (asWord(list.items[0], '"either"', list.position) !== "either")
    throw pddlError('expected "either"', list.position);
  return list.items.slice(1).map((item) => asWord(item, "a type", list.position));
}

/** Reads `a b - t c - (either t u) d`. */
export function readTypedList(items: readonly SExpression[], near: Position): readonly TypedName[] {
  const result: TypedName[] = [];
  let waiting: string[] = [];
  for (let i = 0; i < items.length; i += 1) {
    const item = items[i];
    const word = asWord(item, "a name", near);
    if (word !== "-") {
      waiting.push(word);
      continue;
    }
    if (waiting.length === 0) throw pddlError('a type without a name before "-"', item?.position ?? near);
    i += 1;
    const types = typesAt(items[i], item?.position ?? near);
    for (const name of waiting) result.push({ name, types });
    waiting = [];
  }
  for (const name of waiting) result.push({ name, types: ["object"] });
  return result;
}
