import { afterEach, describe, expect, test } from "vitest";
import type { ChatErrorCode, Sampling } from "../chat-model.ts";
import type { HttpSettings } from "../http.ts";
import { holdBrokenStreams } from "./broken-stream-contract.ts";
import { type ChatHandler, type ChatServer, startChatServer } from "./chat-server.ts";
import { failureOf, KEY, type OpenModel, REQUEST, type Start, TEXT, until } from "./contract-ground.ts";
import type { ServedAnswer } from "./served-answer.ts";

const REFUSALS: readonly (readonly [number, ChatErrorCode])[] = [
  [400, "rejected-request"],
  [401, "unauthorized"],
  [402, "no-credit"],
  [404, "not-found"],
  [413, "rejected-request"],
  [429, "rate-limited"],
  [500, "overloaded"],
  [529, "overloaded"],
];

/** The contract of every {@link ChatModel} that talks to a provider, held against a real server. */
export function holdChatModelContract(name: string, open: OpenModel): void {
  const servers: ChatServer[] = [];
  const serve = async (answer: ServedAnswer | ChatHandler): Promise<ChatServer> => {
    const server = await startChatServer(typeof answer === "function" ? answer : () => answer);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const start = async (answer: ServedAnswer | ChatHandler, settings: HttpSettings & Sampling = {}) => {
    const server = await serve(answer);
    return { server, model: open({ baseUrl: server.url, key: KEY, ...settings }) };
  };

  for (const stream of [true, false]) {
    describe(`${name}, ${stream ? "streaming" : "whole replies"}`, () => {
      holdReplies(start, stream);
      holdWatches(start, stream);
      holdSignals(start, stream);
      holdFailures(start, stream);
    });
  }
  describe(`${name}, broken streams`, () => holdBrokenStreams(start));
}

function holdReplies(start: Start, stream: boolean): void {
  test("gives text, reasoning and usage", async () => {
    const { server, model } = await start({ text: TEXT, reasoning: "Hm.", cachedTokens: 3 }, { stream });
    const reply = await model.chat(REQUEST);
    expect(reply.text).toBe(TEXT);
    expect(reply.reasoning).toBe("Hm.");
    expect(reply.finish).toBe("stop");
    expect(reply.usage).toEqual({
      promptTokens: 7 + 2 + 2 + 2,
      completionTokens: Math.ceil(TEXT.length / 4) + 1,
      cachedTokens: 3,
      estimated: false,
    });
    expect(server.requests[0]?.stream).toBe(stream);
    expect(server.requests[0]?.messages).toEqual(REQUEST.messages);
  });

  test("keeps characters whole that are cut across chunks", async () => {
    const text = TEXT.slice(0, 90);
    const { model } = await start({ text, bytesPerWrite: 7 }, { stream });
    expect((await model.chat(REQUEST)).text).toBe(text);
  });

  test.each(["stop", "length", "filter"] as const)("tells that a reply ended by %s", async (finish) => {
    const { model } = await start({ text: "Once", finish }, { stream });
    expect((await model.chat(REQUEST)).finish).toBe(finish);
  });

  test("estimates the usage that the provider does not send", async () => {
    const { model } = await start({ text: "Once upon a time", usage: false }, { stream });
    const { usage } = await model.chat(REQUEST);
    expect(usage.estimated).toBe(true);
    expect(usage.promptTokens).toBeGreaterThan(0);
    expect(usage.completionTokens).toBeGreaterThan(0);
  });

  test("sends the sampling", async () => {
    const { server, model } = await start("ok", { stream, temperature: 0.5, topP: 0.9, maxTokens: 77 });
    await model.chat(REQUEST);
    expect(server.requests[0]?.body).toMatchObject({ temperature: 0.5, top_p: 0.9, max_tokens: 77 });
  });

  test("sends the same bytes for the same request", async () => {
    const { server, model } = await start("ok", { stream });
    await model.chat(REQUEST);
    await model.chat(REQUEST);
    expect(JSON.stringify(server.requests[0]?.body)).toBe(JSON.stringify(server.requests[1]?.body));
  });

  test("cuts a reply that is longer than the limit", async () => {
    const { model } = await start(
      { text: "x".repeat(5000), deltaLength: 10 },
      { stream, maxReplyLength: 100 },
    );
    const reply = await model.chat(REQUEST);
    expect(reply).toMatchObject({ text: "x".repeat(100), finish: "length" });
  });
}

function holdWatches(start: Start, stream: boolean): void {
  test("feeds watch with the text in order, a new watch for each call", async () => {
    const { model } = await start({ text: TEXT, deltaLength: 9 }, { stream });
    let watches = 0;
    let seen = "";
    const watch = () => {
      watches += 1;
      return (text: string) => {
        seen += text;
        return false;
      };
    };
    await model.chat(REQUEST, { watch });
    await model.chat(REQUEST, { watch });
    expect(watches).toBe(2);
    expect(seen).toBe(TEXT + TEXT);
  });

  test("stops when watch says so", async () => {
    const { model } = await start({ text: TEXT, deltaLength: 10, burst: 1, pause: 1 }, { stream });
    const reply = await model.chat(REQUEST, { watch: () => () => true });
    expect(reply.finish).toBe(stream ? "aborted" : "stop");
    expect(reply.text).toBe(stream ? TEXT.slice(0, 10) : TEXT);
    // A whole reply was bought in full, and the provider said how much that is.
    expect(reply.usage.estimated).toBe(stream);
  });

  test("rejects with what watch throws", async () => {
    const { model } = await start({ text: TEXT }, { stream });
    const defect = new RangeError("a defect");
    const watch = () => () => {
      throw defect;
    };
    await expect(model.chat(REQUEST, { watch })).rejects.toBe(defect);
  });
}

function holdSignals(start: Start, stream: boolean): void {
  test("rejects with the reason of a signal that has fired, sending nothing", async () => {
    const { server, model } = await start("ok", { stream });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(model.chat(REQUEST, { signal })).rejects.toThrow("enough");
    expect(server.counts.requests).toBe(0);
  });

  test("rejects with the signal's reason and frees the connection", async () => {
    const { server, model } = await start({ silence: true }, { stream });
    const controller = new AbortController();
    const call = model.chat(REQUEST, { signal: controller.signal });
    call.catch(() => {});
    await until(() => server.counts.running === 1);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await until(() => server.counts.running === 0);
    expect(server.counts.completed).toBe(0);
  });

  test("leaves no listener on the signal", async () => {
    const { model } = await start("ok", { stream });
    const { signal } = new AbortController();
    let listeners = 0;
    let added = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners += 1;
      added += 1;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...given);
    };
    await model.chat(REQUEST, { signal });
    expect(added).toBeGreaterThan(0);
    // A connection that is kept may let go of the signal one turn later.
    await until(() => listeners <= 0);
  });
}

