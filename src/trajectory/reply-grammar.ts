import { type Language, languageInGrammar } from "../script/language.ts";
import { ERRORS, NO_ERROR } from "./compact-wire.ts";
import type { ErrorPolicy } from "./trajectory.ts";
import type { BoundWire } from "./turn-wires.ts";

/** What a value of a turn is bound to: any text, a number from 0 to 1, true or false, or one of some JSON values. */
export type BoundValue = "text" | "rate" | "flag" | readonly (string | boolean)[];

/** The keys of a turn in their order, behind its number. */
export type BoundTurn = Readonly<Record<string, BoundValue>>;

/**
 * What a dungeon master's turn says of the player's before it: nothing is wrong, it judges as it likes, or it refuses
 * what is no available action.
 */
type Judgement = "calm" | "judging" | "refusing";

const FLAGS: Readonly<Record<Judgement, readonly [BoundValue, BoundValue]>> = {
  calm: [[false], [false]],
  judging: ["flag", "flag"],
  refusing: [[true], "flag"],
};
const WORDS: Readonly<Record<Judgement, BoundValue>> = {
  calm: [NO_ERROR],
  judging: [NO_ERROR, ...ERRORS],
  refusing: ["parameter"],
};

export const BOUND_TURNS: Readonly<
  Record<
    BoundWire,
    { readonly dungeonMaster: (judgement: Judgement) => BoundTurn; readonly player: BoundTurn }
  >
> = {
  paper: {
    dungeonMaster: (judgement) => {
      const [parameter, others] = FLAGS[judgement];
      return {
        role: ["DM"],
        Thought: "text",
        Observation: "text",
        parameter_error: parameter,
        place_error: others,
        logic_error: others,
        progress_rate: "rate",
        finished: "flag",
      };
    },
    player: { role: ["Player"], Thought: "text", Action: "text" },
  },
  compact: {
    dungeonMaster: (judgement) => ({
      Thought: "text",
      Observation: "text",
      error: WORDS[judgement],
      progress: "rate",
    }),
    player: { Thought: "text", Action: "text" },
  },
};

/** How many turns of the player one reply may have. */
const MOST_ROUNDS = 40;

export interface Binding {
  readonly wire: BoundWire;
  /** The player's actions; undefined where they cannot be told, and are free text. */
  readonly actions: Language | undefined;
  readonly from: number;
  /** Whether the turn before is an action that is no available one, which the first turn then has to flag. */
  readonly followsUnmatched: boolean;
  readonly errors: ErrorPolicy;
}

/** What stands around and between turns. */
const AROUND: Readonly<
  Record<BoundWire, { readonly open: string; readonly next: string; readonly close: string }>
> = {
  paper: { open: "[\n", next: ",\n", close: "\n]" },
  compact: { open: "", next: "\n", close: "" },
};

function literal(text: string): string {
  return JSON.stringify(text);
}

function valueRule(value: BoundValue): string {
  if (typeof value === "string") return value;
  const options = value.map((each) => literal(JSON.stringify(each)));
  return options.length === 1 ? options.join("") : `(${options.join(" | ")})`;
}

/** A turn behind its number; `action` is the rule of the player's action. */
function turnRule(turn: BoundTurn, action = "text"): string {
  const parts = Object.entries(turn).map(
    ([key, value]) => `${literal(`,"${key}":`)} ${key === "Action" ? action : valueRule(value)}`,
  );
  return `${parts.join(" ")} ${literal("}")}`;
}

function numbered(number: number, rule: string): string {
  return `${literal(`{"turn":${number}`)} ${rule}`;
}

function sharedRules({ wire, actions, errors }: Binding): readonly string[] {
  const { dungeonMaster, player } = BOUND_TURNS[wire];
  const isRefined = errors === "refined";
  const action = actions === undefined ? "text" : `${literal('"')} action ${literal('"')}`;
  return [
    ...(actions === undefined ? [] : [`action ::= ${languageInGrammar(actions)}`]),
    `calm ::= ${turnRule(dungeonMaster("calm"))}`,
    `judging ::= ${turnRule(dungeonMaster(isRefined ? "judging" : "calm"))}`,
    `refusing ::= ${turnRule(dungeonMaster("refusing"))}`,
    `known ::= ${turnRule(player, action)}`,
    `unknown ::= ${turnRule(player)}`,
    'text ::= "\\"" first char* "\\""',
    'first ::= [^\\x00-\\x20"\\\\\\x7F] | "\\\\" ["\\\\/]',
    'char ::= [^\\x00-\\x1F"\\\\\\x7F] | "\\\\" ["\\\\/n]',
    'flag ::= "true" | "false"',
    'rate ::= "0" | "1" | "0." [0-9] [0-9]?',
  ];
}

/** A turn of the player with the one that judges it, at each number, and what may stand behind it. */
function roundRules({ wire, actions, from, errors }: Binding): readonly string[] {
  const { next, close } = AROUND[wire];
  const mayErr = errors === "refined" && actions !== undefined;
  const last = from + 2 * MOST_ROUNDS;
  const endOf = (number: number): string =>
    `end${number} ::= ${literal(close)}${number + 1 < last ? ` | ${literal(next)} round${number + 1}` : ""}`;
  const rules = from % 2 === 0 ? [endOf(from)] : [];
  for (let now = from + 1 - (from % 2); now < last; now += 2) {
    const then = now + 1;
    const pair = (action: string, judgement: string): string =>
      `${numbered(now, action)} ${literal(next)} ${numbered(then, judgement)} end${then}`;
    const right = pair("known", "judging");
    rules.push(
      `round${now} ::= ${mayErr ? `${right} | ${pair("unknown", "refusing")}` : right}`,
      endOf(then),
    );
  }
  return rules;
}

/** The rule of the first turn: alone when it is the dungeon master's, and bound by what stands before it. */
function firstRule({ from, followsUnmatched, errors }: Binding): string {
  if (from % 2 === 1) return `round${from}`;
  const refuses = followsUnmatched && errors === "refined";
  return `${numbered(from, from === 0 ? "calm" : refuses ? "refusing" : "judging")} end${from}`;
}

/**
 * The game as a grammar in GBNF, which llama.cpp, vLLM and SGLang read: the keys and the turns' numbers as they must
 * be, one turn a line. An action that is no available one can only be written where the turn behind it flags a
 * parameter error.
 */
export function trajectoryGrammar(binding: Binding): string {
  const { open } = AROUND[binding.wire];
  const root = `root ::= ${open === "" ? "" : `${literal(open)} `}${firstRule(binding)}`;
  return [root, ...sharedRules(binding), ...roundRules(binding)].join("\n");
}
