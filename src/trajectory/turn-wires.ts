import { ownValue } from "../model/call.ts";
import {
  compactFlagsError,
  turnFromCompact,
  turnFromSparse,
  turnToCompact,
  turnToSparse,
} from "./compact-wire.ts";
import { LineReader } from "./line-reader.ts";
import type { Turn } from "./trajectory.ts";
import { TurnReader } from "./turn-reader.ts";
import { flagsError, type ReadTurn, turnFromWire, turnToWire } from "./wire.ts";

/** Reads the JSON values of turns out of text that arrives in pieces. */
interface ValueReader {
  /** What keeps the text from being read on. */
  readonly problem: string | undefined;
  push(piece: string): readonly unknown[];
  end(): readonly unknown[];
}

/** How a model writes turns, and how they are read. */
interface TurnWire {
  readonly reader: () => ValueReader;
  /** Reads the turn that comes after the given ones. */
  readonly read: (value: unknown, before: readonly Turn[]) => ReadTurn;
  /** Whether a JSON value flags an error, whatever else is wrong with it. */
  readonly flagsError: (value: unknown) => boolean;
  /** The turn with this number as JSON; `before` are those of the turns before it that are known. */
  readonly write: (turn: Turn, number: number, before: readonly Turn[]) => object;
  /** The text of a reply with these turns. */
  readonly join: (turns: readonly string[]) => string;
}

/**
 * The forms in which turns are written: `paper` is that of App. M, an array of turns with all their keys; `compact`
 * has a line a turn and each thing once; `sparse` also leaves out what has not changed. What is kept and exported is in
 * the paper's form, whatever was asked for.
 */
export const TURN_WIRES = {
  paper: {
    reader: () => new TurnReader(),
    read: (value, before) => turnFromWire(value, before.length),
    flagsError,
    write: turnToWire,
    join: (turns) => `[\n${turns.join(",\n")}\n]`,
  },
  compact: {
    reader: () => new LineReader(),
    read: (value, before) => turnFromCompact(value, before.length),
    flagsError: compactFlagsError,
    write: turnToCompact,
    join: (turns) => turns.join("\n"),
  },
  sparse: {
    reader: () => new LineReader(),
    read: turnFromSparse,
    flagsError: compactFlagsError,
    write: turnToSparse,
    join: (turns) => turns.join("\n"),
  },
} as const satisfies Record<string, TurnWire>;

export type Wire = keyof typeof TURN_WIRES;

/** Those that a server can bind its output to: in them each turn has all of its keys. */
export type BoundWire = Exclude<Wire, "sparse">;

export const WIRES: readonly Wire[] = ["paper", "compact", "sparse"];

/** How a model is asked to write, the same for all calls of a run. */
export interface ReplyForm {
  readonly wire: Wire;
  /** Whether the dungeon master's thoughts are asked for in one sentence. */
  readonly briefDungeonMaster: boolean;
}

export const PAPER_FORM: ReplyForm = { wire: "paper", briefDungeonMaster: false };

export function turnsToText(turns: readonly Turn[], wire: Wire = "paper"): string {
  const { write, join } = TURN_WIRES[wire];
  return join(turns.map((turn, number) => JSON.stringify(write(turn, number, turns.slice(0, number)))));
}

/** The turns of a text that can be read from its first turn to its last, whatever they say; else undefined. */
export function turnsFromText(text: string, wire: Wire): readonly Turn[] | undefined {
  const { read, reader: open } = TURN_WIRES[wire];
  const reader = open();
  const turns: Turn[] = [];
  for (const value of [...reader.push(text), ...reader.end()]) {
    const { turn } = read(value, turns);
    if (turn === undefined) return undefined;
    turns.push(turn);
  }
  return reader.problem === undefined ? turns : undefined;
}

/** The form of a text, or of turns, whose form nobody has kept: the paper's, when nothing speaks against it. */
export function wireOf(trajectory: string | readonly unknown[]): Wire {
  // What a text says stands in quotes that are escaped, so that a key can only be a key.
  const has = (key: string): boolean =>
    typeof trajectory === "string"
      ? new RegExp(`"${key}"\\s*:`).test(trajectory)
      : trajectory.some((turn) => ownValue(turn, key) !== undefined);
  return has("error") && !has("role") ? "compact" : "paper";
}
