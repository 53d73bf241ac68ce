import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openEmbeddings } from "../../model/embeddings.ts";
import { embedTexts } from "./kept-vectors.ts";
import { type Matrix, rowOf } from "./matrix.ts";

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
}

interface Answered {
  readonly status?: number;
  readonly body: unknown;
}

let server: Server;
let baseUrl: string;
let folder: string;
let asked: { readonly body: Asked; readonly authorization: string | undefined }[] = [];
let answer: (body: Asked) => Answered;

/** The vector of a text: its length and its first character. */
function vectorOf(text: string): readonly number[] {
  return [text.length, text.charCodeAt(0), 0.5];
}

/** The vectors of all texts in a wrong order, with their places. */
function rightAnswer({ input }: Asked): Answered {
  const data = input.map((text, index) => ({ object: "embedding", index, embedding: vectorOf(text) }));
  return { body: { object: "list", data: data.reverse(), usage: { prompt_tokens: 3, total_tokens: 3 } } };
}

async function bodyOf(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (request.url !== "/v1/embeddings") {
      response.writeHead(404).end("{}");
      return;
    }
    const body = await bodyOf(request);
    asked.push({ body, authorization: request.headers.authorization });
    const { status = 200, body: answered } = answer(body);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof answered === "string" ? answered : JSON.stringify(answered));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(async () => {
  asked = [];
  answer = rightAnswer;
  folder = await mkdtemp(join(tmpdir(), "agentrefine-vectors-"));
  return () => rm(folder, { recursive: true });
});

const TEXTS = Array.from({ length: 150 }, (_value, i) => `thought ${i}`);

function embed(texts: readonly string[], url = baseUrl, stop?: AbortSignal): Promise<Matrix> {
  const model = openEmbeddings({ model: "small", baseUrl: url }, { AGENTREFINE_API_KEY: "secret-key-1" });
  return embedTexts(texts, { model, folder, stop });
}

describe("embeddings", () => {
  test("are asked for in batches, each text once, and come in the order of the texts", async () => {
    const texts = [...TEXTS, "x", "thought 0"];
    const matrix = await embed(texts);
    expect(asked.map(({ body }) => body.input.length).sort((one, other) => other - one)).toEqual([
      64, 64, 23,
    ]);
    expect(asked[0]).toMatchObject({ body: { model: "small" }, authorization: "Bearer secret-key-1" });
    expect(matrix).toMatchObject({ rows: 152, columns: 3 });
    texts.forEach((text, row) => {
      expect([...rowOf(matrix, row)]).toEqual(vectorOf(text));
    });
  });

  test("that were bought are never bought again, also when a kill tore the last line", async () => {
    const first = await embed(TEXTS.slice(0, 100));
    const [own = ""] = await readdir(folder);
    await appendFile(join(folder, own, "vectors.jsonl"), '{"text":"abc');
    asked = [];
    const second = await embed(TEXTS);
    expect(asked.flatMap(({ body }) => body.input)).toEqual(TEXTS.slice(100));
    expect(second.values.slice(0, 300)).toEqual(first.values);
    asked = [];
    expect(await embed(TEXTS)).toEqual(second);
    expect(asked).toEqual([]);
    expect(await readFile(join(folder, own, "vectors.jsonl"), "utf8")).not.toContain("secret");
  });

  test("are kept as they come, so that what came before a failure is not bought again", async () => {
    answer = (body) =>
      body.input.includes("thought 0") ? { status: 401, body: { error: "no" } } : rightAnswer(body);
    await expect(embed(TEXTS)).rejects.toMatchObject({ code: "unauthorized" });
    answer = rightAnswer;
    asked = [];
    await embed(TEXTS);
    expect(asked.flatMap(({ body }) => body.input)).toEqual(TEXTS.slice(0, 64));
  });

  test.each<readonly [string, (body: Asked) => unknown, string]>([
    ["no JSON", () => "<", "something that is no list of vectors"],
    ["a chat", () => ({ choices: [] }), "something that is no list of vectors"],
    ["too few", () => ({ data: [{ index: 0, embedding: [1] }] }), "1 vectors for 2 texts"],
    ["words", () => ({ data: [{ index: 0, embedding: "AAAA" }] }), "a vector that is no list of numbers"],
    ["too high a place", () => ({ data: [{ index: 9, embedding: [1] }] }), "a vector for text 10 of 2"],
    [
      "two lengths",
      () => ({ data: [{ embedding: [1] }, { embedding: [1, 2] }] }),
      "vectors of different lengths",
    ],
  ])("that are wrong are told in one line: %s", async (_name, body, words) => {
    answer = (given) => ({ body: body(given) });
    const error: unknown = await embed(["a", "b"]).catch((each: unknown) => each);
    expect(error).toMatchObject({ name: "AgentRefineError", fix: expect.stringContaining("--embeddings") });
    expect(String(error)).toContain(`answered with ${words}`);
    expect(String(error)).not.toContain("\n");
    expect(asked).toHaveLength(1);
  });

  test.each([
    [400, "This model's maximum context length is 2048 tokens"],
    [500, "input (9000 tokens) is too large to process. increase the physical batch size (current: 2048)"],
    [413, "`inputs` must have less than 2048 tokens. Given: 9000"],
  ])(
    "of a text beyond the context are those of its beginning, and the others whole: %i",
    async (status, message) => {
      answer = (body) =>
        body.input.some(({ length }) => length > 7000)
          ? { status, body: { error: { message } } }
          : rightAnswer(body);
      const texts = ["a", "b".repeat(6500), "c".repeat(30_000), "d"];
      const matrix = await embed(texts);
      expect(texts.map((_text, row) => rowOf(matrix, row)[0])).toEqual([1, 6500, 6000, 1]);
    },
  );

  test("are asked for in smaller batches where a server takes fewer texts", async () => {
    answer = (body) =>
      body.input.length > 32
        ? { status: 422, body: { error: "batch size 64 > maximum allowed batch size 32" } }
        : rightAnswer(body);
    expect((await embed(TEXTS)).rows).toBe(150);
  });

  test("stop with the reason that is given, and say where nothing is served", async () => {
    const stop = new AbortController();
    answer = (body) => {
      stop.abort(new Error("Ctrl-C"));
      return rightAnswer(body);
    };
    await expect(embed(TEXTS, baseUrl, stop.signal)).rejects.toThrow("Ctrl-C");
    await expect(embed(["a"], `${baseUrl}/none`)).rejects.toMatchObject({ code: "not-found" });
  });
});
