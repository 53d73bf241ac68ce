import type { ActionSchema } from "../../../pddl/domain.ts";
import type { GroundAction } from "../../../pddl/ground-action.ts";
import type { Problem } from "../../../pddl/problem.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

function rule(pattern: RegExp, replacement: string): Rule {
  return { pattern, replacement };
}

const ALONE = " $& ";

/** Sets quotes that open apart from what follows. */
const OPENING_QUOTES: readonly Rule[] = [
  rule(/[«“‘„]|`+/g, ALONE),
  rule(/^"/, "``"),
  rule(/``/g, ALONE),
  rule(/([ ([{<])(?:"|'')/g, "$1 `` "),
  rule(/(?<![\p{L}\p{N}_])'(?!(?:re|ve|ll|[mtsdn])\b)(?=[\p{L}\p{N}_])/giu, "' "),
];

/** Sets punctuation apart. A full stop only at the very end, so that `3.5` and `b1.b2` stay whole. */
const PUNCTUATION: readonly Rule[] = [
  rule(/([^.])\.([\])}>"'»”’ ]*)$/, "$1 . $2 "),
  rule(/([:,])([^\d])/g, " $1 $2"),
  rule(/[:,]$/, ALONE),
  rule(/\.{2,}/g, ALONE),
  rule(/[;@#$%&?!*()[\]{}<>\u2012-\u2015]/g, ALONE),
  rule(/([^'])' /g, "$1 ' "),
  rule(/--/g, ALONE),
];

/** Sets quotes that close and English contractions apart. */
const CLOSING_QUOTES: readonly Rule[] = [
  rule(/[»”’]|''/g, ALONE),
  rule(/"/g, " '' "),
  rule(/\s+/g, " "),
  rule(/([^' ])('[smd]?) /gi, "$1 $2 "),
  rule(/([^' ])('ll|'re|'ve|n't|'LL|'RE|'VE|N'T) /g, "$1 $2 "),
  rule(/\b(can)(not)\b/gi, " $1 $2 "),
  rule(/\b(d)('ye)\b/gi, " $1 $2 "),
  rule(/\b(gim|lem)(me)\b/gi, " $1 $2 "),
  rule(/\b(gon)(na)\b/gi, " $1 $2 "),
  rule(/\b(got)(ta)\b/gi, " $1 $2 "),
  rule(/\b(wan)(na)(?=\s)/gi, " $1 $2 "),
  rule(/\b(more)('n)\b/gi, " $1 $2 "),
  rule(/ ('t)(is|was)\b/gi, " $1 $2 "),
];

function apply(text: string, rules: readonly Rule[]): string {
  return rules.reduce((changed, { pattern, replacement }) => changed.replace(pattern, replacement), text);
}

/** A full stop that ends a word, with what closes after it, and then a blank. */
const SENTENCE_END = /\s(?<=[^\s.]\.["')\]}]*\s)/;

function sentenceTokens(sentence: string): readonly string[] {
  const opened = apply(apply(sentence.trimEnd(), OPENING_QUOTES), PUNCTUATION);
  return apply(` ${opened} `, CLOSING_QUOTES).match(/\S+/g) ?? [];
}

/**
 * The words and punctuation marks of an English text, as NLTK's `word_tokenize` finds them: sentences first, then
 * the words of each. A full stop after a word always ends a sentence here, whereas NLTK knows abbreviations; no
 * action and no object is called like one.
 */
export function tokenise(text: string): readonly string[] {
  return text.split(SENTENCE_END).flatMap(sentenceTokens);
}

/**
 * Finds an action in free text as AgentBoard does: the verb is the first word that names an action which can be
 * done now with some objects, the objects are the words that name objects, in the order of the text; those
 * beyond the action's parameters are left out. All other words are passed over. Undefined when there is no verb
 * or too few objects. Whether the action is possible is not looked at.
 */
export function readAction(
  text: string,
  verbs: ReadonlySet<string>,
  schemas: ReadonlyMap<string, ActionSchema>,
  problem: Problem,
): GroundAction | undefined {
  const words = tokenise(text.toLowerCase());
  const verb = words.find((word) => verbs.has(word));
  const schema = verb === undefined ? undefined : schemas.get(verb);
  if (schema === undefined) return undefined;
  const objects = words.filter((word) => problem.universe.typesOf.has(word));
  const arity = schema.parameters.length;
  return objects.length < arity ? undefined : { schema, objects: objects.slice(0, arity) };
}
