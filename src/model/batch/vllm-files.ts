import { createReadStream } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { AgentRefineError, storageError } from "../../errors.ts";
import { byteLines } from "../../lines.ts";
import { shellWord } from "../../printable.ts";
import { parseFields } from "../call.ts";
import type { ChatModel } from "../chat-model.ts";
import type { ProviderSettings } from "../model-settings.ts";
import { openAiServer, openAiWire } from "../openai.ts";
import {
  answerOf,
  type BatchInput,
  type BatchService,
  type FileStore,
  LONGEST_LINE,
  type ProviderBatch,
} from "./batch-service.ts";
import { readLine } from "./openai-batches.ts";

/** After how long without a change answers that are not whole are taken for what a killed program left, in milliseconds. */
const ABANDONED = 10 * 60_000;
const REQUESTS = ".requests.jsonl";
const ANSWERS = ".answers.jsonl";

/**
 * Batches as files in a folder, for `vllm run-batch`: requests are written, whoever has the machine runs the command
 * that is printed, and answers are read from whatever lines of its output are whole. Each batch has a name of its own,
 * so that no attempt writes over another's answers.
 *
 * An `author` answers what has no answers, in place of the command.
 */
export function openBatchFiles(
  directory: string,
  settings: ProviderSettings,
  author?: ChatModel,
): BatchService {
  const { model } = settings;
  // Where a server would be is never asked; only the body of a request is written.
  const options = { ...settings, stream: false, baseUrl: "http://localhost/v1" };
  const server = openAiServer(options);
  const wire = openAiWire(options, server);
  const counted: Counted = new Map();
  const look = async (id: string): Promise<ProviderBatch> => {
    const found = await lookAt(directory, id, counted);
    if (author === undefined || found.state !== "to be run") return found;
    await writeAnswers(author, pathOf(directory, id, REQUESTS), pathOf(directory, id, ANSWERS));
    return lookAt(directory, id, counted);
  };
  return {
    name: directory,
    limits: { requests: 50_000, bytes: 190_000_000 },
    discount: 1,
    store: folderStore(directory),
    line: (customId, request) =>
      `{"custom_id":${JSON.stringify(customId)},"method":"POST","url":"/v1/chat/completions","body":${wire.body(request)}}`,
    create: ({ batch }) => look(batch),
    list: async () => {
      const names = await readdir(directory).catch(() => []);
      const ids = names.flatMap((name) => /^agentrefine-([0-9a-z]+)\.requests\.jsonl$/.exec(name)?.[1] ?? []);
      return Promise.all(ids.map(look));
    },
    look,
    cancel: () => Promise.resolve(),
    fetch: ({ id }) => createReadStream(id),
    readAnswer: (line) => readLine(line, (status, answer) => answerOf(wire, status, answer, []), []),
    learn: (error, request) => server.learn(error, request, 0),
    ...(author === undefined ? { byHand: (batches) => commands(directory, batches, model) } : {}),
  };
}

function pathOf(directory: string, batch: string, ending: string): string {
  return join(directory, `agentrefine-${batch}${ending}`);
}

/** What is to be run so that batches get their answers. */
function commands(directory: string, batches: readonly string[], model: string): readonly string[] {
  const [only, ...others] = batches;
  if (only === undefined) return [];
  const named = `--model ${shellWord(model)}`;
  if (others.length === 0) {
    const [requests, answers] = [REQUESTS, ANSWERS].map((end) => shellWord(pathOf(directory, only, end)));
    return [`vllm run-batch -i ${requests} -o ${answers} ${named}`];
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the shell's.
  const answers = '"${f%.requests.jsonl}.answers.jsonl"';
  return [
    `for f in ${shellWord(directory)}/agentrefine-*${REQUESTS}; do`,
    `  [ -e ${answers} ] || vllm run-batch -i "$f" -o ${answers} ${named}`,
    "done",
  ];
}

/** What of a line of requests an author answers. */
const asked = z.object({
  custom_id: z.string(),
  body: z.object({
    messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() })),
  }),
});

/** Answers the requests of a file, as the command would. */
async function writeAnswers(author: ChatModel, requests: string, answers: string): Promise<void> {
  const lines = async function* (): AsyncGenerator<string> {
    for await (const { bytes = Buffer.alloc(0) } of byteLines(createReadStream(requests), LONGEST_LINE)) {
      const line = asked.safeParse(parseFields(bytes.toString("utf8"))).data;
      if (line === undefined) continue;
      const { text, finish, usage } = await author.chat(line.body);
      const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: finish }];
      const counts = { prompt_tokens: usage.promptTokens, completion_tokens: usage.completionTokens };
      const response = { status_code: 200, body: { choices, usage: counts } };
      yield `${JSON.stringify({ custom_id: line.custom_id, response, error: null })}\n`;
    }
  };
  await writeFile(`${answers}.partial`, lines());
  await rename(`${answers}.partial`, answers);
}

function folderStore(directory: string): FileStore {
  return {
    find: async ({ batch, bytes }) => {
      const path = pathOf(directory, batch, REQUESTS);
      const status = await stat(path).catch(() => undefined);
      return status?.size === bytes ? path : undefined;
    },
    put: async ({ batch, path }: BatchInput) => {
      const target = pathOf(directory, batch, REQUESTS);
      try {
        await mkdir(directory, { recursive: true });
        await copyFile(path, `${target}.partial`);
        await rename(`${target}.partial`, target);
      } catch (error) {
        throw storageError(error, "write", target);
      }
      return target;
    },
    remove: (path) => rm(path, { force: true }),
  };
}

/** How many lines files have, as they were when they were counted: again only when they have changed. */
type Counted = Map<string, { readonly stamp: string; readonly lines: number }>;

async function countLines(
  known: Counted,
  path: string,
  { size, mtimeMs }: { readonly size: number; readonly mtimeMs: number },
): Promise<number> {
  const stamp = `${size} ${mtimeMs}`;
  const before = known.get(path);
  if (before?.stamp === stamp) return before.lines;
  let lines = 0;
  for await (const { isEnded } of byteLines(createReadStream(path), LONGEST_LINE)) if (isEnded) lines += 1;
  known.set(path, { stamp, lines });
  return lines;
}

async function lookAt(directory: string, batch: string, counted: Counted): Promise<ProviderBatch> {
  const inputFile = pathOf(directory, batch, REQUESTS);
  const path = pathOf(directory, batch, ANSWERS);
  const [asked, answers] = await Promise.all(
    [inputFile, path].map((each) => stat(each).catch(() => undefined)),
  );
  if (asked === undefined && answers === undefined) {
    throw new AgentRefineError(`${inputFile} is gone, and there are no answers to it`, {
      fix: "Put the file back, or start the run anew in another folder.",
    });
  }
  const requests = asked === undefined ? 0 : await countLines(counted, inputFile, asked);
  const about = { id: batch, mark: batch, inputFile, requests, createdAt: asked?.mtimeMs ?? 0 };
  if (answers === undefined) return { ...about, phase: "open", state: "to be run", files: [] };
  const answered = await countLines(counted, path, answers);
  const state = stateOf(answered >= requests, Date.now() - answers.mtimeMs);
  const phase = state === "being written" ? "open" : "ended";
  return { ...about, answered, phase, state, files: [{ kind: "output", id: path }] };
}

/** How far answers are that were last changed so many milliseconds ago. */
function stateOf(isWhole: boolean, unchanged: number): string {
  if (isWhole) return "whole";
  return unchanged > ABANDONED ? "left unfinished" : "being written";
}
