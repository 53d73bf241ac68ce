import { nearestTheme } from "../author/themes.ts";
import { type TrainingExample, trainingExample } from "../dataset/training-example.ts";
import type { CostOf } from "../model/money.ts";
import { NearDuplicates } from "../persona/near-duplicates.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { countPlacesAndObjects } from "../script/script.ts";
import { countPersonas, replayRun, storedTrajectory } from "../synthesis/read-run.ts";
import type { SynthesisRecord } from "../synthesis/record.ts";
import { endedPersonas, type Tally, tokensSaved } from "../synthesis/tally.ts";
import {
  addJudgedTurns,
  type DungeonMasterTurn,
  type ErrorRunCounts,
  judgedTurns,
  NO_ERROR_RUNS,
  type Trajectory,
} from "../trajectory/trajectory.ts";
import { Counter, type Distribution } from "./distribution.ts";

/** What became of the personas of a run at one call. */
export interface CallStep {
  /** The number of the call, from 1; the script's count. */
  readonly call: number;
  /** Personas that have ended and had so many calls answered at least. */
  readonly reached: number;
  /** Those that ended with this call, by how. */
  readonly accepted: number;
  readonly rejected: number;
  readonly failed: number;
}

/** How a run was made: what only its journals tell. */
export interface RunMaking {
  /** All personas of the run, and those that have not ended. */
  readonly personas: number;
  readonly pending: number;
  readonly tally: Tally;
  /** The acceptance funnel: one step for each call that any persona came to. */
  readonly steps: readonly CallStep[];
  /** Completion tokens that stopping at the first fault has saved, estimated. */
  readonly tokensSaved: number;
  /** Dollars for each accepted trajectory, what was paid for the others included; null when unknown. */
  readonly costEach: number | null;
}

/** The goals of scripts. */
export interface GoalStatistics {
  /** How many scripts by the theme that their words are nearest to; `other` for none. */
  readonly themes: Readonly<Record<string, number>>;
  /** Goals that nearly are an earlier one: Jaccard's similarity of their words is at least 0.9. */
  readonly nearDuplicates: number;
  /** The first few of them. */
  readonly pairs: readonly NearGoals[];
}

/** Two goals that are nearly the same. */
export interface NearGoals {
  readonly id: string;
  readonly goal: string;
  /** The trajectory that has nearly the same goal. */
  readonly nearId: string;
}

/** How many error turns were flagged as each kind (App. M); a turn may be of several. */
export interface ErrorKinds {
  readonly parameter: number;
  readonly place: number;
  readonly logic: number;
}

/** Lengths in tokens, with the template's own tokens where one was given. */
export interface TokenLengths {
  readonly all: Distribution;
  /** Tokens in the loss (Eq. 1). */
  readonly trained: Distribution;
  readonly sum: number;
  readonly trainedSum: number;
}

/**
 * What a data set is: the trajectories of a run that were accepted, or the rows of a file. Plain data, as JSON has it.
 */
export interface RunStatistics {
  /** As the user is told of it. */
  readonly name: string;
  readonly kind: "run" | "trajectories" | "conversations";
  /** Undefined for files, which do not tell. */
  readonly making?: RunMaking;
  /** How many trajectories all that follows is over. */
  readonly trajectories: number;
  /** Rows of a file that cannot be used, or damaged lines of a run, and what was wrong with the first of them. */
  readonly unusable: number;
  readonly firstProblem?: string | undefined;
  /** Continuous error turns (App. N, Figure 13); of conversations, answers that are masked. */
  readonly errorRuns: ErrorRunCounts;
  /** Undefined for conversations. */
  readonly errorKinds?: ErrorKinds;
  /** Player turns of a trajectory; of conversations, answers. */
  readonly turns: Distribution;
  /** Only where a tokenizer was given. */
  readonly tokens?: TokenLengths;
  /** Available actions of a script, and places and objects of its tree; undefined for conversations. */
  readonly actions?: Distribution;
  readonly objects?: Distribution;
  readonly goals?: GoalStatistics;
}

/** The tokens of an example, in all and in the loss. */
export type CountTokens = (example: TrainingExample) => { readonly all: number; readonly trained: number };

/** What statistics may be told beside the data. */
export interface StatisticsOptions {
  /** What the data is called in them. */
  readonly name: string;
  /** Counts tokens; lengths are in turns alone without it. */
  readonly countTokens?: CountTokens | undefined;
  /** Dollars for the tokens of calls whose price was unknown when they were bought. */
  readonly costOf?: CostOf | undefined;
}

const SHOWN_PAIRS = 12;

/** Takes trajectories in one after the other and tells what they are together; holds counts, and a kilobyte a goal. */
export class TrajectoryFold {
  readonly #countTokens: CountTokens | undefined;
  readonly #turns = new Counter();
  readonly #actions = new Counter();
  readonly #objects = new Counter();
  readonly #tokens = { all: new Counter(), trained: new Counter(), sum: 0, trainedSum: 0 };
  readonly #goals = new NearDuplicates();
  readonly #pairs: NearGoals[] = [];
  readonly #themes: Record<string, number> = {};
  readonly #kinds = { parameter: 0, place: 0, logic: 0 };
  #errorRuns = NO_ERROR_RUNS;
  #nearDuplicates = 0;

  constructor(countTokens: CountTokens | undefined) {
    this.#countTokens = countTokens;
  }

