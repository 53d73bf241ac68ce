import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { errorMessage, shortWords } from "../../../errors.ts";
import { type Connection, openConnection } from "./connection.ts";
import type { Gateway } from "./gateway.ts";
import {
  type Command,
  callCommand,
  GATEWAY_SERVER,
  makeCommand,
  type Reference,
  readAnswer,
  referenceSchema,
} from "./py4j.ts";

/** How long a JVM may take to begin, and to answer. */
export interface Patience {
  readonly startSeconds: number;
  readonly answerSeconds: number;
}

/** How much later than its connection the end of a process is told. */
const LAST_WORDS_MS = 200;

/** A JVM whose objects can be called, one after the other. What goes wrong says how the JVM ended, if it did. */
export class Jvm {
  readonly #gateway: Gateway;
  readonly #connection: Connection;
  readonly #answerSeconds: number;
  #hasFailed = false;

  constructor(gateway: Gateway, connection: Connection, answerSeconds: number) {
    this.#gateway = gateway;
    this.#connection = connection;
    this.#answerSeconds = answerSeconds;
  }

  /** Nothing has ever failed, and no answer is waited for. */
  get isSound(): boolean {
    return !this.#hasFailed && this.#connection.isSound && this.#gateway.isRunning;
  }

  /** Ends it at once. */
  close(): void {
    this.#connection.close();
    this.#gateway.close();
  }

  /**
   * What a command comes to, which must be of a kind. Rejects when it throws in Java, when there is no answer in time,
   * when the JVM ends.
   */
  async call<Value>(kind: z.ZodType<Value>, command: Command): Promise<Value> {
    try {
      const value = await this.#answer(command);
      const read = kind.safeParse(value);
      if (read.success) return read.data;
      throw new Error(`the simulator answered with ${typeof value}: ${shortWords(read.error.message)}`);
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  /** An object that a command comes to. */
  reference(command: Command): Promise<Reference> {
    return this.call(referenceSchema, command);
  }

  async #answer(command: Command): Promise<unknown> {
    const line = await this.#ask(command);
    const answer = readAnswer(line);
    if (answer === undefined) throw new Error(`the simulator's answer is none: ${shortWords(line)}`);
    if (answer.code === "value") return answer.value;
    if (answer.code === "object") return { id: answer.id };
    if (answer.code === "refused") throw new Error(`the simulator refused: ${shortWords(answer.words)}`);
    const told = readAnswer(await this.#ask(callCommand({ id: answer.id }, "toString")));
    const words = told?.code === "value" ? shortWords(String(told.value)) : "for no reason that it tells";
    throw new Error(`the simulator failed: ${words}`);
  }

  async #ask(command: Command): Promise<string> {
    try {
      return await this.#connection.ask(command, this.#answerSeconds);
    } catch (error) {
      throw await lastWords(this.#gateway, error);
    }
  }
}

/** How the JVM ended, if it has or does in a moment; else what went wrong with the conversation. */
async function lastWords(gateway: Gateway, error: unknown): Promise<Error> {
  const words = await Promise.race([gateway.ended, delay(LAST_WORDS_MS)]);
  return new Error(`the simulator: ${words ?? errorMessage(error)}`, { cause: error });
}

/**
 * Whoever can reach py4j's port can do anything in the name of this user, and other users of the machine can: so the
 * port is closed as soon as the one connection stands.
 */
async function closePort(jvm: Jvm): Promise<void> {
  const server = await jvm.reference(callCommand(GATEWAY_SERVER, "getClass"));
  const field = await jvm.reference(callCommand(server, "getDeclaredField", "sSocket"));
  await jvm.call(z.unknown(), callCommand(field, "setAccessible", true));
  const socket = await jvm.reference(callCommand(field, "get", GATEWAY_SERVER));
  await jvm.call(z.unknown(), callCommand(socket, "close"));
}

/** Makes the JVM remove its folder when it ends by itself, as it does when this process is killed. */
async function removeAtEnd(jvm: Jvm, folder: string, writtenFile: string): Promise<void> {
  // What is named last goes first.
  for (const path of [folder, join(folder, writtenFile)]) {
    const file = await jvm.reference(makeCommand("java.io.File", path));
    await jvm.call(z.unknown(), callCommand(file, "deleteOnExit"));
  }
}

/** Talks to a JVM that was just started, and writes one file in its folder. Ends it when that cannot be done. */
export async function openJvm(
  gateway: Gateway,
  writtenFile: string,
  { startSeconds, answerSeconds }: Patience,
): Promise<Jvm> {
  try {
    const connection = await openConnection(gateway.port, startSeconds);
    const jvm = new Jvm(gateway, connection, answerSeconds);
    await closePort(jvm);
    await removeAtEnd(jvm, gateway.folder, writtenFile);
    return jvm;
  } catch (error) {
    gateway.close();
    throw error;
  }
}
