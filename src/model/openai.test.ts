import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { ChatRequest } from "./chat-model.ts";
import {
  deltaShortcut,
  type OpenAiCompatibleOptions,
  openAiCompatibleModel,
  openAiWire,
  readOpenAiEvent,
} from "./openai.ts";
import { ServerLimits } from "./server-limits.ts";
import { holdChatModelContract } from "./testing/chat-model-contract.ts";
import { startChatServer } from "./testing/chat-server.ts";

holdChatModelContract("openai-compatible", (settings) =>
  openAiCompatibleModel({ ...settings, model: "served" }),
);

const REQUEST = { messages: [{ role: "user", content: "hi" }] } as const;

describe("servers that are not quite OpenAI", () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
    server = undefined;
  });
  const serve = async (answer: (response: ServerResponse) => void): Promise<string> => {
    server = createServer((_request, response) => answer(response));
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  };
  const whole = JSON.stringify({ choices: [{ message: { content: "whole" }, finish_reason: "stop" }] });

  test("a whole reply to a request for a stream is taken, and shown to watch", async () => {
    const baseUrl = await serve((response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(whole);
    });
    const seen: string[] = [];
    const watch = () => (text: string) => seen.push(text) > 1;
    const reply = await openAiCompatibleModel({ baseUrl, model: "m" }).chat(REQUEST, { watch });
    expect(reply).toMatchObject({ text: "whole", finish: "stop" });
    expect(seen).toEqual(["whole"]);
  });

  test("a finish reason without an end marker is enough", async () => {
    const baseUrl = await serve((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]}\r\n\r\n');
    });
    const reply = await openAiCompatibleModel({ baseUrl, model: "m" }).chat(REQUEST);
    expect(reply).toMatchObject({ text: "a", finish: "length", usage: { estimated: true } });
  });

  test("empty lines that keep a connection alive do not lengthen the total time", async () => {
    const baseUrl = await serve((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write("\n"), 10);
      response.on("close", () => clearInterval(timer));
    });
    const model = openAiCompatibleModel({ baseUrl, model: "m", stream: false, totalTimeout: 150 });
    await expect(model.chat(REQUEST)).rejects.toMatchObject({ code: "timeout", usage: { estimated: true } });
  });

  test("a reply without end is a bad one", async () => {
    const baseUrl = await serve((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const write = (): void => {
        while (response.write("x".repeat(10_000)));
      };
      response.on("drain", write);
      write();
    });
    const model = openAiCompatibleModel({ baseUrl, model: "m", stream: false, maxReplyLength: 1000 });
    await expect(model.chat(REQUEST)).rejects.toMatchObject({ code: "bad-reply" });
  });

  test("an event without end is a bad reply", async () => {
    const baseUrl = await serve((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`data: ${"x".repeat(5000)}`);
    });
    const model = openAiCompatibleModel({ baseUrl, model: "m", maxReplyLength: 1000 });
    await expect(model.chat(REQUEST)).rejects.toMatchObject({ code: "bad-reply" });
  });

  test.each([
    ["a web page with status 200", 200, "text/html; charset=utf-8", "<html>Welcome</html>"],
    ["a path that is not served", 404, "text/plain", "nothing here"],
  ])("%s says which address was asked", async (_name, status, type, body) => {
    const baseUrl = await serve((response) => {
      response.writeHead(status, { "content-type": type }).end(body);
    });
    await expect(openAiCompatibleModel({ baseUrl, model: "m" }).chat(REQUEST)).rejects.toMatchObject({
      code: "not-found",
      usage: undefined,
      message: expect.stringContaining(`${baseUrl}/chat/completions`),
    });
  });

  test("what is not HTTP is a bad reply", async () => {
    const baseUrl = await serve((response) => {
      response.socket?.end("SSH-2.0-OpenSSH_9.6\r\n");
    });
    const model = openAiCompatibleModel({ baseUrl, model: "m" });
    await expect(model.chat(REQUEST)).rejects.toMatchObject({ code: "bad-reply" });
  });
});

