import type { DataSource } from "../../dataset/data-source.ts";
import { openRunSource } from "../../dataset/run-source.ts";
import { instructionOf, type TrainingExample } from "../../dataset/training-example.ts";
import { AgentRefineError } from "../../errors.ts";
import { readPlayedReAct, thoughtWithoutLabel, withReActLabels } from "../../react.ts";
import type { Trajectory } from "../../trajectory/trajectory.ts";
import { type DataRow, dataRows } from "../data-rows.ts";
import { Draw, type Ranked } from "./drawn.ts";
import { goalOfMessage, ownWords, wordsOfMessage } from "./own-words.ts";

/** A text of a data set and where it stands. */
export interface DrawnText {
  /** The id of its row: of a run, the persona's. */
  readonly row: string;
  readonly text: string;
}

/** What a player of a world is told, and what that is about: its goal, or how it begins where that is not known. */
export interface DrawnInstruction extends DrawnText {
  readonly about: string;
}

/** What was drawn of all that a data set has. */
interface Drawn<Text> {
  readonly all: number;
  /** In the order of the seed. */
  readonly drawn: readonly Ranked<Text>[];
}

/** The texts of a data set that Figures 6 and 7 are about. */
export interface DataTexts {
  /** What the data set is called. */
  readonly name: string;
  /** Rows that could be used. */
  readonly rows: number;
  /** The thoughts of all turns of a thought and an action (paper section 4.4), those of error turns among them. */
  readonly thoughts: Drawn<DrawnText>;
  /** What a player is told of each world, without what all are told in the same words. */
  readonly instructions: Drawn<DrawnInstruction>;
}

/** Characters of an instruction that tell what it is about. */
const BEGINNING = 200;

/** How much is drawn of each data set. */
export interface DrawOptions {
  readonly thoughts: number;
  readonly instructions: number;
  readonly seed: number;
  readonly stop?: AbortSignal | undefined;
  /** Called after each row with how many were read. */
  readonly onRow?: (rows: number) => void;
}

interface RowTexts {
  readonly row: string;
  readonly thoughts: readonly string[];
  readonly instruction: () => Pick<DrawnInstruction, "text" | "about">;
}

function ofTrajectory(row: string, { script, turns }: Trajectory): RowTexts {
  const thoughts = turns.flatMap((turn) =>
    turn.role === "Player" ? [thoughtWithoutLabel(turn.thought)] : [],
  );
  return {
    row,
    thoughts,
    instruction: () => ({ text: ownWords(instructionOf(script)), about: script.goal }),
  };
}

function ofConversation({ id, messages }: TrainingExample): RowTexts {
  const thoughts = messages.flatMap(({ role, content }) => {
    const thought = role === "assistant" ? readPlayedReAct(withReActLabels(content)).thought : undefined;
    return thought === undefined ? [] : [thought];
  });
  const instruction = (): Pick<DrawnInstruction, "text" | "about"> => {
    const message = messages[0]?.content ?? "";
    const text = wordsOfMessage(message);
    return { text, about: goalOfMessage(message) ?? text.slice(0, BEGINNING) };
  };
  return { row: id, thoughts, instruction };
}

async function* usable(rows: AsyncIterable<DataRow>): AsyncGenerator<RowTexts> {
  for await (const row of rows) {
    if (row.kind === "trajectories") yield ofTrajectory(row.id, row.trajectory);
    else if (row.kind === "conversations") yield ofConversation(row.example);
  }
}

async function* textsOf(
  sources: readonly DataSource[],
  stop: AbortSignal | undefined,
): AsyncGenerator<RowTexts> {
  const run = sources[0]?.run;
  if (run === undefined) yield* usable(dataRows(sources));
  else {
    const { trajectories } = await openRunSource(run, { stop });
    for await (const { id, trajectory } of trajectories()) yield ofTrajectory(id, trajectory);
  }
}

/**
 * Draws thoughts and instructions of a data set in one pass over it. Rejects with an AgentRefineError when it cannot be
 * read or no row of it can be used, and with the reason of `stop`.
 */
export async function drawTexts(
  name: string,
  sources: readonly DataSource[],
  { thoughts: mostThoughts, instructions: mostInstructions, seed, stop, onRow }: DrawOptions,
): Promise<DataTexts> {
  const thoughts = new Draw<DrawnText>(mostThoughts, seed, `thoughts of ${name}`);
  const instructions = new Draw<DrawnInstruction>(mostInstructions, seed, `instructions of ${name}`);
  let rows = 0;
  for await (const { row, thoughts: own, instruction } of textsOf(sources, stop)) {
    stop?.throwIfAborted();
    rows += 1;
    // Rows of others' data may share an id, but not their number.
    for (const [turn, text] of own.entries())
      if (text !== "") thoughts.offer(`${rows}:${turn}`, () => ({ row, text }));
    instructions.offer(`${rows}`, () => ({ row, ...instruction() }));
    onRow?.(rows);
  }
  if (rows === 0) {
    throw new AgentRefineError(`no row of ${name} can be used`, {
      fix: "Give a run, or a file of conversations or trajectories.",
    });
  }
  return {
    name,
    rows,
    thoughts: { all: thoughts.offered, drawn: thoughts.drawn() },
    instructions: { all: instructions.offered, drawn: instructions.drawn() },
  };
}