  takeTrajectory(id: string, trajectory: Trajectory): void {
    const { script, turns } = trajectory;
    this.#takeTurns(judgedTurns(turns));
    // What a first turn flags, no player has done.
    for (const turn of turns.slice(1)) if (turn.role === "DM") this.#takeFlags(turn);
    this.#actions.add(script.actions.length);
    this.#objects.add(countPlacesAndObjects(script.placesAndObjects));
    this.#takeGoal(id, script.goal);
    const theme = nearestTheme(`${script.initialState} ${script.goal}`) ?? "other";
    this.#themes[theme] = (this.#themes[theme] ?? 0) + 1;
    const example = this.#countTokens === undefined ? undefined : trainingExample(id, trajectory);
    if (example !== undefined) this.#takeTokens(example);
  }

  takeConversation(example: TrainingExample): void {
    this.#takeTurns(
      example.messages.flatMap(({ role, loss }) => (role === "assistant" ? [loss === false] : [])),
    );
    this.#takeTokens(example);
  }

  #takeTurns(areErrors: readonly boolean[]): void {
    this.#turns.add(areErrors.length);
    this.#errorRuns = addJudgedTurns(this.#errorRuns, areErrors);
  }

  #takeFlags({ parameterError, placeError, logicError }: DungeonMasterTurn): void {
    this.#kinds.parameter += Number(parameterError);
    this.#kinds.place += Number(placeError);
    this.#kinds.logic += Number(logicError);
  }

  #takeGoal(id: string, goal: string): void {
    const nearId = this.#goals.addUnlessNear({ id, text: goal });
    if (nearId === undefined) return;
    this.#nearDuplicates += 1;
    if (this.#pairs.length < SHOWN_PAIRS) this.#pairs.push({ id, goal, nearId });
  }

  #takeTokens(example: TrainingExample): void {
    if (this.#countTokens === undefined) return;
    const { all, trained } = this.#countTokens(example);
    this.#tokens.all.add(all);
    this.#tokens.trained.add(trained);
    this.#tokens.sum += all;
    this.#tokens.trainedSum += trained;
  }

  /** What was taken in so far. */
  statistics(
    kind: RunStatistics["kind"],
  ): Omit<RunStatistics, "name" | "kind" | "unusable" | "firstProblem" | "making"> {
    const { all, trained, sum, trainedSum } = this.#tokens;
    const ofTrajectories = {
      errorKinds: { ...this.#kinds },
      actions: this.#actions.distribution(),
      objects: this.#objects.distribution(),
      goals: {
        themes: { ...this.#themes },
        nearDuplicates: this.#nearDuplicates,
        pairs: [...this.#pairs],
      },
    };
    return {
      trajectories: this.#errorRuns.trajectories,
      errorRuns: this.#errorRuns,
      turns: this.#turns.distribution(),
      ...(this.#countTokens === undefined
        ? {}
        : { tokens: { all: all.distribution(), trained: trained.distribution(), sum, trainedSum } }),
      ...(kind === "conversations" ? {} : ofTrajectories),
    };
  }
}

type Ends = Record<SynthesisRecord["outcome"], number>;

/** The acceptance funnel, from how many personas ended after so many calls. */
function stepsOf(ends: ReadonlyMap<number, Ends>): readonly CallStep[] {
  const last = Math.max(0, ...ends.keys());
  let reached = 0;
  const steps = Array.from({ length: last }, (_step, place): CallStep => {
    const call = last - place;
    const { accepted = 0, rejected = 0, failed = 0 } = ends.get(call) ?? {};
    reached += accepted + rejected + failed;
    return { call, reached, accepted, rejected, failed };
  });
  return steps.reverse();
}

/**
 * What a run is, in one pass over each of its journals. Of a persona that failed and was tried again the later record
 * counts. Lines that cannot be read are left out and counted.
 */
export async function statisticsOfRun(
  { paths }: Pick<RunFolder, "paths">,
  { name, countTokens, costOf = () => null }: StatisticsOptions,
): Promise<RunStatistics> {
  const fold = new TrajectoryFold(countTokens);
  const ends = new Map<number, Ends>();
  const failedAfter = new Map<number, number>();
  const count = (calls: number, outcome: keyof Ends, by: 1 | -1): void => {
    const at = ends.get(calls) ?? { accepted: 0, rejected: 0, failed: 0 };
    ends.set(calls, { ...at, [outcome]: at[outcome] + by });
  };
  const onEnded = (record: SynthesisRecord): void => {
    const { index, outcome, calls, id } = record;
    const earlier = failedAfter.get(index);
    if (earlier !== undefined) count(earlier, "failed", -1);
    failedAfter.delete(index);
    if (outcome === "failed") failedAfter.set(index, calls);
    count(calls, outcome, 1);
    const trajectory = outcome === "accepted" ? storedTrajectory(record) : undefined;
    if (trajectory !== undefined) fold.takeTrajectory(id, trajectory);
  };
  const personas = await countPersonas(paths);
  const damage: string[] = [];
  const leftOut = (words: string): void => {
    damage.push(words);
  };
  const { tally } = await replayRun(paths, { retryFailed: false, costOf, onEnded, leftOut });
  const { accepted } = tally.outcomes;
  const making: RunMaking = {
    personas,
    pending: personas - endedPersonas(tally),
    tally,
    steps: stepsOf(ends),
    tokensSaved: tokensSaved(tally),
    costEach: accepted === 0 || tally.cost === null ? null : tally.cost / accepted,
  };
  return {
    name,
    kind: "run",
    making,
    unusable: damage.length,
    firstProblem: damage[0],
    ...fold.statistics("run"),
  };
}
