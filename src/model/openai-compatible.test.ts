import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { openAiCompatibleModel } from "./openai-compatible.ts";
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
