import type { Random } from "../random.ts";
import type { Action, Script } from "../script/script.ts";
import { scriptToWire, type WireScript } from "../script/wire.ts";
import { type DungeonMasterTurn, showsError, type Turn } from "../trajectory/trajectory.ts";
import { TURN_WIRES, type Wire } from "../trajectory/turn-wires.ts";
import type { FaultRates } from "./fault-rates.ts";

/** The JSON text with one of the slips that models make: a quote not escaped, a comma or a quote left out. */
function breakJson(text: string, random: Random): string {
  const broken = random.pick([
    text.replace(/": "(\w+) /, '": "the "$1" '),
    text.replace(/",(\s*")/, '"$1'),
    text.replace(/": "/, '": '),
  ]);
  return broken === text ? text.slice(0, -1) : broken;
}

/** The JSON text as a chat model may wrap it. */
function wrapInProse(text: string, what: string, random: Random): string {
  const fenced = `\`\`\`json\n${text}\n\`\`\``;
  return random.pick([fenced, `Here is the ${what}:\n\n${fenced}`, `Here is the ${what}.\n\n${text}`]);
}

function withAction(script: Script, random: Random, change: (action: Action) => Action): Script {
  const fitting = script.actions.filter(
    (action) => action.specialFormat === undefined && action.parameters.length > 0,
  );
  const chosen = random.pick(fitting);
  return {
    ...script,
    actions: script.actions.map((action) => (action === chosen ? change(action) : action)),
  };
}

/** The script with the faults that lie in its actions. */
function spoiltActions(script: Script, rates: FaultRates, random: Random): Script {
  if (random.chance(rates.scriptBadPattern)) {
    return withAction(script, random, (action) => ({ ...action, pattern: `${action.pattern}(` }));
  }
  if (random.chance(rates.scriptRejectedName)) {
    return withAction(script, random, (action) => ({ ...action, pattern: `please ${action.pattern}` }));
  }
  if (random.chance(rates.scriptMissingValues)) {
    return withAction(script, random, (action) => ({ ...action, parameters: action.parameters.slice(1) }));
  }
  return script;
}

function withoutKey(wire: WireScript, random: Random): object {
  const gone = random.pick(["Goal", "Thought", "Completion Conditions"]);
  return Object.fromEntries(Object.entries(wire).filter(([key]) => key !== gone));
}

/** The text of a reply to a request for a script, with faults as often as the rates say. */
export function scriptReply(
  { script, isCompact }: { readonly script: Script; readonly isCompact: boolean },
  rates: FaultRates,
  random: Random,
): string {
  const wire = scriptToWire(spoiltActions(script, rates, random));
  const value = random.chance(rates.scriptMissingKey) ? withoutKey(wire, random) : wire;
  const plain = JSON.stringify(value, undefined, isCompact ? undefined : random.pick([1, 2]));
  const text = random.chance(rates.scriptBrokenJson) ? breakJson(plain, random) : plain;
  return random.chance(rates.proseAround) ? wrapInProse(text, "script", random) : text;
}

/** What is written in reply to a request for a trajectory. */
export interface WrittenReply {
  readonly text: string;
  /** Whether the text was cut off at the token limit. */
  readonly cut: boolean;
}

const CLEAR = { parameterError: false, placeError: false, logicError: false } as const;

function replaced(turns: readonly Turn[], index: number, turn: Turn): readonly Turn[] {
  return turns.map((one, place) => (place === index ? turn : one));
}

/** Lets an action pass that no pattern accepts: one that was flagged, or one that is made so. */
function withUnmatchedAction(turns: readonly Turn[], random: Random): readonly Turn[] {
  const flagged = turns.findIndex((turn) => turn.role === "DM" && turn.parameterError);
  const turn = turns[flagged];
  if (turn?.role === "DM" && flagged > 0) return replaced(turns, flagged, { ...turn, ...CLEAR });
  const players = turns.flatMap((one, index) => {
    const next = turns[index + 1];
    return one.role === "Player" && next?.role === "DM" && !showsError(next) ? [{ one, index }] : [];
  });
  if (players.length < 2) return turns;
  const { one, index } = random.pick(players.slice(0, -1));
  return replaced(turns, index, { ...one, action: `${one.action} with great care` });
}

function changeLast(
  turns: readonly Turn[],
  change: (turn: DungeonMasterTurn) => DungeonMasterTurn,
): readonly Turn[] {
  const last = turns.at(-1);
  return last?.role === "DM" ? [...turns.slice(0, -1), change(last)] : turns;
}

function withoutSuccess(turns: readonly Turn[], random: Random): readonly Turn[] {
  const before = turns.at(-3);
  if (before?.role === "DM" && !showsError(before) && random.chance(0.4)) return turns.slice(0, -2);
  return changeLast(turns, (turn) => ({
    ...turn,
    observation: turn.observation.replace("Task Succeed", "Well done"),
  }));
}

/** The turns with the faults that lie in what they say. */
function spoiltTurns(turns: readonly Turn[], rates: FaultRates, random: Random): readonly Turn[] {
  let spoilt = turns;
  if (random.chance(rates.unmatchedAction)) spoilt = withUnmatchedAction(spoilt, random);
  if (random.chance(rates.errorInLastTurn))
    spoilt = changeLast(spoilt, (turn) => ({ ...turn, logicError: true }));
  if (random.chance(rates.noSuccess)) spoilt = withoutSuccess(spoilt, random);
  return spoilt;
}

/** A turn as JSON with a key left out, or a value of a wrong type. */
function withWrongKey(wire: object, random: Random): object {
  const entries = Object.entries(wire);
  const gone = random.pick(entries.filter(([key]) => key !== "turn" && key !== "role"));
  return Object.fromEntries(
    random.chance(0.6)
      ? entries.filter(([key]) => key !== gone[0])
      : entries.map(([key, value]) => [key, key === gone[0] ? [value] : value]),
  );
}

/** The turns of a reply: their form, and the number of the first of them. */
interface Written {
  readonly turns: readonly Turn[];
  readonly first: number;
  readonly wire: Wire;
}

/** The text of a reply with these turns, with faults as the rates say. */
export function trajectoryReply(
  { turns, first, wire }: Written,
  rates: FaultRates,
  random: Random,
): WrittenReply {
  const { write, join } = TURN_WIRES[wire];
  const indent = wire === "paper" ? random.pick([0, 1, 2]) : 0;
  const spoilt = spoiltTurns(turns, rates, random);
  const written = spoilt.map((turn, index) => write(turn, first + index, spoilt.slice(0, index)));
  const wrongKey = random.chance(rates.wrongKeys) ? random.integer(written.length) : -1;
  const broken = random.chance(rates.brokenJson) ? random.integer(written.length) : -1;
  const texts = written.map((wire, index) => {
    const text = JSON.stringify(index === wrongKey ? withWrongKey(wire, random) : wire, undefined, indent);
    return index === broken ? breakJson(text, random) : text;
  });
  const whole = join(texts);
  const text = random.chance(rates.proseAround) ? wrapInProse(whole, "game", random) : whole;
  if (!random.chance(rates.cutOff)) return { text, cut: false };
  return { text: text.slice(0, Math.floor(text.length * (0.3 + 0.6 * random.next()))), cut: true };
}
