import * as z from "zod";
import type { ChatModel } from "../model/chat-model.ts";
import type { Instruction } from "../react.ts";
import type { Need } from "./need.ts";
import type { Reworder } from "./perturbations/rewording.ts";
import type { Outside, Start, World } from "./world.ts";

/** How hard a task is, as AgentBoard splits its results. */
export const difficultySchema = z.enum(["easy", "hard"]);

/** One of {@link difficultySchema}. */
export type Difficulty = z.infer<typeof difficultySchema>;

/** One problem of a suite. */
export interface Task {
  /** Unique in its suite. */
  readonly id: string;
  /** The group that results are split by: a level, a domain, a category. */
  readonly group: string;
  /** Undefined where nothing says so. */
  readonly difficulty?: Difficulty | undefined;
  /** The temperature that the player is asked at where none is given for all tasks. */
  readonly temperature?: number;
  /** A world of its own for one trial. */
  open(outside: Outside): Promise<World>;
  /**
   * Actions that achieve the task from the beginning, found with full knowledge of the world; undefined when the
   * search gives up. May be slow.
   */
  solve?(): Promise<readonly string[] | undefined>;
}

/** What is measured in an episode of a suite. */
export interface Measure {
  readonly name: string;
  /** The lowest and the highest value. */
  readonly range: readonly [number, number];
  /** Which of its values in an episode counts. */
  readonly over: "last" | "highest";
  /** An episode may end without a value of it, and is then left out of its means; elsewhere it has the lowest value. */
  readonly optional?: true;
}

/** AgentBoard's measures. */
export const SUCCESS: Measure = { name: "success", range: [0, 1], over: "last" };
export const PROGRESS: Measure = { name: "progress", range: [0, 1], over: "highest" };

/** What results must share to be comparable; a text that is empty says nothing of the suite. */
export interface Variant {
  /** The rules in force, such as `agentboard`. */
  readonly rules: string;
  /** Where the problems come from. */
  readonly problems: string;
  /** Where the scores come from. */
  readonly scoring: string;
  /** In which other words the worlds speak (App. K): results are compared with those of other words on purpose. */
  readonly words: string | null;
}

/** A variant as words, such as `agentboard rules, AgentBoard's problems, progress from labels`. */
export function variantText({ rules, problems, scoring, words }: Variant): string {
  const parts = [
    // A rule of one's own may be a sentence already.
    /^\w+$/.test(rules) ? `${rules} rules` : rules,
    problems,
    // What is graded says by whom.
    scoring === "" || scoring.startsWith("graded by ") ? scoring : `progress from ${scoring}`,
    words ?? "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** A benchmark that is ready to be played. */
export interface Suite {
  readonly name: string;
  readonly variant: Variant;
  /** The first one is the one that tables are sorted by. */
  readonly measures: readonly Measure[];
  /** Turns at most where nothing else is said. */
  readonly maxTurns: number;
  /** How many lines an action may have; one when not given. What a reply has after them is no action. */
  readonly actionLines?: number;
  /** Worlds open at once at most; as many as episodes are played at once when not given. */
  readonly worldsAtOnce?: number;
  /** How long opening, a reset or a step may take; for ever when not given. */
  readonly stepSeconds?: number;
  /** What a reader of the results must know, such as tasks that nobody can achieve; a sentence each. */
  readonly remarks?: readonly string[];
  readonly tasks: readonly Task[];
  /** What the agent is told before the first observation; undefined where it just talks and its reply is the action. */
  instruction(task: Task, start: Start): Instruction | undefined;
}

/** Which rules the worlds keep to. */
export const COMPATS = ["agentboard", "plain"] as const;

/** How suites are loaded. */
export interface LoadOptions {
  /** `agentboard` for numbers that can be compared with the paper's; `plain` fixes what treats a player unfairly. */
  readonly compat: (typeof COMPATS)[number];
  /**
   * A folder with AgentBoard's data; where it is not given, the fetched one (`agentrefine data get agentboard`); with
   * null none, though it was fetched.
   */
  readonly agentboard?: string | null | undefined;
  /** Tasks that are scored, or others of the same kind to train on; `test` when not given. */
  readonly split?: "train" | "test" | undefined;
  /** Seeds what is drawn: the tasks to train on, a sample of questions. */
  readonly seed?: number | undefined;
  /** Judges answers (MT-bench). */
  readonly judge?: ChatModel | undefined;
  /** Where pages of Wikipedia come from, when not from Wikipedia itself. */
  readonly wikipedia?: string | undefined;
  /** A folder of pages that were recorded before; nothing else is asked then. */
  readonly recorded?: string | undefined;
  /** The folder in which pages are kept that are asked for; that of the cache when not given. */
  readonly pages?: string | undefined;
}

/** A perturbation of a suite (section 4.3, App. K). */
export interface PerturbationDefinition {
  /** The number of App. K's perturbation that it is to the letter; those alone count into Table 3's average. */
  readonly paper?: 1 | 2 | 3 | 4;
  /** What is said in other words in the tasks of a group. */
  readonly rewording: (group: string) => Reworder;
  /** The listed actions in the order in which they are shown; as the world lists them when not given. */
  readonly arrange?: (actions: readonly string[]) => readonly string[];
}

/** A suite's place in the paper's tables. */
export interface PaperPlace {
  /** The heading of its column. */
  readonly column: string;
  /** Tasks that the paper plays. */
  readonly tasks: number;
  /** Turns of its episodes at most; 30 when not given (section 4.1). */
  readonly turns?: number;
  /** It is one of the four of App. A's held-out score, in which it weighs its tasks. */
  readonly heldOut: boolean;
  /** What makes a variant unlike the paper's, a phrase each; nothing when results may stand beside the paper's. */
  readonly unlike: (variant: Variant) => readonly string[];
}

/** Everything of one benchmark: `environment/NAME/definition.ts` exports it, and `suites.ts` lists it. */
export interface SuiteDefinition {
  /** As users name it, such as `babyai`. */
  readonly name: string;
  readonly measures: readonly Measure[];
  /** Undefined for one that the paper does not have. */
  readonly paper?: PaperPlace;
  /** Its episodes have so few replies, eight at most, that each may wait for a batch of its own. */
  readonly rounds?: true;
  /** Its answers are graded by a judge, and can be graded again without being given again. */
  readonly graded?: true;
  /** The rules that it knows. */
  readonly rules: readonly LoadOptions["compat"][];
  readonly perturbations: Readonly<Record<string, PerturbationDefinition>>;
  /** What it needs and whether that is there. */
  needs(options: LoadOptions): Promise<readonly Need[]>;
  /** Rejects with an AgentRefineError, at once, when what its worlds ask of the outside cannot be reached. */
  reach?(options: LoadOptions): Promise<void>;
  /** Loads it with its tasks. Rejects with an AgentRefineError that names the command which brings what is missing. */
  load(options: LoadOptions): Promise<Suite>;
}
