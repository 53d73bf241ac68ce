import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { FORMATS } from "../../src/dataset/formats.ts";
import { type TrainingExample, trainingExample } from "../../src/dataset/training-example.ts";
import { jsonLine } from "../../src/dataset/write-jsonl.ts";
import { begin, receive, request } from "../../src/synthesis/synthesis.ts";
import { authorModel } from "../support/author-model.ts";
import { answerWith } from "../support/child.ts";
import { personas } from "../support/personas.ts";
import { variedText, wordsOf } from "./varied-text.ts";

/** Trajectories of the offline author as training examples, from every persona whose number is `first` plus twos. */
async function* messageRows(count: number, first: number): AsyncGenerator<TrainingExample> {
  const model = authorModel(1);
  let accepted = 0;
  let number = -1;
  for await (const persona of personas(4 * count)) {
    number += 1;
    if (accepted === count) return;
    if (number % 2 !== first) continue;
    let synthesis = begin(persona, 4);
    for (let ask = request(synthesis); ask !== undefined; ask = request(synthesis)) {
      synthesis = receive(synthesis, await model.chat(ask));
    }
    const { stage } = synthesis;
    if (stage.kind !== "ended" || stage.outcome.kind !== "accepted") continue;
    const example = trainingExample(persona.id, stage.outcome.trajectory);
    if (example === undefined) continue;
    accepted += 1;
    yield example;
  }
  if (accepted < count) throw new Error(`only ${accepted} of ${2 * count} personas were accepted`);
}

/** The same row with the words of `words`. */
function variedRow({ id, messages }: TrainingExample, words: readonly string[]): TrainingExample {
  return {
    id,
    messages: messages.map((message, place) => ({
      ...message,
      content: variedText(message.content, words, id, place),
    })),
  };
}

async function writeRow(file: WriteStream, row: TrainingExample): Promise<void> {
  const line = FORMATS.messages.rows(row).map(jsonLine).join("");
  if (!file.write(line)) await once(file, "drain");
}

/** Where the words of the varied rows are taken from: a file of personas, one JSON object a line. */
async function readWords(path: string): Promise<readonly string[]> {
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  return wordsOf(lines.map((line): string => `${Reflect.get(JSON.parse(line), "persona")}`));
}

async function writeInput(
  paths: readonly [string, string],
  wordsFrom: string,
  numbers: string,
): Promise<number> {
  const [count = 0, variedCount = 0, first = 0] = numbers.split(",").map(Number);
  const words = await readWords(wordsFrom);
  const [plain, varied] = [createWriteStream(paths[0]), createWriteStream(paths[1])];
  let written = 0;
  for await (const row of messageRows(count, first)) {
    await writeRow(plain, row);
    if (written < variedCount) await writeRow(varied, variedRow(row, words));
    written += 1;
  }
  for (const file of [plain, varied]) {
    file.end();
    await once(file, "finish");
  }
  return written;
}

const [plain = "", varied = "", wordsFrom = "", numbers = ""] = process.argv.slice(2);
await answerWith(() => writeInput([plain, varied], wordsFrom, numbers));
