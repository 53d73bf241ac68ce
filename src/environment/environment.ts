/** What an environment shows when an episode begins. */
export interface Start {
  readonly observation: string;
  /** What the agent shall achieve, in words. */
  readonly goal: string;
  /** The actions that would be understood now, in a fixed order. */
  readonly validActions: readonly string[];
}

/** What an environment returns for one action. */
export interface Step {
  readonly observation: string;
  /** How much of the task is achieved, in [0, 1]: AgentBoard's progress rate. */
  readonly progress: number;
  /** The episode has ended; further actions change nothing and return this step again. */
  readonly done: boolean;
  /** The task is achieved. Only ever true together with `done`. */
  readonly success: boolean;
  /** The action was understood and possible: what grounding accuracy counts. */
  readonly actionIsValid: boolean;
  /** The actions that would be understood now, in a fixed order. */
  readonly validActions: readonly string[];
}

/** The world that one task is played in. Instances share no state; equal actions give equal steps. */
export interface Environment {
  /** Begins the episode anew. Every call returns the same. */
  reset(): Start;
  /** Does an action, whatever text it is. What it throws ends the episode as `world-failed`. */
  step(action: string): Step;
}

/** How hard a task is, as AgentBoard splits its results. */
export type Difficulty = "easy" | "hard";

/** One problem of a suite. */
export interface Task {
  /** Unique in its suite. */
  readonly id: string;
  /** The group that results are split by: a level, a domain. */
  readonly group: string;
  /** Undefined where nothing says so. */
  readonly difficulty: Difficulty | undefined;
  /** A new environment at the beginning of its episode. */
  createEnvironment(): Environment;
  /**
   * Actions that achieve the task from the beginning, found with full knowledge of the world; undefined when
   * the search gives up. Slow: seconds at worst.
   */
  solve(): readonly string[] | undefined;
}

/** What results must share to be comparable; a text that is empty says nothing of the suite. */
export interface Variant {
  /** The rules in force, such as `agentboard`. */
  readonly rules: string;
  /** Where the problems come from. */
  readonly problems: string;
  /** Where progress comes from. */
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
    scoring === "" ? "" : `progress from ${scoring}`,
    words ?? "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** A benchmark: its tasks and the labels that its results must carry. */
export interface Suite {
  readonly name: string;
  readonly variant: Variant;
  /** How many lines an action may have; one when not given. What a reply has after them is no action. */
  readonly actionLines?: number;
  readonly tasks: readonly Task[];
}
