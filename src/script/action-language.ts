import { type ActionMatcher, createActionMatcher, nameParts } from "./action-matcher.ts";
import { choiceOf, type Language, sizeOf, textOf } from "./language.ts";
import { compilePattern } from "./pattern.ts";
import { patternLanguage } from "./pattern-language.ts";
import type { Action } from "./script.ts";

/** How many actions with listed values are tried with a script's patterns, over all of its actions. */
const MOST_TEXTS = 3000;
/** How much work the matcher does for one text before it gives up. */
const MOST_WORK = 1_000_000;
/** Characters that no action has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** The actions that a script allows, or why they cannot be told before they are written. */
export type ActionLanguage =
  | { readonly language: Language; readonly problem?: undefined }
  | { readonly language?: undefined; readonly problem: string };

/** The pieces of an action's name, each with the texts that can stand there. */
function piecesOf({ name, parameters }: Action): readonly (readonly string[])[] {
  const parts = nameParts(
    name,
    parameters.map((parameter) => parameter.name),
  );
  return parts.map((part) =>
    "literal" in part
      ? [part.literal]
      : [...new Set(parameters.find((parameter) => parameter.name === part.parameter)?.values ?? [])],
  );
}

function* filled(pieces: readonly (readonly string[])[], before = ""): Generator<string> {
  const [first, ...rest] = pieces;
  if (first === undefined) yield before;
  else for (const text of first) yield* filled(rest, before + text);
}

/** The name with listed values in all combinations, as far as the script's own pattern accepts them. */
function listedLanguage(action: Action, matcher: ActionMatcher): Language | undefined {
  const pieces = piecesOf(action);
  const texts = [...filled(pieces)];
  const accepted = texts.filter((text) => text === text.trim() && matcher.match(text) !== undefined);
  if (accepted.length === 0 || accepted.some((text) => CONTROL.test(text))) return undefined;
  if (accepted.length < texts.length) return choiceOf(accepted.map(textOf));
  return { kind: "sequence", parts: pieces.map((options) => choiceOf(options.map(textOf))) };
}

/**
 * The actions that a script's matcher accepts, in as far as they can be listed: the names with their listed values;
 * and of actions with a special format, whose parameters are without number, what a safe part of their pattern says.
 * A model has written names, values and patterns, so nothing is taken over that is not understood, and sizes are bounded.
 */
export function actionLanguage(actions: readonly Action[]): ActionLanguage {
  const count = actions.reduce(
    (sum, action) => sum + piecesOf(action).reduce((product, { length }) => product * length, 1),
    0,
  );
  if (count > MOST_TEXTS) return { problem: "its actions have too many combinations of values" };
  const matcher = createActionMatcher(actions);
  const work = actions.reduce((sum, { pattern }) => sum + (compilePattern(pattern).pattern?.size ?? 0), 0);
  const options: Language[] = [];
  for (const action of actions) {
    const isListed = action.specialFormat === undefined;
    const language = isListed ? listedLanguage(action, matcher) : patternLanguage(action.pattern);
    if (language === undefined || (!isListed && sizeOf(language) * work > MOST_WORK))
      return { problem: `the pattern of "${action.name}" cannot be bound` };
    options.push(language);
  }
  return { language: choiceOf(options) };
}
