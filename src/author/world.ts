import type { Formula } from "../pddl/formula.ts";
import type { Problem } from "../pddl/problem.ts";
import type { Wording } from "./phrase.ts";
import type { Theme } from "./themes.ts";

/** Something that stays where it is. Things can be put on surfaces and in containers. */
export interface Fixture {
  readonly name: string;
  readonly room: string;
  readonly kind: "surface" | "container" | "station" | "device" | "control" | "display";
  /** How things are placed at it, and work is done at it. */
  readonly preposition: "on" | "in" | "with" | "at";
  /** What the player reads on it. */
  readonly information?: string | undefined;
}

/** Something that can be carried. */
export interface Item {
  readonly name: string;
  /** The fixture where it is when the game begins. */
  readonly fixture: string;
  /** What the player learns by examining it. */
  readonly information?: string | undefined;
  /** False for things that only stand in the way. */
  readonly relevant: boolean;
}

/** A container that only one key opens. */
interface Lock {
  readonly container: string;
  readonly key: string;
}

/** What a treatment or measurement does to items at a station. */
interface Work {
  readonly verb: string;
  readonly done: string;
  readonly station: string;
  readonly items: readonly string[];
  /** What each item shows when it is measured. */
  readonly readings: ReadonlyMap<string, string>;
}

/** The device to be repaired. */
interface Defect {
  readonly device: string;
  readonly parts: readonly string[];
  readonly tool: string;
  readonly result: string;
}

/** Controls in the order in which they have to be worked. */
interface Sequence {
  readonly verb: string;
  readonly machine: string;
  readonly order: readonly string[];
  readonly result: string;
  /** What tells the order. */
  readonly document: string;
}

/** The question to be answered at the end. */
interface Question {
  /** What has to be read first. */
  readonly things: readonly string[];
  /** The thing and the number that a right answer names. */
  readonly thing: string;
  readonly value: string;
  readonly unit: string;
  /** A wrong answer in the right form. */
  readonly example: string;
}

/** What the player is told about an item before having seen it. */
export interface Hint {
  readonly item: string;
  readonly room: string;
  /** The very place, when that is known as well. */
  readonly fixture?: string;
}

/** A task with all that its family of goals decides. */
export interface Task {
  readonly family: string;
  readonly goalText: string;
  readonly conditions: readonly string[];
  /** One sentence of design, for the script's thought. */
  readonly design: string;
  /** What is reached one after the other; the last one is the goal. */
  readonly stages: readonly Formula[];
  /** Conditions on the way, each of which counts once for the progress rate; the goal's own are among them. */
  readonly milestones: readonly Formula[];
  readonly locks: readonly Lock[];
  /** Stations and devices that are off when the game begins. */
  readonly off: readonly string[];
  readonly work?: Work;
  readonly defect?: Defect;
  readonly sequence?: Sequence;
  readonly question?: Question;
  readonly hints: readonly Hint[];
  /** What each relevant item is wanted for, as the end of "I need the … ": "to open the locker". */
  readonly uses: ReadonlyMap<string, string>;
}

/** The rooms of a world, and what is in them. */
export interface Building {
  readonly theme: Theme;
  readonly rooms: readonly string[];
  /** Pairs of rooms between which one can walk, in both directions. */
  readonly doors: ReadonlySet<string>;
  /** Where the player is when the game begins. */
  readonly start: string;
  readonly fixtures: ReadonlyMap<string, Fixture>;
  readonly items: ReadonlyMap<string, Item>;
}

/** A world in which a task can be played; it is wholly determined by a seed and a persona. */
export interface World extends Building {
  readonly seed: string;
  readonly persona: string;
  /** Whether the first turn describes the room, or leaves it to the player to look around. */
  readonly describesStart: boolean;
  readonly task: Task;
  readonly wording: Wording;
  /** The whole world, which judges actions. */
  readonly problem: Problem;
  /** The world without what only stands in the way, in which plans are searched. */
  readonly core: Problem;
}

/** The key of a door in {@link Building.doors}. */
export function doorKey(from: string, to: string): string {
  return `${from}|${to}`;
}