describe("the limit of tokens", () => {
  test.each([
    ["gpt-4o-2024-05-13", "max_tokens"],
    ["gpt-5-mini", "max_completion_tokens"],
    ["o3", "max_completion_tokens"],
    ["openchat", "max_tokens"],
  ])("of %s goes into %s", async (model, field) => {
    const server = await startChatServer(() => "ok");
    try {
      await openAiCompatibleModel({ baseUrl: server.url, model, maxTokens: 5 }).chat(REQUEST);
      expect(server.requests[0]?.body).toMatchObject({ [field]: 5 });
    } finally {
      await server.close();
    }
  });
});

test("a connection that stays open after the end marker does not hold the reply back for long", async () => {
  const server = await startChatServer(() => ({ text: "ok", fault: { kind: "endless", after: 0 } }));
  try {
    const reply = await openAiCompatibleModel({ baseUrl: server.url, model: "m" }).chat(REQUEST);
    expect(reply).toMatchObject({ text: "ok", usage: { estimated: false } });
    while (server.counts.aborted.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    await server.close();
  }
});

const OPTIONS: OpenAiCompatibleOptions = { baseUrl: "http://localhost:8000/v1/", model: "m", key: "k" };
const wireOf = (options: Partial<OpenAiCompatibleOptions> = {}) =>
  openAiWire({ ...OPTIONS, ...options }, new ServerLimits("m", options, options.maxTokensField));
const WITH_SCHEMA: ChatRequest = {
  messages: [{ role: "user", content: "hi" }],
  schema: { name: "script", schema: { type: "object" }, strict: true },
};

function bodyOf(options: Partial<OpenAiCompatibleOptions>): Record<string, unknown> {
  return JSON.parse(wireOf(options).body(WITH_SCHEMA));
}

describe("the request", () => {
  test("has nothing that was not asked for", () => {
    expect(bodyOf({})).toEqual({
      model: "m",
      messages: WITH_SCHEMA.messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(bodyOf({ stream: false })).toEqual({ model: "m", messages: WITH_SCHEMA.messages });
  });

  test("has the schema only when the replies are to be structured", () => {
    expect(bodyOf({ structured: true }).response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "script", schema: { type: "object" }, strict: true },
    });
  });

  test("has the sampling under the protocol's names, and further fields over ours", () => {
    const sampling = { temperature: 0, topP: 0.5, maxTokens: 9, seed: 7, stop: ["END"] };
    const body = bodyOf({
      ...sampling,
      maxTokensField: "max_completion_tokens",
      body: { top_k: 3, seed: 8 },
    });
    expect(body).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      max_completion_tokens: 9,
      stop: ["END"],
      top_k: 3,
      seed: 8,
    });
    expect(body).not.toHaveProperty("max_tokens");
  });

  test("goes to the right place with the key", () => {
    const wire = wireOf();
    expect(wire.url).toBe("http://localhost:8000/v1/chat/completions");
    expect(wire.headers.authorization).toBe("Bearer k");
    expect(
      openAiWire({ baseUrl: OPTIONS.baseUrl, model: "m" }, new ServerLimits("m", {})).headers,
    ).not.toHaveProperty("authorization");
  });
});