function holdFailures(start: Start, stream: boolean): void {
  test.each(REFUSALS)("calls status %i %s", async (status, code) => {
    const { model } = await start({ status }, { stream });
    const error = await failureOf(model.chat(REQUEST));
    expect(error).toMatchObject({ code, status });
    expect(error.message).toContain(`served status ${status}`);
    expect(error.usage).toBeUndefined();
  });

  test("tells how long to wait", async () => {
    const { model } = await start({ status: 429, headers: { "retry-after": "7" } }, { stream });
    expect(await failureOf(model.chat(REQUEST))).toMatchObject({ retryAfter: 7000 });
  });

  test("never shows the key", async () => {
    const { model } = await start((asked) => ({ status: 400, body: JSON.stringify(asked.headers) }), {
      stream,
    });
    const error = await failureOf(model.chat(REQUEST));
    expect(error.message).not.toContain(KEY);
    expect(error.message).toContain("[redacted]");
  });

  test("gives up when nothing comes", async () => {
    const { model } = await start({ silence: true }, { stream, idleTimeout: 200, totalTimeout: 200 });
    const error = await failureOf(model.chat(REQUEST));
    expect(error.code).toBe("timeout");
    expect(error.usage).toMatchObject({ completionTokens: 0, estimated: true });
  });

  test.each([
    ["a refusal", { status: 500, unfinished: true }],
    ["a page", { status: 200, headers: { "content-type": "text/html" }, body: "<p>", unfinished: true }],
  ])("gives up %s that never ends", async (_kind, answer) => {
    const { server, model } = await start(answer, { stream, idleTimeout: 200, totalTimeout: 200 });
    await failureOf(model.chat(REQUEST));
    await until(() => server.counts.running === 0);
  });

  test("cannot reach a server that is gone", async () => {
    const { server, model } = await start("ok", { stream });
    await server.close();
    expect(await failureOf(model.chat(REQUEST))).toMatchObject({ code: "unreachable", status: undefined });
  });

  test("calls a cut connection unreachable", async () => {
    const { model } = await start({ text: TEXT, fault: { kind: "drop", after: 3 } }, { stream });
    expect((await failureOf(model.chat(REQUEST))).code).toBe("unreachable");
  });

  test("calls what is not JSON a bad reply", async () => {
    const { model } = await start({ text: TEXT, fault: { kind: "malformed", after: 3 } }, { stream });
    expect((await failureOf(model.chat(REQUEST))).code).toBe("bad-reply");
  });
}
