import type { ReplySchema } from "../model/chat-model.ts";
import { type ActionLanguage, actionLanguage } from "../script/action-language.ts";
import { createActionMatcher } from "../script/action-matcher.ts";
import { isPlainLanguage, type Language, languageInRegex } from "../script/language.ts";
import type { Script } from "../script/script.ts";
import { once } from "../shipped.ts";
import { BOUND_TURNS, type BoundTurn, type BoundValue, trajectoryGrammar } from "./reply-grammar.ts";
import type { ErrorPolicy, Turn } from "./trajectory.ts";
import type { BoundWire } from "./turn-wires.ts";

/** Characters of a pattern that servers are sent. */
const LONGEST_PATTERN = 20_000;

type Properties = Readonly<Record<string, unknown>>;

function object(properties: Properties): Properties {
  return { type: "object", additionalProperties: false, required: Object.keys(properties), properties };
}

const VALUES = { text: { type: "string" }, rate: { type: "number" }, flag: { type: "boolean" } } as const;

function valueSchema(value: BoundValue): object {
  if (typeof value === "string") return VALUES[value];
  return { type: typeof value[0] === "boolean" ? "boolean" : "string", enum: value };
}

function turnSchema(turn: BoundTurn, action: object = VALUES.text): Properties {
  const values = Object.entries(turn).map(([key, value]) => [
    key,
    key === "Action" ? action : valueSchema(value),
  ]);
  return object({ turn: { type: "integer" }, ...Object.fromEntries(values) });
}

/** The key under which the turns stand in each form. */
const ROOTS: Readonly<Record<BoundWire, string>> = { paper: "trajectory", compact: "turns" };

/** The pattern of the actions; undefined where none can be given. */
function patternOf(actions: Language | undefined): string | undefined {
  if (actions === undefined || !isPlainLanguage(actions)) return undefined;
  const pattern = `^(${languageInRegex(actions)})$`;
  return pattern.length > LONGEST_PATTERN ? undefined : pattern;
}

/**
 * The game as a JSON Schema. A schema cannot say of a list what follows what, so each of the player's turns stands in
 * one object with the dungeon master's that judges it, from which the reader takes them. Providers demand an object
 * at the root, and alternatives that differ in their first key.
 */
function trajectorySchema(actions: Language | undefined, errors: ErrorPolicy, wire: BoundWire): Properties {
  const pattern = patternOf(actions);
  const { dungeonMaster, player } = BOUND_TURNS[wire];
  const isRefined = errors === "refined";
  const dm = turnSchema(dungeonMaster(isRefined ? "judging" : "calm"));
  const known = turnSchema(player, pattern === undefined ? VALUES.text : { type: "string", pattern });
  const refused = { player_error: turnSchema(player), dm: turnSchema(dungeonMaster("refusing")) };
  const rounds = [
    object({ dm }),
    object({ player: known, dm }),
    ...(isRefined && pattern !== undefined ? [object(refused)] : []),
  ];
  return object({ [ROOTS[wire]]: { type: "array", items: { anyOf: rounds } } });
}

/**
 * What a reply with the turns behind `kept` is bound to, for servers that can: the form of App. M, and the script's
 * own actions wherever the turn behind does not flag a parameter error. Made only when it is sent.
 */
export function trajectoryReplySchema(
  script: Script,
  kept: readonly Turn[],
  errors: ErrorPolicy,
  wire: BoundWire,
): ReplySchema {
  const actions = once((): ActionLanguage => actionLanguage(script.actions));
  const last = kept.at(-1);
  const followsUnmatched = (): boolean =>
    last?.role === "Player" && createActionMatcher(script.actions).match(last.action) === undefined;
  const schema = once(() => trajectorySchema(actions().language, errors, wire));
  const grammar = once(() =>
    trajectoryGrammar({
      wire,
      actions: actions().language,
      from: kept.length,
      followsUnmatched: followsUnmatched(),
      errors,
    }),
  );
  return {
    name: ROOTS[wire],
    strict: true,
    get schema() {
      return schema();
    },
    get grammar() {
      return grammar();
    },
    get unbound() {
      return actions().problem;
    },
  };
}
