import type { Suite, Task } from "../../environment/suite.ts";
import { unrecorded } from "../../environment/world.ts";
import { errorMessage } from "../../errors.ts";
import { rankOf } from "../../random.ts";
import { ownWords } from "./own-words.ts";

/** What a player of a suite's task is told, without the worked example and without what all are told. */
interface TaskInstruction {
  readonly task: string;
  readonly text: string;
  /** The goal. */
  readonly about: string;
}

/** Instructions of a suite. */
export interface SuiteInstructions {
  readonly suite: string;
  /** All tasks that it has. */
  readonly tasks: number;
  /** In the order of the seed. */
  readonly drawn: readonly TaskInstruction[];
  /** Why there are fewer than were asked for; undefined where there is no reason but too few tasks. */
  readonly problem: string | undefined;
}

/** How much is drawn of each suite. */
interface DrawTasksOptions {
  readonly count: number;
  readonly seed: number;
  readonly stop?: AbortSignal | undefined;
}

async function instructionOfTask(
  suite: Suite,
  task: Task,
  signal: AbortSignal,
): Promise<TaskInstruction | undefined> {
  await using world = await task.open(unrecorded(signal));
  const start = await world.reset();
  const instruction = suite.instruction(task, start);
  return instruction && { task: task.id, text: ownWords(instruction), about: start.goal };
}

/**
 * Draws tasks of a suite and begins each once, as what a player is told may stand in its world alone. A task whose
 * world does not open is passed over. Rejects with the reason of `stop`.
 */
export async function suiteInstructions(
  suite: Suite,
  { count, seed, stop }: DrawTasksOptions,
): Promise<SuiteInstructions> {
  const signal = stop ?? new AbortController().signal;
  const place = ({ id }: Task): number => rankOf(seed, `instructions of ${suite.name}`, id);
  const tasks = [...suite.tasks].sort((one, other) => place(one) - place(other));
  const drawn: TaskInstruction[] = [];
  let problem: string | undefined;
  for (const task of tasks) {
    if (drawn.length === count) break;
    signal.throwIfAborted();
    try {
      const found = await instructionOfTask(suite, task, signal);
      if (found === undefined) {
        problem = "its players are told nothing beside the question";
        break;
      }
      drawn.push(found);
    } catch (error) {
      signal.throwIfAborted();
      problem ??= `task ${task.id}: ${errorMessage(error)}`;
    }
  }
  return { suite: suite.name, tasks: tasks.length, drawn, problem };
}
