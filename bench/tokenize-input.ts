import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { type MessagesRow, messagesRow } from "../src/dataset/formats/messages.ts";
import { trainingExample } from "../src/dataset/from-trajectory.ts";
import { writeJsonl } from "../src/dataset/write-jsonl.ts";
import { begin, receive, request } from "../src/synthesis/synthesis.ts";
import { authorModel } from "./author-model.ts";
import { personas } from "./personas.ts";

async function* messageRows(count: number, progress: (note: string) => void): AsyncGenerator<MessagesRow> {
  const model = authorModel(1);
  let accepted = 0;
  for await (const persona of personas(2 * count)) {
    if (accepted === count) return;
    let synthesis = begin(persona, 4);
    for (let ask = request(synthesis); ask !== undefined; ask = request(synthesis)) {
      synthesis = receive(synthesis, await model.chat(ask));
    }
    const { stage } = synthesis;
    if (stage.kind !== "ended" || stage.outcome.kind !== "accepted") continue;
    const example = trainingExample(persona.id, stage.outcome.trajectory);
    if (example === undefined) continue;
    accepted += 1;
    if (accepted % 4000 === 0) progress(`${accepted} of ${count} trajectories written`);
    yield messagesRow(example);
  }
  if (accepted < count) throw new Error(`only ${accepted} of ${2 * count} personas were accepted`);
}

/** Writes so many trajectories of the offline author as rows of `messages`. */
export async function writeTokenizeInput(
  path: string,
  count: number,
  progress: (note: string) => void,
): Promise<void> {
  const stream = createWriteStream(path);
  await writeJsonl(messageRows(count, progress), {
    write: async (chunk) => {
      if (!stream.write(chunk)) await once(stream, "drain");
    },
  });
  stream.end();
  await once(stream, "finish");
}
