import * as z from "zod";
import { shortWords } from "../../../errors.ts";
import { type CommandLine, type Gateway, startGateway } from "./gateway.ts";
import { type Jvm, openJvm, type Patience } from "./jvm.ts";
import {
  type Argument,
  callCommand,
  forgetCommand,
  joinCommand,
  makeCommand,
  type Reference,
  referenceSchema,
} from "./py4j.ts";

/** AgentBoard's simplifications of every task. */
export const SIMPLIFICATIONS = "selfWateringFlowerPots,openContainers,openDoors,noElectricalAction";

const PATIENCE: Patience = { startSeconds: 60, answerSeconds: 60 };

/**
 * ScienceWorld in a JVM of its own: one world at a time, each loaded in the place of the last. Listing what can be
 * done (`validActions`, `validActionsJson`) draws from the world's random generator, which moves the bees; the other
 * questions change nothing.
 */
export class Simulator {
  readonly #jvm: Jvm;
  readonly #world: Reference;

  constructor(jvm: Jvm, world: Reference) {
    this.#jvm = jvm;
    this.#world = world;
  }

  /** Nothing has failed, and no answer is waited for: another world may be loaded. */
  get isSound(): boolean {
    return this.#jvm.isSound;
  }

  /** Ends the JVM at once. */
  close(): void {
    this.#jvm.close();
  }

  /** Begins a variation of a task. `gold` seeks a way to achieve it, at this and at every later load. */
  async load(task: string, variation: number, { gold }: { readonly gold: boolean }): Promise<void> {
    const problem = await this.#call(z.string(), "load", task, variation, SIMPLIFICATIONS, gold);
    if (problem !== "") throw new Error(shortWords(problem));
  }

  step(action: string): Promise<string> {
    return this.#call(z.string(), "step", action);
  }

  inventory(): Promise<string> {
    return this.#call(z.string(), "freeActionInventory");
  }

  taskDescription(): Promise<string> {
    return this.#call(z.string(), "getTaskDescription");
  }

  /** In [0, 1], or -1 when the task cannot be achieved any more. */
  score(): Promise<number> {
    return this.#call(z.number(), "getScore");
  }

  completed(): Promise<boolean> {
    return this.#call(z.boolean(), "getCompleted");
  }

  moves(): Promise<number> {
    return this.#call(z.number(), "getNumMoves");
  }

  /** Forms of actions, such as `open OBJ`. */
  templates(): Promise<readonly string[]> {
    return this.#list("getPossibleActions");
  }

  /** What can be done, sorted. */
  validActions(): Promise<readonly string[]> {
    return this.#list("getValidActionObjectCombinations");
  }

  /** The same as JSON, with the objects that are meant. */
  validActionsJson(): Promise<string> {
    return this.#call(z.string(), "getValidActionObjectCombinationsJSON");
  }

  /** The way that was found when the task was loaded with `gold`. */
  gold(): Promise<readonly string[]> {
    return this.#list("getGoldActionSequence");
  }

  #call<Value>(kind: z.ZodType<Value>, method: string, ...given: readonly Argument[]): Promise<Value> {
    return this.#jvm.call(kind, callCommand(this.#world, method, ...given));
  }

  async #list(method: string): Promise<readonly string[]> {
    const list = await this.#call(referenceSchema, method);
    const joined = await this.#jvm.call(z.string(), joinCommand(list));
    await this.#jvm.call(z.unknown(), forgetCommand(list));
    return joined === "" ? [] : joined.split("\n");
  }
}

const SYSTEM: Reference = { id: "z:java.lang.System" };

/**
 * Lets the JVM print to nowhere: ScienceWorld tells up to a megabyte an episode of what it does, line by line, and to
 * throw it away took half of our own time for a step. Before Java 11 there is no nowhere, and the pipe takes it.
 */
async function silence(jvm: Jvm): Promise<void> {
  const version = await jvm.call(
    z.string(),
    callCommand(SYSTEM, "getProperty", "java.specification.version"),
  );
  if (!(Number(version) >= 11)) return;
  const nowhere = await jvm.reference(callCommand({ id: "z:java.io.OutputStream" }, "nullOutputStream"));
  const printer = await jvm.reference(makeCommand("java.io.PrintStream", nowhere));
  await jvm.call(z.unknown(), callCommand(SYSTEM, "setOut", printer));
}

/** ScienceWorld in a JVM that was just started. */
export async function openSimulator(gateway: Gateway, patience: Patience): Promise<Simulator> {
  const jvm = await openJvm(gateway, "object_type_ids.tsv", patience);
  try {
    await silence(jvm);
    const world = makeCommand("scienceworld.runtime.pythonapi.PythonInterface");
    return new Simulator(jvm, await jvm.reference(world));
  } catch (error) {
    jvm.close();
    throw error;
  }
}

/** Starts a JVM with ScienceWorld in it. */
export async function startSimulator(
  command: CommandLine,
  patience: Patience = PATIENCE,
): Promise<Simulator> {
  return await openSimulator(await startGateway(command, patience.startSeconds), patience);
}