describe("an event", () => {
  const delta = (fields: unknown, finish: unknown = null) =>
    readOpenAiEvent(JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] }));

  test.each([
    [{ content: "a" }, { text: "a" }],
    [{ role: "assistant", content: "" }, {}],
    [{ content: null, reasoning_content: "r" }, { reasoning: "r" }],
    [{ content: "", reasoning: "r" }, { reasoning: "r" }],
    [
      {
        content: [
          { type: "thinking", thinking: [] },
          { type: "text", text: "a" },
        ],
      },
      { text: "a" },
    ],
    [{ refusal: "I cannot" }, { refusal: "I cannot", finish: "filter" }],
    [{ content: 7 }, {}],
    [null, {}],
  ])("%j", (fields, part) => {
    expect(delta(fields)).toEqual(part);
  });

  test.each([
    ["stop", "stop"],
    ["length", "length"],
    ["content_filter", "filter"],
    ["tool_calls", "tool"],
    ["eos_token", "stop"],
    ["constructor", "stop"],
  ])("finish reason %s is %s", (reason, finish) => {
    expect(delta({}, reason)).toEqual({ finish });
  });

  test.each(["error", "insufficient_system_resource", "abort"])("finish reason %s is a failure", (reason) => {
    expect(delta({}, reason).failure).toContain(reason);
  });

  test("usage, with the cache as OpenAI and as DeepSeek tell it", () => {
    const usage = (fields: unknown) => readOpenAiEvent(JSON.stringify({ choices: [], usage: fields })).usage;
    expect(
      usage({ prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } }),
    ).toEqual({ promptTokens: 9, completionTokens: 2, cachedTokens: 4 });
    expect(usage({ prompt_tokens: 9, completion_tokens: 2, prompt_cache_hit_tokens: 5 })?.cachedTokens).toBe(
      5,
    );
    expect(usage({ prompt_tokens: -1, completion_tokens: "2" })).toEqual({});
    expect(usage(null)).toBeUndefined();
  });

  test.each(["{", '{"choices":[', " {x}"])("%j is malformed", (data) => {
    expect(readOpenAiEvent(data).malformed).toBeTypeOf("string");
  });

  test.each(["", " ", "keepalive", "null", "[]", '"text"'])(
    "%j keeps a connection alive and no more",
    (data) => {
      expect(readOpenAiEvent(data)).toEqual({});
    },
  );

  test("the end marker, and an error object", () => {
    expect(readOpenAiEvent("[DONE]")).toEqual({ done: true });
    expect(readOpenAiEvent('{"error":{"message":"x"}}')).toEqual({ failure: '{"error":{"message":"x"}}' });
    expect(readOpenAiEvent('{"error":null,"choices":[]}')).toEqual({});
  });
});

test("a whole reply without choices is malformed", () => {
  const { readReply } = wireOf();
  expect(readReply('{"choices":[]}').malformed).toBeTypeOf("string");
  expect(readReply("{}").malformed).toBeTypeOf("string");
  expect(readReply('{"error":"no"}').failure).toBeTypeOf("string");
});

function chunk(delta: unknown, more: object = {}, finish: string | null = null): string {
  return JSON.stringify({ id: "1", choices: [{ index: 0, delta, finish_reason: finish }], ...more });
}

describe("deltaShortcut", () => {
  test("reads a usual stream without parsing its events again", () => {
    let reads = 0;
    const read = deltaShortcut((data) => {
      reads += 1;
      return readOpenAiEvent(data);
    });
    const texts = Array.from({ length: 100 }, (_, i) => `delta "${i}" \\ \n é`);
    expect(texts.map((content) => read(chunk({ content })).text)).toEqual(texts);
    expect(reads).toBe(1);
  });

  test("gives what the plain reader gives, whatever comes", () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'a:{}"\\\n\u0000\u2028é你', "😀", "\ud800") }),
      fc.constantFrom('"content":', 'a","content":"b', "", '\\"', '"}}]}', '"}, "finish_reason":"stop'),
    );
    const event = fc.oneof(
      { weight: 6, arbitrary: text.map((content) => chunk({ content })) },
      text.map((content) => chunk({ content, role: "assistant" })),
      text.map((content) => chunk({ content }, {}, "stop")),
      text.map((content) => chunk({ content, reasoning_content: "content" })),
      text.map((content) => chunk({ content }, { usage: { prompt_tokens: 1, completion_tokens: 2 } })),
      text.map((content) => chunk({ content }, { content })),
      text.map((content) => chunk({ content }, { obfuscation: content })),
      text.map((content) => chunk({ content }).slice(0, -1)),
      text.map((content) => chunk({ reasoning: content })),
      text.map((message) => JSON.stringify({ error: { message } })),
      fc.constantFrom(
        "[DONE]",
        "{",
        chunk({ content: 7 }),
        chunk({ content: ["a"] }),
        chunk({ content: null }),
      ),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const read = deltaShortcut(readOpenAiEvent);
        expect(events.map(read)).toEqual(events.map(readOpenAiEvent));
      }),
      { numRuns: 500 },
    );
  });
});
